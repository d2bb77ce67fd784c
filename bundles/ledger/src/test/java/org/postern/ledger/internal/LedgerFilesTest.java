package org.postern.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.ledger.LedgerException;
import org.postern.ledger.RequestFilter;
import org.postern.ledger.RequestRecord;
import org.postern.testkit.Missing;

/**
 * The database's files, changed by others while the ledger is open, or between two openings; the sqlite3 command line
 * is the other.
 */
class LedgerFilesTest {

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("ledger.db");
    }

    private JdbcLedger open() {
        return new JdbcLedger(LedgerOptions.sqlite(file()), Clock.systemUTC());
    }

    private String sqlite3(String sql) throws Exception {
        Process process;
        try {
            process = new ProcessBuilder("sqlite3", file().toString(), sql)
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            Missing.tool("sqlite3 is not installed (install package sqlite3)");
            throw e;
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return output.strip();
    }

    private static void refused(LedgerException.Kind kind, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        LedgerException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    void aQueryByAnotherProgramDoesNoHarm() throws Exception {
        try (JdbcLedger ledger = open()) {
            ledger.admit(LedgerContract.request(1, null, "a"));
            assertThat(sqlite3("SELECT COUNT(*) FROM requests")).isEqualTo("1");
            ledger.admit(LedgerContract.request(2, null, "a"));
            assertThat(ledger.trouble()).isEmpty();
        }
    }

    @Test
    void nothingIsAcceptedOnceTheLocksAreGone() throws Exception {
        try (JdbcLedger ledger = open()) {
            ledger.admit(LedgerContract.request(1, null, "a"));
            Files.readAllBytes(file());
            refused(LedgerException.Kind.FILES_CHANGED, () -> ledger.admit(LedgerContract.request(2, null, "a")));
            assertThat(ledger.trouble())
                    .hasValueSatisfying(fault -> assertThat(fault.cause()).contains("lock", "ledger.db"));
            assertThat(ledger.requests(RequestFilter.newest(9)))
                    .as("what was there can be read")
                    .hasSize(1);
        }
    }

    @Test
    void nothingIsAcceptedOnceTheLogIsGone() throws Exception {
        try (JdbcLedger ledger = open()) {
            ledger.admit(LedgerContract.request(1, null, "a"));
            Files.move(folder.resolve("ledger.db-wal"), folder.resolve("elsewhere"));
            refused(LedgerException.Kind.FILES_CHANGED, () -> ledger.admit(LedgerContract.request(2, null, "a")));
            assertThat(ledger.trouble())
                    .hasValueSatisfying(fault -> assertThat(fault.cause()).contains("ledger.db-wal is gone"));
            Files.move(folder.resolve("elsewhere"), folder.resolve("ledger.db-wal"));
            refused(LedgerException.Kind.FILES_CHANGED, () -> ledger.admit(LedgerContract.request(3, null, "a")));
        }
    }

    // a file of ours opened and closed by the process, one query from outside, requests, kill -9: what was accepted is
    // there
    @Test
    void acceptedRequestsSurviveAKillAfterALossOfLocks() throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LockDroppingWriter.class.getName(),
                        file().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Set<String> accepted = new HashSet<>();
        try (BufferedReader from = child.inputReader();
                BufferedWriter to = child.outputWriter()) {
            accepted.add(from.readLine());
            assertThat(sqlite3("SELECT COUNT(*) FROM requests")).isEqualTo("1");
            assertThat(folder.resolve("ledger.db-wal"))
                    .as("the query from outside took the log away")
                    .doesNotExist();
            to.write("go on\n");
            to.flush();
            for (String line = from.readLine(); !line.equals("end"); line = from.readLine()) {
                if (!line.startsWith("PST-")) {
                    accepted.add(line);
                } else {
                    assertThat(line).isEqualTo("PST-6010");
                }
            }
        } finally {
            child.destroyForcibly().waitFor();
        }
        try (JdbcLedger ledger = open()) {
            assertThat(ledger.requests(RequestFilter.newest(99)))
                    .extracting(RequestRecord::id)
                    .containsAll(accepted);
        }
    }

    @Test
    void aNewDatabaseBesideOlderFilesIsRefusedUntilAnOperatorAcceptsIt() throws IOException {
        Path log = Files.createDirectories(folder.resolve("security-log"));
        Path segment = Files.writeString(log.resolve("1.log"), "record");
        Files.setLastModifiedTime(segment, java.nio.file.attribute.FileTime.fromMillis(1_000_000_000_000L));
        LedgerOptions options = new LedgerOptions(
                "jdbc:sqlite:" + file(),
                "",
                "",
                2,
                10,
                10,
                java.util.Optional.of(folder.resolve("counters.watermark")),
                List.of(log),
                5,
                5);
        assertThatThrownBy(() -> new JdbcLedger(options, Clock.systemUTC()))
                .isInstanceOfSatisfying(LedgerException.class, e -> {
                    assertThat(e.kind()).isEqualTo(LedgerException.Kind.OLDER);
                    assertThat(e.fault().cause()).contains("new and empty", "security-log");
                    assertThat(e.fault().action()).contains("ledger.accept");
                });
    }

    @Test
    void anOlderDatabaseIsRefusedAndWhatIsMissingIsNamed() throws IOException {
        String last;
        try (JdbcLedger ledger = open()) {
            ledger.admit(LedgerContract.request(1, null, "a"));
        }
        byte[] backup = Files.readAllBytes(file());
        try (JdbcLedger ledger = open()) {
            last = ledger.admit(LedgerContract.request(2, null, "a")).id();
        }
        Files.write(file(), backup);
        assertThatThrownBy(this::open).isInstanceOfSatisfying(LedgerException.class, e -> {
            assertThat(e.kind()).isEqualTo(LedgerException.Kind.OLDER);
            assertThat(e.fault().cause()).contains("requests up to " + last);
        });
        Files.createFile(folder.resolve("ledger.accept"));
        try (JdbcLedger ledger = open()) {
            assertThat(ledger.restored()).isPresent();
        }
        assertThat(folder.resolve("ledger.accept")).as("it counts once").doesNotExist();
        open().close();
    }

    /**
     * The clock of a reinstalled machine may be behind; requests in the copy still count as older than the restoration.
     */
    @Test
    void requestsInARestoredCopyAreOlderThanTheRestoration() throws IOException {
        Instant created;
        try (JdbcLedger ledger = open()) {
            created = ledger.find(
                            ledger.admit(LedgerContract.request(1, null, "a")).id())
                    .orElseThrow()
                    .createdAt();
        }
        Files.createFile(folder.resolve("ledger.restored"));
        Clock behind = Clock.offset(Clock.systemUTC(), Duration.ofDays(-3));
        try (JdbcLedger ledger = new JdbcLedger(LedgerOptions.sqlite(file()), behind)) {
            assertThat(ledger.restored().orElseThrow()).isAfter(created);
        }
    }

    @Test
    void aRestorationIsRecorded() throws IOException {
        try (JdbcLedger ledger = open()) {
            assertThat(ledger.restored()).isEmpty();
        }
        Files.createFile(folder.resolve("ledger.restored"));
        Instant at;
        try (JdbcLedger ledger = open()) {
            at = ledger.restored().orElseThrow();
        }
        assertThat(folder.resolve("ledger.restored")).as("it counts once").doesNotExist();
        try (JdbcLedger ledger = open()) {
            assertThat(ledger.restored()).contains(at);
        }
    }

    @Test
    void anOlderLedgerWithItsOwnMarkFileIsRefusedBesideANewerLogUntilAnOperatorAcceptsIt() throws IOException {
        Path log = Files.createDirectories(folder.resolve("state/security-log"));
        Path journal = folder.resolve("state/artemis");
        Path own = Files.createDirectories(folder.resolve("state/ledger"));
        LedgerOptions options = new LedgerOptions(
                "jdbc:sqlite:" + own.resolve("ledger.db"),
                "",
                "",
                2,
                10,
                10,
                java.util.Optional.of(own.resolve("counters.watermark")),
                List.of(log, journal),
                5,
                5);
        try (JdbcLedger ledger = new JdbcLedger(options, Clock.systemUTC())) {
            ledger.admit(LedgerContract.request(1, null, "a"));
        }
        assertThat(journal).as("a folder is not made for the note").doesNotExist();
        Path backup = folder.resolve("backup");
        copy(own, backup);
        String last;
        try (JdbcLedger ledger = new JdbcLedger(options, Clock.systemUTC())) {
            last = ledger.admit(LedgerContract.request(2, null, "a")).id();
        }
        copy(backup, own);
        assertThatThrownBy(() -> new JdbcLedger(options, Clock.systemUTC()))
                .isInstanceOfSatisfying(LedgerException.class, e -> {
                    assertThat(e.kind()).isEqualTo(LedgerException.Kind.OLDER);
                    assertThat(e.fault().cause())
                            .contains("requests up to " + last + " (according to security-log/ledger.mark)");
                });
        Files.createFile(own.resolve("ledger.accept"));
        new JdbcLedger(options, Clock.systemUTC()).close();
        new JdbcLedger(options, Clock.systemUTC()).close();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    @Test
    void aCopyIsWholeAndDisturbsNobody() throws Exception {
        try (JdbcLedger ledger = open()) {
            String id = ledger.admit(LedgerContract.request(1, null, "a")).id();
            ledger.copyTo(folder.resolve("copy.db"));
            ledger.admit(LedgerContract.request(2, null, "a"));
            try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("copy.db"));
                    var rows = connection.createStatement().executeQuery("SELECT id FROM requests")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1)).isEqualTo(id);
                assertThat(rows.next()).isFalse();
            }
            assertThat(ledger.trouble()).isEmpty();
        }
    }

    @Test
    void theCopyForAnOnlineBackupOpensAlthoughTheLedgerContinued() throws Exception {
        Path backup = Files.createDirectories(folder.resolve("backup/20261129-1"));
        String before;
        try (JdbcLedger ledger = open()) {
            before = ledger.admit(LedgerContract.request(1, null, "a")).id();
            ledger.counters().next(org.postern.catalogue.Eui64.parse("90B3D51F30990000"));
            Files.createFile(backup.resolve("ask"));
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            int counter = 2;
            while (!Files.exists(backup.resolve("done"))) {
                assertThat(System.nanoTime()).isLessThan(end);
                ledger.admit(LedgerContract.request(counter++, null, "a"));
            }
            org.postern.testkit.Await.until(
                    "the request is taken away",
                    java.time.Duration.ofSeconds(30),
                    () -> !Files.exists(backup.resolve("ask")));
            assertThat(ledger.trouble()).isEmpty();
        }
        // the copies in a folder of their own are a ledger that is neither older nor newer than its notes
        try (JdbcLedger restored =
                new JdbcLedger(LedgerOptions.sqlite(backup.resolve("ledger.db")), Clock.systemUTC())) {
            assertThat(restored.find(before)).isPresent();
            assertThat(backup.resolve("counters.watermark")).exists();
        }
    }

    @Test
    void brokenPagesAreTrouble() throws Exception {
        try (JdbcLedger ledger = open()) {
            for (int i = 1; i < 200; i++) {
                ledger.admit(LedgerContract.request(i, null, "a".repeat(2000)));
            }
        }
        try (RandomAccessFile broken = new RandomAccessFile(file().toFile(), "rw")) {
            for (long at = broken.length() / 8192 * 4096; at < broken.length(); at += 4096) {
                broken.seek(at);
                broken.write(new byte[64]);
            }
        }
        try (Database database = new Database("jdbc:sqlite:" + file(), "", "", 1, 5, 5)) {
            database.check();
            assertThat(database.trouble())
                    .hasValueSatisfying(e -> assertThat(e.kind()).isEqualTo(LedgerException.Kind.DAMAGED));
        }
    }
}
