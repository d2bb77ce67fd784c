package org.postern.securitylogging.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.securitylogging.LoggedEvent;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLogException;
import org.postern.securitylogging.SecurityLogVerifier;
import org.postern.securitylogging.Sensitive;
import org.postern.securitylogging.Verification;
import org.postern.testkit.AskedClock;
import org.postern.testkit.Await;

class FileSecurityLogTest {

    private static final long BIG = 1 << 20;
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);

    @TempDir
    Path folder;

    private FileSecurityLog log;

    private FileSecurityLog open(long segmentBytes) {
        log = new FileSecurityLog(folder, segmentBytes, Duration.ofSeconds(20), CLOCK);
        return log;
    }

    @AfterEach
    void close() {
        if (log != null) {
            log.close();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A clock that runs an action each time it is read. */
    private static Clock asked(Runnable then) {
        return new AskedClock(() -> {
            then.run();
            return CLOCK.instant();
        });
    }

    private static SecurityEvent event(String object) {
        return new SecurityEvent.Quarantined(
                "dcc", "receive-response", object, "same identity, other content", "ab".repeat(32));
    }

    private void write(int count, long segmentBytes) {
        open(segmentBytes);
        for (int i = 0; i < count; i++) {
            log.append(event("object " + i));
        }
        log.close();
    }

    private Path segment(int number) {
        return Segments.file(folder, number);
    }

    private List<String> lines(int number) throws IOException {
        return new ArrayList<>(Files.readAllLines(segment(number)));
    }

    private void rewrite(int number, List<String> lines) throws IOException {
        segment(number).toFile().setWritable(true);
        Files.writeString(segment(number), String.join("\n", lines) + "\n");
    }

    private Verification verify() {
        return SecurityLogVerifier.verify(folder);
    }

    @Test
    void anAppendedEventIsReadBackAndVerifies() {
        open(BIG);
        long number = log.append(event("response 1"));
        assertThat(log.tail(1)).singleElement().satisfies(e -> {
            assertThat(e.number()).isEqualTo(number);
            assertThat(e.id()).isEqualTo("SL-206");
            assertThat(e.at()).isEqualTo(CLOCK.instant());
            assertThat(e.channel()).isEqualTo("receive-response");
            assertThat(e.object()).isEqualTo("response 1");
            assertThat(e.outcome()).isEqualTo("REFUSED");
            assertThat(e.details()).containsEntry("reason", "same identity, other content");
        });
        assertThat(log.verify().intact()).isTrue();
        assertThat(log.verify().records()).isEqualTo(2);
    }

    @Test
    void everyRecordThatHasReturnedIsOnDiskAlreadyWithoutClosing() {
        open(BIG);
        for (int i = 0; i < 50; i++) {
            long number = log.append(event("x"));
            assertThat(verify().lastNumber()).isEqualTo(number);
        }
    }

    /** A disk that hangs, simulated by the clock, which the writer reads for each record. */
    @Test
    void anEventWhoseCallerNoLongerWaitsIsNotWritten() throws Exception {
        CountDownLatch stalled = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean stall = new AtomicBoolean();
        log = new FileSecurityLog(folder, BIG, Duration.ofMillis(50), asked(() -> {
            if (stall.getAndSet(false)) {
                stalled.countDown();
                awaitQuietly(goOn);
            }
        }));
        stall.set(true);
        // on a busy machine the caller may time out before the writer takes its event
        Await.until("the writer has taken an event", Duration.ofSeconds(20), () -> {
            assertThat(catchThrowableOfType(SecurityLogException.class, () -> log.append(event("in progress"))))
                    .isNotNull();
            return stalled.getCount() == 0;
        });
        assertThat(catchThrowableOfType(SecurityLogException.class, () -> log.append(event("timed out"))))
                .isNotNull();
        goOn.countDown();

        Await.until(
                "the log continues",
                Duration.ofSeconds(20),
                () -> catchThrowableOfType(SecurityLogException.class, () -> log.append(event("last"))) == null);
        assertThat(log.tail(10))
                .extracting(LoggedEvent::object)
                .contains("in progress", "last")
                .doesNotContain("timed out");
        assertThat(log.verify().intact()).isTrue();
    }

    @Test
    void anErrorRefusesItsRecordsAndTheNextAreWritten() {
        AtomicBoolean fail = new AtomicBoolean();
        log = new FileSecurityLog(folder, BIG, Duration.ofSeconds(20), asked(() -> {
            if (fail.getAndSet(false)) {
                throw new OutOfMemoryError("simulated");
            }
        }));
        fail.set(true);
        assertThat(catchThrowableOfType(SecurityLogException.class, () -> log.append(event("too large"))))
                .hasCauseInstanceOf(OutOfMemoryError.class);
        log.append(event("next"));
        assertThat(log.tail(10))
                .extracting(LoggedEvent::object)
                .contains("next")
                .doesNotContain("too large");
        assertThat(log.verify().intact()).isTrue();
    }

    @Test
    void segmentsAreSealedAndTheChainRunsThroughThemAndThroughRestarts() throws Exception {
        write(100, 4000);
        write(100, 4000);
        Verification found = verify();
        assertThat(found.findings()).isEmpty();
        assertThat(found.segments()).isGreaterThan(5);
        assertThat(lines(1).get(lines(1).size() - 1)).contains("SL-009");
        open(BIG);
        List<LoggedEvent> tail = log.tail(150);
        assertThat(tail).hasSize(150);
        assertThat(tail.get(149).number()).isEqualTo(log.verify().lastNumber());
        for (int i = 1; i < tail.size(); i++) {
            assertThat(tail.get(i).number()).isEqualTo(tail.get(i - 1).number() + 1);
        }
    }

    @Test
    void manyThreadsEachGetTheirOwnNumber() throws Exception {
        open(BIG);
        Set<Long> numbers = ConcurrentHashMap.newKeySet();
        ExecutorService threads = Executors.newFixedThreadPool(32);
        try {
            List<Callable<Boolean>> work = new ArrayList<>();
            for (int i = 0; i < 2000; i++) {
                String object = "o" + i;
                work.add(() -> numbers.add(log.append(event(object))));
            }
            for (var done : threads.invokeAll(work)) {
                assertThat(done.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(numbers).hasSize(2000);
        assertThat(verify().intact()).isTrue();
    }

    @Test
    void anyChangedByteIsFound() throws Exception {
        write(6, BIG);
        byte[] bytes = Files.readAllBytes(segment(1));
        for (int i = 0; i < bytes.length; i += 7) {
            byte[] changed = bytes.clone();
            changed[i] ^= 1;
            Files.write(segment(1), changed);
            assertThat(verify().intact()).as("byte " + i).isFalse();
        }
        Files.write(segment(1), bytes);
        assertThat(verify().intact()).isTrue();
    }

    @Test
    void removedReorderedInsertedAndCutOffRecordsAreFound() throws Exception {
        write(6, BIG);
        List<String> good = lines(1);
        List<String> removed = new ArrayList<>(good);
        removed.remove(3);
        List<String> swapped = new ArrayList<>(good);
        swapped.set(3, good.get(4));
        swapped.set(4, good.get(3));
        List<String> doubled = new ArrayList<>(good);
        doubled.add(3, good.get(3));
        List<String> cut = good.subList(0, good.size() - 1);
        for (List<String> changed : List.of(removed, swapped, doubled, cut, List.<String>of())) {
            rewrite(1, changed);
            assertThat(verify().intact()).isFalse();
        }
        rewrite(1, good);
        assertThat(verify().intact()).isTrue();
    }

    @Test
    void aMissingSegmentOrSealIsFound() throws Exception {
        write(100, 4000);
        List<String> first = lines(1);
        rewrite(1, first.subList(0, first.size() - 1));
        assertThat(verify().intact()).isFalse();
        rewrite(1, first);
        assertThat(verify().intact()).isTrue();
        Files.delete(segment(2));
        assertThat(verify().findings())
                .extracting(Verification.Finding::problem)
                .anyMatch(p -> p.contains("segment 2 was expected"));
    }

    @Test
    void aRewrittenLogWithItsHeadIsFoundByAnAnchor() throws Exception {
        write(5, BIG);
        Verification before = verify();
        Files.delete(segment(1));
        Files.delete(folder.resolve("head"));
        write(9, BIG);
        assertThat(verify().intact()).isTrue();
        assertThat(SecurityLogVerifier.verify(folder, before.lastNumber(), before.lastHash())
                        .intact())
                .as("same events, same clock")
                .isTrue();
        Files.delete(segment(1));
        Files.delete(folder.resolve("head"));
        open(BIG);
        log.append(event("another history"));
        log.close();
        assertThat(SecurityLogVerifier.verify(folder, before.lastNumber(), before.lastHash())
                        .intact())
                .isFalse();
    }

    @Test
    void aTornLastRecordIsRemovedAndTheRemovalIsRecorded() throws Exception {
        write(5, BIG);
        byte[] bytes = Files.readAllBytes(segment(1));
        int lastLine =
                new String(bytes, StandardCharsets.US_ASCII).stripTrailing().lastIndexOf('\n') + 1;
        for (int cut : List.of(lastLine + 1, lastLine + 40, lastLine + 100, bytes.length - 1)) {
            Files.write(segment(1), java.util.Arrays.copyOf(bytes, cut));
            // the simulated crash happens before the head is written
            Files.writeString(folder.resolve("head"), "");
            open(BIG);
            assertThat(log.tail(1).get(0).id()).isEqualTo("SL-002");
            assertThat(log.tail(1).get(0).details()).containsEntry("bytes", String.valueOf(cut - lastLine));
            log.append(event("continues"));
            log.close();
            assertThat(verify().findings()).isEmpty();
        }
    }

    @Test
    void aHeadThatAPowerFailureLostIsRestoredBeforeTheNextRecord() throws Exception {
        write(5, BIG);
        for (String left : List.of("", "000000000000000003 ")) {
            Files.writeString(folder.resolve("head"), left);
            write(0, BIG);
            assertThat(verify().findings()).isEmpty();
        }
    }

    @Test
    void aCrashWhileASegmentBeginsIsSurvived() throws Exception {
        write(100, 4000);
        int newest = Segments.all(folder).size();
        byte[] bytes = Files.readAllBytes(segment(newest));
        for (int cut : List.of(0, 1, 100)) {
            Files.write(segment(newest), java.util.Arrays.copyOf(bytes, cut));
            Files.writeString(folder.resolve("head"), "");
            open(BIG);
            log.append(event("continues"));
            log.close();
            assertThat(verify().findings()).isEmpty();
        }
    }

    @Test
    void recordsMissingAtTheEndAreReportedByEveryLaterVerification() throws Exception {
        write(8, BIG);
        List<String> good = lines(1);
        rewrite(1, good.subList(0, 5));
        write(20, BIG);
        assertThat(verify().findings())
                .singleElement()
                .satisfies(f -> assertThat(f.problem()).contains("were missing"));
        write(1, BIG);
        assertThat(verify().intact()).isFalse();
    }

    @Test
    void aLogWhoseNewestSegmentIsDamagedIsNotOpened() throws Exception {
        write(5, BIG);
        List<String> lines = lines(1);
        lines.set(2, lines.get(2).replace("object 1", "object 7"));
        rewrite(1, lines);
        SecurityLogException refused = catchThrowableOfType(SecurityLogException.class, () -> open(BIG));
        assertThat(refused.fault().code()).isEqualTo("PST-8003");
    }

    @Test
    void twoWritersCannotShareALog() {
        open(BIG);
        assertThat(catchThrowableOfType(
                                SecurityLogException.class,
                                () -> new FileSecurityLog(folder, BIG, Duration.ofSeconds(1), CLOCK))
                        .fault()
                        .code())
                .isEqualTo("PST-8001");
    }

    @Test
    void afterClosingAppendingFailsAtOnce() {
        open(BIG).close();
        assertThat(catchThrowableOfType(SecurityLogException.class, () -> log.append(event("late")))
                        .fault()
                        .code())
                .isEqualTo("PST-8001");
    }

    @Test
    void appendingFailsWhileTheDiskFailsAndSucceedsAfterwards() throws Exception {
        open(4000);
        // the next segment cannot be created, because a folder has its name
        Files.createDirectory(segment(2));
        List<String> refused = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            try {
                log.append(event("object " + i));
            } catch (SecurityLogException e) {
                refused.add(e.fault().code());
            }
        }
        assertThat(refused).isNotEmpty().containsOnly("PST-8001");
        Files.delete(segment(2));
        log.append(event("back"));
        assertThat(verify().intact()).isTrue();
        assertThat(log.tail(1).get(0).object()).isEqualTo("back");
    }

    /** Health checks read this state; recovery must not depend on requests, which a load balancer may keep away. */
    @Test
    void aLogThatCannotBeWrittenReportsTroubleAndRecoversWithoutANewEvent() throws Exception {
        open(4000);
        assertThat(log.trouble()).isEmpty();
        Files.createDirectory(segment(2));
        Await.until("a record is refused", Duration.ofSeconds(20), () -> {
            try {
                log.append(event("object"));
                return false;
            } catch (SecurityLogException e) {
                return true;
            }
        });
        assertThat(log.trouble())
                .hasValueSatisfying(fault -> assertThat(fault.code()).isEqualTo("PST-8001"));
        Files.delete(segment(2));
        Await.until(
                "the log has recovered",
                Duration.ofSeconds(20),
                () -> log.trouble().isEmpty());
        log.append(event("back"));
        assertThat(verify().intact()).isTrue();
    }

    /** A write to a file that was deleted while open succeeds, but the record is lost. */
    @Test
    void theRemovalOfASegmentIsDetectedAndRecorded() throws Exception {
        open(BIG);
        for (int i = 0; i < 5; i++) {
            log.append(event("object " + i));
        }
        for (boolean everything : List.of(false, true)) {
            Files.delete(segment(1));
            if (everything) {
                Files.delete(folder.resolve("head"));
            }
            log.append(event("later"));
            assertThat(Files.readString(segment(1))).contains("later");
            assertThat(verify().findings())
                    .as("everything gone: " + everything)
                    .isNotEmpty()
                    .anySatisfy(finding -> assertThat(finding.problem()).contains("were missing"));
        }
    }

    @Test
    void aFieldCannotForgeAnotherRecord() throws Exception {
        open(BIG);
        String forged = "x\n" + "0".repeat(64) + " {\"n\":3}\r\u2028\u001b[2J\u202e";
        log.append(new SecurityEvent.AccessRefused(forged, forged, forged, "PST-2001", forged));
        log.append(new SecurityEvent.ConfigurationChanged("admin", "a".repeat(100_000), List.of("x\ny")));
        assertThat(lines(1)).hasSize(3);
        assertThat(Files.readString(segment(1))).matches("[\\n\\x20-\\x7e]*");
        assertThat(log.tail(2).get(0).actor()).doesNotContain("\n", "\r", "\u001b", "\u2028", "\u202e");
        assertThat(log.tail(1).get(0).object().length()).isLessThan(600);
        assertThat(verify().intact()).isTrue();
    }

    @Test
    void aSensitiveValueIsNeverWritten() throws Exception {
        open(BIG);
        log.append(new SecurityEvent.CorrelationFailed(
                "correlator", "id", "TopUp/UTRN", Sensitive.of("73946144332040217315"), "", "equal"));
        assertThat(Files.readString(segment(1)))
                .doesNotContain("73946144332040217315")
                .contains("\"expected\":\"***\"");
    }

    /** A verifier of the previous release requires {@code door}; the member is written for one more release. */
    @Test
    void aRecordHasItsChannelUnderTheFormerNameToo() throws Exception {
        open(BIG);
        log.append(event("response 1"));

        assertThat(lines(1).get(1)).contains("\"channel\":\"receive-response\"", "\"door\":\"receive-response\"");
    }

    @Test
    void aLogOfAnEarlierReleaseWithoutTheChannelIsReadAndVerified() throws Exception {
        write(2, BIG);
        List<String> former = new ArrayList<>();
        byte[] hash = Records.GENESIS;
        for (String line : lines(1)) {
            byte[] json = line.substring(Records.PREFIX)
                    .replaceFirst("\"channel\":\"[a-z-]*\",", "")
                    .getBytes(StandardCharsets.US_ASCII);
            hash = Records.link(hash, json, 0, json.length);
            former.add(new String(Records.line(hash, json), StandardCharsets.US_ASCII).stripTrailing());
        }
        rewrite(1, former);
        Files.delete(folder.resolve("head"));

        open(BIG);
        assertThat(log.tail(1))
                .singleElement()
                .satisfies(e -> assertThat(e.channel()).isEqualTo("receive-response"));
        log.append(event("of this release"));
        log.close();
        assertThat(lines(1).get(0)).contains("\"door\"").doesNotContain("\"channel\"");
        assertThat(verify().findings()).isEmpty();
    }
}
