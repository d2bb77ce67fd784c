package org.postern.intake.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.appliance.AllowedFiles;
import org.postern.camelruntime.Metrics;
import org.postern.catalogue.Channel;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.ServiceRequestFault;
import org.postern.servicerequests.ServiceRequests;
import org.postern.servicerequests.Submission;
import org.postern.testkit.AskedClock;

/** Files in the states in which writers leave them: incomplete, touched, with equal names, links. */
class FileInterfaceTest {

    private static final String HEAD = "service,device,role,topUp.pence\n";
    private static final Duration SETTLE = Duration.ofSeconds(2);

    @TempDir
    Path folder;

    /** The admitted requests by correlation id, as a ledger stores them. */
    private final Map<String, String> admitted = new ConcurrentHashMap<>();

    private final AtomicInteger submissions = new AtomicInteger();
    private Function<Submission, Admission> answer = this::admit;
    private long nanos;
    private long random;
    private Instant wall = Instant.parse("2026-12-01T02:00:00Z");
    private boolean timeTrusted = true;
    private Runnable beforeClaim = () -> {};
    private FileInterface fileInterface;

    @BeforeEach
    void open() throws IOException {
        ServiceRequests requests = (ServiceRequests) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ServiceRequests.class},
                (proxy, method, arguments) -> answer.apply((Submission) arguments[0]));
        Metrics metrics = (Metrics) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Metrics.class}, (proxy, method, arguments) -> null);
        Spool spool = new Spool(
                folder,
                new AllowedFiles(List.of(folder), List.of(folder.resolve("ledger")), List.of()),
                SETTLE,
                clock(),
                () -> nanos,
                bound -> {
                    beforeClaim.run();
                    return random++;
                },
                () -> timeTrusted);
        fileInterface = new FileInterface(
                new IntakeChannel(Channel.FILE, () -> requests, () -> null, metrics), spool, 2000, 1 << 20);
    }

    private Clock clock() {
        return new AskedClock(() -> wall);
    }

    @AfterEach
    void close() {
        fileInterface.close();
    }

    private void submitAgain() throws Exception {
        Files.writeString(folder.resolve("tops.csv"), HEAD + row(1, 700));
        settle();
    }

    /** The clock is reported as untrusted up to a second after the jump, and a poll may happen between the two. */
    @Test
    void claimsAreNotDeletedWhileTheClockIsWrongOrUntrusted() throws Exception {
        submitAgain();
        assertThat(admitted).hasSize(1);
        Instant right = wall;
        wall = right.plus(Duration.ofDays(9 * 365));
        watch();
        timeTrusted = false;
        watch();
        watch();
        wall = right;
        timeTrusted = true;
        watch();
        submitAgain();
        assertThat(admitted)
                .as("the same batch is refused when it is submitted again")
                .hasSize(1);
    }

    @Test
    void claimsMadeWithTheClockFarBehindAreNotDeletedWhenItIsCorrected() throws Exception {
        Files.writeString(folder.resolve("first.csv"), HEAD + row(9, 100));
        settle();
        Instant right = wall;
        wall = Instant.parse("1970-01-01T00:00:00Z");
        submitAgain();
        assertThat(admitted).hasSize(2);
        wall = right;
        watch();
        watch();
        watch();
        submitAgain();
        assertThat(admitted)
                .as("the same batch is refused when it is submitted again")
                .hasSize(2);
    }

    @Test
    void claimsAreDeletedAfterTheirRetentionTime() throws Exception {
        submitAgain();
        wall = wall.plus(Duration.ofDays(91));
        watch();
        watch();
        submitAgain();
        assertThat(admitted).hasSize(2);
    }

    private Admission admit(Submission submission) {
        submissions.incrementAndGet();
        String text = new String(submission.bytes(), UTF_8);
        if (text.contains("refuse")) {
            return Admission.Refused.permanent(
                    "r", ServiceRequestFault.SERVICE_NOT_FOR_ROLE.fault("service", "may not send this"));
        }
        String before = admitted.putIfAbsent(submission.correlationId().orElseThrow(), text);
        assertThat(before).as("one correlation id has one content").isIn(null, text);
        return new Admission.Accepted("id-" + submission.correlationId().get(), "A:B:1", before != null);
    }

    @Test
    void anIncompleteLineIsNotReadHoweverLongItsWriterPauses() throws Exception {
        Path file = folder.resolve("tops.csv");
        Files.writeString(file, HEAD + row(1, 700) + "2.2,00-02,IS,12");
        settle();
        settle();
        assertThat(admitted.values()).containsExactly(json(1, 700));
        assertThat(report("done/tops.csv")).anyMatch(line -> line.startsWith("3,rejected,,,PST-7310"));
        // the writer continues in the file that it has open
        String rest =
                "50\n" + IntStream.range(3, 31).mapToObj(n -> row(n, 100 + n)).collect(Collectors.joining());
        Files.writeString(folder.resolve("done/tops.csv"), rest, StandardOpenOption.APPEND);
        watch();
        settle();
        assertThat(admitted.values())
                .hasSize(30)
                .contains(json(2, 1250), json(30, 130))
                .doesNotContain(json(2, 12));
        assertThat(report("done/tops.csv"))
                .filteredOn(line -> line.contains("admitted"))
                .hasSize(30);
    }

    @Test
    void aNameThatIsTooLongForItsReportIsShortenedAndDelaysNoOtherFile() throws Exception {
        String name = "a".repeat(255 - 4) + ".csv";
        Files.writeString(folder.resolve(name), HEAD + row(1, 700));
        settle();
        settle();
        Files.writeString(folder.resolve("tops.csv"), HEAD + row(2, 800));
        settle();
        settle();
        assertThat(report("done/tops.csv")).anyMatch(line -> line.contains("admitted"));
        try (var done = Files.list(folder.resolve("done"))) {
            assertThat(done.map(file -> file.getFileName().toString()))
                    .hasSize(4)
                    .anyMatch(file -> file.matches("a+\\.csv"))
                    .anyMatch(file -> file.matches("a+\\.csv\\.report\\.csv"));
        }
        assertThat(admitted).hasSize(2);
    }

    /** The folder for processed files is on another file system. */
    @Test
    void processedFilesMayBeMovedToAnotherFileSystem() throws Exception {
        Path memory = Path.of("/dev/shm");
        assumeTrue(
                Files.isWritable(memory) && !Files.getFileStore(memory).equals(Files.getFileStore(folder)),
                "one file system alone");
        Path archive = Files.createTempDirectory(memory, "postern-done");
        try {
            Files.delete(folder.resolve("done"));
            Files.createSymbolicLink(folder.resolve("done"), archive);
            Files.writeString(folder.resolve("tops.csv"), HEAD + row(1, 700));
            settle();
            settle();
            assertThat(report("done/tops.csv")).anyMatch(line -> line.contains("admitted"));
            assertThat(archive.resolve("tops.csv")).hasContent(HEAD + row(1, 700));
            assertThat(folder.resolve(".work")).isEmptyDirectory();
            assertThat(admitted).hasSize(1);
        } finally {
            try (var files = Files.list(archive)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(archive);
        }
    }

    /** Like a file of another user that only that user may read. */
    @Test
    void aFileThatCannotBeOpenedDelaysNoOther() throws Exception {
        Path gone = Files.writeString(folder.resolve("a.csv"), HEAD + row(1, 700));
        Files.writeString(folder.resolve("b.csv"), HEAD + row(2, 800));
        fileInterface.poll();
        nanos += SETTLE.toNanos();
        beforeClaim = () -> {
            try {
                Files.deleteIfExists(gone);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        };
        fileInterface.poll();
        assertThat(admitted.values()).containsExactly(json(2, 800));
    }

    @Test
    void aFileThatIsStillBeingWrittenIsNotClaimed() throws Exception {
        Path file = folder.resolve("tops.csv");
        Files.writeString(file, HEAD);
        for (int n = 1; n <= 5; n++) {
            nanos += SETTLE.toNanos() / 2;
            Files.writeString(file, row(n, n), StandardOpenOption.APPEND);
            fileInterface.poll();
        }
        assertThat(admitted).isEmpty();
        settle();
        settle();
        assertThat(admitted).hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 255, 256, 257, 600, 700})
    void aCrashAtAnyLineAndATouchAfterItMakeNoLineTwice(int crashAt) throws Exception {
        int rows = 700;
        Path file = Files.writeString(
                folder.resolve("tops.csv"),
                HEAD + IntStream.rangeClosed(1, rows).mapToObj(n -> row(n, n)).collect(Collectors.joining()));
        answer = submission -> {
            if (submissions.get() >= crashAt - 1) {
                throw new IllegalStateException("the process ends here");
            }
            return admit(submission);
        };
        settle();
        settle();
        close();
        answer = this::admit;
        if (Files.exists(file)) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(60)));
        }
        open();
        settle();
        settle();
        assertThat(admitted).hasSize(rows);
        assertThat(admitted.values()).doesNotHaveDuplicates();
        assertThat(report("done/tops.csv")).hasSize(rows + 1).doesNotHaveDuplicates();
    }

    @Test
    void nextMonthsFileOfTheSameNameAndTimeIsAnotherFile() throws Exception {
        FileTime time = FileTime.from(Instant.parse("2026-11-01T00:00:00Z"));
        drop("tops.csv", HEAD + row(1, 1000) + row(2, 1000), time);
        settle();
        drop("tops.csv", HEAD + row(1, 1000) + row(3, 1000), time);
        settle();
        assertThat(admitted.values())
                .containsExactlyInAnyOrder(json(1, 1000), json(2, 1000), json(1, 1000), json(3, 1000));
        assertThat(folder.resolve("done/tops.csv.2")).exists();
    }

    @Test
    void theSameBytesUnderTheSameNameAreRefusedWithTheReasonAndAcceptedUnderAnother() throws Exception {
        drop("tops.csv", HEAD + row(1, 1000), null);
        settle();
        drop("tops.csv", HEAD + row(1, 1000), null);
        settle();
        assertThat(admitted).hasSize(1);
        assertThat(report("rejected/tops.csv"))
                .anyMatch(line -> line.contains("PST-7311") && line.contains("done/tops.csv"));
        drop("tops-december.csv", HEAD + row(1, 1000), null);
        settle();
        assertThat(admitted).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "service,device,role,device|twice",
                "service;device;role|separator",
                "2.2,00-01,IS,700|header",
                "service,device,,role|without a name",
                "service,device,role,topUp,topUp.pence|parts as well",
                "service,device.a,role|no parts",
                "service,\"device,role|quote"
            })
    void aHeaderThatCannotBeMeantIsNamedAndNoLineIsTaken(String header, String said) throws Exception {
        drop("tops.csv", header + "\n2.2,00-01,IS,700\n", null);
        settle();
        assertThat(admitted).isEmpty();
        assertThat(report("rejected/tops.csv").get(1))
                .startsWith("1,rejected,,,PST-7313")
                .contains(said);
    }

    @Test
    void linesThatAreNotUtf8AreRefused() throws Exception {
        byte[] bytes = (HEAD + row(1, 1) + "2.2,00-\u00e9,IS,5\n" + row(3, 3))
                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        Files.write(folder.resolve("tops.csv"), bytes);
        settle();
        settle();
        assertThat(admitted.values()).containsExactlyInAnyOrder(json(1, 1), json(3, 3));
        assertThat(report("done/tops.csv").get(2))
                .startsWith("3,rejected,,,PST-7309")
                .contains("UTF-8");
    }

    @Test
    void linksAreNotOpened() throws Exception {
        Path secret = Files.writeString(
                Files.createDirectory(folder.resolve("elsewhere")).resolve("ledger.db"), HEAD + row(1, 1));
        Files.createSymbolicLink(folder.resolve("soft.csv"), secret);
        Files.createLink(folder.resolve("hard.csv"), secret);
        settle();
        settle();
        assertThat(admitted).isEmpty();
        assertThat(folder.resolve("rejected/hard.csv")).exists();
        assertThat(Files.isSymbolicLink(folder.resolve("rejected/soft.csv"))).isTrue();
    }

    /** No file of Postern is opened, whatever its name and folder: opening and closing it would already do harm. */
    @Test
    void aFileOfPosternIsNotOpenedUnderAnyName() throws Exception {
        Path ours = Files.createDirectory(folder.resolve("ledger"));
        Path ledger = Files.writeString(ours.resolve("ledger.db"), HEAD + row(1, 1));
        FileTime read = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
        Files.createSymbolicLink(folder.resolve("soft.csv"), ledger);
        Files.createSymbolicLink(folder.resolve("two.csv"), Files.createSymbolicLink(ours.resolve("one.csv"), ledger));
        Files.createLink(folder.resolve("hard.csv"), ledger);
        // also if a processed file is replaced by a file of Postern while it is watched for growth
        drop("grown.csv", HEAD + row(7, 7), null);
        settle();
        Path done = folder.resolve("done/grown.csv");
        Files.delete(done);
        Files.createLink(done, Files.writeString(ours.resolve("counters.csv"), HEAD + row(7, 7) + row(8, 8)));
        Files.setAttribute(ledger, "lastAccessTime", read);
        watch();
        settle();
        assertThat(admitted.values()).containsExactly(json(7, 7));
        assertThat(Files.getAttribute(ledger, "lastAccessTime"))
                .as("the file was never read")
                .isEqualTo(read);
        assertThat(folder.resolve("rejected/hard.csv")).exists();
        assertThat(Files.isSymbolicLink(folder.resolve("rejected/soft.csv"))).isTrue();
        assertThat(Files.isSymbolicLink(folder.resolve("rejected/two.csv"))).isTrue();
    }

    @Test
    void anUnreadableLineIsReportedAfterSomeAttemptsAndTheOtherLinesAreProcessed() throws Exception {
        answer = submission -> {
            if (new String(submission.bytes(), UTF_8).contains("00-02")) {
                throw new NullPointerException();
            }
            return admit(submission);
        };
        drop("tops.csv", HEAD + row(1, 1) + row(2, 2) + row(3, 3), null);
        for (int i = 0; i < 8; i++) {
            settle();
        }
        assertThat(admitted.values()).containsExactlyInAnyOrder(json(1, 1), json(3, 3));
        assertThat(report("done/tops.csv").get(2)).startsWith("3,rejected,,,PST-7399");
    }

    @Test
    void aFileWithoutARequestIsReported() throws Exception {
        drop("empty.csv", "", null);
        drop("only-head.csv", HEAD, null);
        settle();
        assertThat(report("rejected/empty.csv").get(1)).contains("PST-7318");
        assertThat(report("rejected/only-head.csv").get(1)).contains("PST-7318");
    }

    @Test
    void jsonWithoutALineBreakAtItsEndIsComplete() throws Exception {
        drop("one.jsonl", "{\"service\":\"8.2\"}", null);
        settle();
        assertThat(admitted.values()).containsExactly("{\"service\":\"8.2\"}");
        Files.writeString(folder.resolve("done/one.jsonl"), "\r\n{\"service\":\"8.3\"}\r\n", StandardOpenOption.APPEND);
        watch();
        settle();
        assertThat(admitted.values()).containsExactlyInAnyOrder("{\"service\":\"8.2\"}", "{\"service\":\"8.3\"}");
    }

    private void drop(String name, String content, FileTime time) throws IOException {
        Path draft = Files.writeString(folder.resolve(name + ".part"), content);
        if (time != null) {
            Files.setLastModifiedTime(draft, time);
        }
        Files.move(draft, folder.resolve(name));
    }

    /** Waits until a file counts as complete, with one poll before and after. */
    private void settle() throws Exception {
        fileInterface.poll();
        nanos += SETTLE.toNanos();
        fileInterface.poll();
    }

    private void watch() throws Exception {
        nanos += Duration.ofMinutes(1).toNanos();
        fileInterface.poll();
    }

    private List<String> report(String file) throws IOException {
        return new ArrayList<>(Files.readAllLines(folder.resolve(file + ".report.csv")));
    }

    private static String row(int device, int pence) {
        return "2.2,00-" + String.format("%02d", device) + ",IS," + pence + "\n";
    }

    private static String json(int device, int pence) {
        return "{\"service\":\"2.2\",\"device\":\"00-" + String.format("%02d", device)
                + "\",\"role\":\"IS\",\"topUp\":{\"pence\":\"" + pence + "\"}}";
    }
}
