package org.postern.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.Await;

/** {@code bin/postern-backup --online} itself, against a ledger that this process has open. */
class OnlineBackupScriptTest {

    private static final Path SCRIPT = Path.of("../../karaf-assembly/src/main/resources/bin/postern-backup");

    @TempDir
    Path home;

    @BeforeEach
    void install() throws IOException {
        for (String folder : List.of("bin", "etc", "data", "state/ledger", "state/secrets")) {
            Files.createDirectories(home.resolve(folder));
        }
        Files.copy(SCRIPT, home.resolve("bin/postern-backup"));
        Files.writeString(
                home.resolve("data/karaf.pid"),
                Long.toString(ProcessHandle.current().pid()));
        Files.writeString(home.resolve("etc/some.cfg"), "a = b\n");
        Files.writeString(home.resolve("state/secrets/some"), "c\n");
    }

    private JdbcLedger open() {
        return new JdbcLedger(LedgerOptions.sqlite(home.resolve("state/ledger/ledger.db")), Clock.systemUTC());
    }

    private Process backup(String file) throws IOException {
        ProcessBuilder script = new ProcessBuilder(
                        "sh",
                        "bin/postern-backup",
                        "--online",
                        home.resolve(file).toString())
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve(file + ".said").toFile());
        script.environment().put("POSTERN_BACKUP_SECONDS", "20");
        script.environment().keySet().removeIf(name -> name.startsWith("KARAF_"));
        return script.start();
    }

    private String said(Process script, String file) throws Exception {
        assertThat(script.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
        return script.exitValue() + ": " + Files.readString(home.resolve(file + ".said"));
    }

    private List<String> members(String file) throws Exception {
        Process list = new ProcessBuilder("tar", "-tzf", home.resolve(file).toString())
                .redirectErrorStream(true)
                .start();
        return new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    @Test
    void severalAtOnceEachHaveACopyOfTheirOwn() throws Exception {
        try (JdbcLedger ledger = open()) {
            ledger.admit(LedgerContract.request(1, null, "a"));
            List<Process> scripts = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                scripts.add(backup("backup" + i + ".tar.gz"));
            }
            for (int i = 0; i < 4; i++) {
                String file = "backup" + i + ".tar.gz";
                assertThat(said(scripts.get(i), file)).startsWith("0: ");
                assertThat(members(file))
                        .contains(
                                "state/ledger/ledger.db",
                                "state/ledger/counters.watermark.prepayment",
                                "state/secrets/some",
                                "etc/some.cfg")
                        .noneMatch(member -> member.contains("backup"));
            }
            assertThat(ledger.trouble()).isEmpty();
        }
        assertThat(home.resolve("state/ledger/backup"))
                .as("nothing is left behind")
                .doesNotExist();
    }

    @Test
    void twoForOneFileLeaveOneWholeArchive() throws Exception {
        try (JdbcLedger ledger = open()) {
            ledger.admit(LedgerContract.request(1, null, "a"));
            Process first = backup("backup.tar.gz");
            Process second = backup("backup.tar.gz");
            assertThat(first.waitFor(60, TimeUnit.SECONDS) && second.waitFor(60, TimeUnit.SECONDS))
                    .isTrue();
            assertThat(first.exitValue() + second.exitValue())
                    .as(Files.readString(home.resolve("backup.tar.gz.said")))
                    .isEqualTo(1);
        }
        assertThat(members("backup.tar.gz")).contains("state/ledger/ledger.db", "etc/some.cfg");
        try (Stream<Path> left = Files.list(home)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("bin", "etc", "data", "state", "backup.tar.gz", "backup.tar.gz.said");
        }
    }

    /** A copy of the ledger must not be left behind. */
    @Test
    void oneThatIsEndedLeavesNothingAndAKilledOnesCopyGoesWithTheNext() throws Exception {
        Path copies = home.resolve("state/ledger/backup");
        for (boolean kill : List.of(false, true)) {
            // there is no answer, because the ledger is not open
            Process script = backup("backup.tar.gz");
            Await.until("it asks", java.time.Duration.ofSeconds(20), () -> Files.isDirectory(copies) && asks(copies));
            if (kill) {
                script.destroyForcibly();
            } else {
                script.destroy();
            }
            assertThat(script.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.exists(copies)).isEqualTo(kill);
        }
        try (JdbcLedger ledger = open()) {
            ledger.admit(LedgerContract.request(1, null, "a"));
            assertThat(said(backup("backup.tar.gz"), "backup.tar.gz")).startsWith("0: ");
        }
        assertThat(copies).doesNotExist();
    }

    /** In a container, or of another user, its process cannot be seen from here. */
    @Test
    void theCopyOfOneThatIsStillAtWorkStays() throws Exception {
        Path copies = home.resolve("state/ledger/backup");
        Process first = backup("first.tar.gz");
        Await.until("it asks", java.time.Duration.ofSeconds(20), () -> Files.isDirectory(copies) && asks(copies));
        Path own;
        try (Stream<Path> folders = Files.list(copies)) {
            own = folders.findFirst().orElseThrow();
        }
        // as its process has another number there; the script goes by the name that it knows
        Path elsewhere = Files.move(own, copies.resolve("20260101000000-999999999"));
        try (JdbcLedger ledger = open()) {
            ledger.admit(LedgerContract.request(1, null, "a"));
            assertThat(said(backup("second.tar.gz"), "second.tar.gz")).startsWith("0: ");
        }
        assertThat(elsewhere).isDirectory();
        Files.move(elsewhere, own);
        first.destroy();
        assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    private static boolean asks(Path copies) {
        try (Stream<Path> files = Files.walk(copies)) {
            return files.anyMatch(file -> file.endsWith("ask"));
        } catch (IOException | java.io.UncheckedIOException e) {
            return false;
        }
    }
}
