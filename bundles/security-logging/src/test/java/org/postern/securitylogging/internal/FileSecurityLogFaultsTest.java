package org.postern.securitylogging.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.Sha256;
import org.postern.securitylogging.LoggedEvent;
import org.postern.securitylogging.OpenSecurityLog;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLogException;
import org.postern.securitylogging.SecurityLogVerifier;
import org.postern.securitylogging.standalone.SecurityLogFiles;
import org.postern.testkit.Await;

/** Files, bounds and failures of the security log. */
class FileSecurityLogFaultsTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Duration OFTEN = Duration.ofMillis(20);
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);

    @TempDir
    Path folder;

    private FileSecurityLog log;

    private FileSecurityLog open(long segmentBytes) {
        log = new FileSecurityLog(folder, segmentBytes, TIMEOUT, CLOCK, OFTEN);
        return log;
    }

    @AfterEach
    void close() {
        if (log != null) {
            log.close();
        }
    }

    private static SecurityEvent event(String object) {
        return new SecurityEvent.Quarantined("dcc", "receive-response", object, "reason", "ab".repeat(32));
    }

    private Path first() {
        return Segments.file(folder, 1);
    }

    private String refusal(Runnable work) {
        SecurityLogException refused = catchThrowableOfType(SecurityLogException.class, work::run);
        assertThat(refused).as("a refusal").isNotNull();
        return refused.fault().code();
    }

    @Test
    void recordsAreNumberedInTheirOrderAndTheHeadNamesTheLast() throws Exception {
        open(1 << 20);
        assertThat(log.append(event("a"))).isEqualTo(2);
        assertThat(log.append(event("b"))).isEqualTo(3);
        LoggedEvent last = log.tail(1).get(0);
        assertThat(last.number()).isEqualTo(3);
        assertThat(Files.readString(folder.resolve("head"))).isEqualTo("000000000000000003 " + last.hash() + "\n");
    }

    @Test
    void aSegmentIsSealedWhenItHasReachedItsSizeAndIsReadOnlyFromThenOn() throws Exception {
        open(1 << 20).append(event("a"));
        log.close();
        long size = Files.size(first());
        Files.delete(first());
        Files.delete(folder.resolve("head"));
        open(size + 1).append(event("a"));
        assertThat(Segments.all(folder)).hasSize(1);
        log.close();
        Files.delete(first());
        Files.delete(folder.resolve("head"));
        open(size).append(event("a"));
        assertThat(Segments.all(folder)).hasSize(2);
        assertThat(Files.getPosixFilePermissions(first()))
                .doesNotContain(
                        PosixFilePermission.OWNER_WRITE,
                        PosixFilePermission.GROUP_WRITE,
                        PosixFilePermission.OTHERS_WRITE);
        List<LoggedEvent> tail = log.tail(2);
        assertThat(tail.get(0).id()).isEqualTo("SL-009");
        assertThat(tail.get(0).object()).isEqualTo("security-00000001.log");
        assertThat(tail.get(1).id()).isEqualTo("SL-001");
        assertThat(tail.get(1).object()).isEqualTo("security-00000002.log");
        assertThat(tail.get(1).details()).containsEntry("previous", tail.get(0).hash());
        assertThat(log.verify().intact()).isTrue();
    }

    @Test
    void theFirstSegmentHasNoPredecessor() {
        open(1 << 20);
        assertThat(log.tail(1).get(0).details()).containsEntry("previous", "0".repeat(64));
    }

    @Test
    void theRemovalOfATornRecordIsRecordedWithItsLengthAndDigest() throws Exception {
        open(1 << 20).append(event("a"));
        log.close();
        long size = Files.size(first());
        byte[] torn = "x".repeat(70_000).getBytes(StandardCharsets.US_ASCII);
        Files.write(first(), torn, StandardOpenOption.APPEND);
        open(1 << 20);
        LoggedEvent cut = log.tail(1).get(0);
        assertThat(cut.id()).isEqualTo("SL-002");
        assertThat(cut.object()).isEqualTo("security-00000001.log");
        assertThat(cut.details()).containsEntry("bytes", "70000").containsEntry("sha256", Sha256.hex(torn));
        assertThat(Files.size(first())).isLessThan(size + 1000);
        assertThat(log.verify().intact()).isTrue();
    }

    @Test
    void aRefusedLogCanBeOpenedInTheSameProcessAfterItsRepair() throws Exception {
        open(1 << 20).append(event("a"));
        log.close();
        String right = Files.readString(first());
        Files.writeString(first(), right.replace("\"object\":\"a\"", "\"object\":\"b\""));
        assertThat(refusal(() -> open(1 << 20))).isEqualTo("PST-8003");
        Files.writeString(first(), right);
        open(1 << 20).append(event("c"));
        assertThat(log.verify().intact()).isTrue();
    }

    @Test
    void aFolderThatCannotBeCreatedIsRefusedAndAnotherLogCanBeOpened() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThat(refusal(() -> new FileSecurityLog(file, 1, TIMEOUT, CLOCK))).isEqualTo("PST-8001");
        Files.createDirectory(folder.resolve("head"));
        assertThat(refusal(() -> open(1 << 20))).isEqualTo("PST-8001");
        Files.delete(folder.resolve("head"));
        open(1 << 20).append(event("a"));
    }

    @Test
    void aChainThatBreaksWhileTheLogIsOpenIsReportedAndNothingIsAppended() throws Exception {
        open(1 << 20).append(event("a"));
        String right = Files.readString(first());
        Files.delete(first());
        Files.writeString(first(), right.replace("\"object\":\"a\"", "\"object\":\"b\""));
        assertThat(refusal(() -> log.append(event("c")))).isEqualTo("PST-8003");
        assertThat(log.trouble())
                .hasValueSatisfying(fault -> assertThat(fault.code()).isEqualTo("PST-8003"));
        assertThat(Files.readString(first())).doesNotContain("\"object\":\"c\"");
        Files.delete(first());
        Files.writeString(first(), right);
        Await.until("it can be written again", TIMEOUT, () -> log.trouble().isEmpty());
        log.append(event("d"));
        assertThat(log.verify().intact()).isTrue();
        assertThat(folder.resolve(".room")).as("the file of the attempt").doesNotExist();
    }

    @Test
    void aRemovedFolderIsReportedToReadersAsWell() throws Exception {
        open(1 << 20).append(event("a"));
        for (String name : List.of("head", "lock", "security-00000001.log")) {
            Files.delete(folder.resolve(name));
        }
        Files.delete(folder);
        assertThat(refusal(() -> log.tail(1))).isEqualTo("PST-8002");
        assertThat(refusal(() -> log.verify())).isEqualTo("PST-8002");
        assertThat(refusal(() -> log.append(event("b")))).isEqualTo("PST-8001");
        Await.until("the folder is made again", TIMEOUT, () -> log.trouble().isEmpty());
        log.append(event("c"));
        assertThat(log.tail(9)).extracting(LoggedEvent::id).contains("SL-003");
    }

    @Test
    void anInterruptedCallerIsRefusedAndStaysInterrupted() {
        open(1 << 20);
        Thread.currentThread().interrupt();
        assertThat(refusal(() -> log.append(event("a")))).isEqualTo("PST-8001");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aFailureWithoutMessageIsReportedByItsClass() {
        log = new FileSecurityLog(folder, 1 << 20, TIMEOUT, new org.postern.testkit.AskedClock(() -> {
            if (log != null) {
                throw new IllegalStateException();
            }
            return CLOCK.instant();
        }));
        SecurityLogException refused = catchThrowableOfType(SecurityLogException.class, () -> log.append(event("a")));
        assertThat(refused.fault().cause()).isEqualTo("IllegalStateException");
    }

    @Test
    void aLogIsOpenedInAFolderWithoutTheAppliance() {
        try (OpenSecurityLog other = SecurityLogFiles.open(folder, 1 << 20, TIMEOUT, CLOCK)) {
            assertThat(other.append(event("a"))).isEqualTo(2);
        }
        assertThat(SecurityLogVerifier.verify(folder).records()).isEqualTo(2);
    }
}
