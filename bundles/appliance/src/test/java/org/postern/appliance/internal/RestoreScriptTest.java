package org.postern.appliance.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs {@code bin/postern-backup} and {@code bin/postern-restore}: warnings about counters, mounts, and files left
 * behind.
 */
class RestoreScriptTest {

    private static final Path SCRIPTS = Path.of("../../karaf-assembly/src/main/resources/bin");
    private static final String SERIES = "id:90B3D51F30010000=";

    @TempDir
    Path folder;

    private Path home;
    private Path archive;

    @BeforeEach
    void aBackup() throws Exception {
        home = folder.resolve("home");
        for (String each : new String[] {"bin", "etc", "data", "share/etc", "state/ledger", "state/secrets"}) {
            Files.createDirectories(home.resolve(each));
        }
        for (String script : new String[] {"postern-backup", "postern-restore", "postern-setup", "postern-upgrade"}) {
            Files.copy(SCRIPTS.resolve(script), home.resolve("bin").resolve(script));
        }
        Files.writeString(home.resolve("share/build"), "1");
        Files.writeString(home.resolve("etc/some.cfg"), "as backed up\n");
        Files.writeString(home.resolve("state/secrets/some"), "as backed up");
        Files.writeString(home.resolve("state/ledger/ledger.db"), "as backed up");
        Files.writeString(home.resolve("state/ledger/counters.watermark"), SERIES + "1000\n");
        archive = folder.resolve("backup.tar.gz");
        assertThat(run("sh bin/postern-backup " + archive)).startsWith("0: ");
    }

    private String run(String command) throws Exception {
        Path said = folder.resolve("said");
        ProcessBuilder script = new ProcessBuilder("sh", "-c", command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        script.environment().keySet().removeIf(name -> name.startsWith("KARAF_") || name.startsWith("POSTERN_"));
        Process run = script.start();
        assertThat(run.waitFor(90, TimeUnit.SECONDS)).isTrue();
        return run.exitValue() + ": " + Files.readString(said);
    }

    private void restore(boolean alarming) throws Exception {
        String said = run("sh bin/postern-restore " + archive);
        assertThat(said).startsWith("0: ");
        assertThat(said.contains("ledger.accept")).as(said).isEqualTo(alarming);
        assertThat(home.resolve(".restore")).doesNotExist();
    }

    @Test
    void aRestoreWithoutUsedCountersGivesNoWarning() throws Exception {
        run("rm -r state && mkdir state");
        restore(false);
        run("rm -r state");
        restore(false);
        assertThat(home.resolve("state/ledger/counters.watermark")).hasContent(SERIES + "1000");
        assertThat(home.resolve("state/ledger/ledger.restored")).exists();
    }

    @Test
    void countersUsedSinceTheBackupStayAndCauseAWarning() throws Exception {
        restore(false);
        Files.writeString(home.resolve("state/ledger/counters.watermark"), "# note\n" + SERIES + "999\n");
        restore(false);
        Files.writeString(home.resolve("state/ledger/counters.watermark"), SERIES + "1001\n");
        restore(true);
        assertThat(home.resolve("state/ledger/counters.watermark")).hasContent(SERIES + "1001");
        Files.delete(home.resolve("state/ledger/counters.watermark"));
        Files.writeString(
                home.resolve("state/ledger/counters.watermark.prepayment"), "90B3D51F30010000:00DB1234567890A0=1\n");
        restore(true);
    }

    /** For example a container's volume or a separate disk. */
    @Test
    void aStateFolderThatIsAMountIsFilledWhereItIs() throws Exception {
        assumeTrue(run("unshare -rm mount -t tmpfs none state").startsWith("0: "), "no mounts here");
        Path kept = folder.resolve("kept");
        String said = run(
                "unshare -rm sh -ec 'mount -t tmpfs none state; mkdir -p state/ledger state/secrets; mount -t tmpfs none state/secrets;"
                        + " echo later > state/secrets/some; echo later > state/secrets/.hidden; echo later > state/ledger/ledger.db;"
                        + " sh bin/postern-restore " + archive + "; cp -Rp state " + kept + "'");
        assertThat(said).startsWith("0: ");
        assertThat(kept.resolve("secrets/some")).hasContent("as backed up");
        assertThat(kept.resolve("ledger/ledger.db")).hasContent("as backed up");
        assertThat(kept.resolve("secrets/.hidden")).doesNotExist();
        assertThat(kept.resolve(".restore")).doesNotExist();
        try (Stream<Path> entries = Files.list(kept)) {
            Path aside = entries.filter(entry -> entry.getFileName().toString().startsWith("before-restore-"))
                    .findFirst()
                    .orElseThrow();
            assertThat(aside.resolve("state/secrets/some")).hasContent("later");
            assertThat(aside.resolve("state/secrets/.hidden")).hasContent("later");
            assertThat(aside.resolve("state/ledger/ledger.db")).hasContent("later");
            assertThat(aside.resolve("etc/some.cfg")).exists();
        }
    }

    @Test
    void aFailedRestoreLeavesNoKeysBehind() throws Exception {
        Files.write(archive, new byte[] {1, 2, 3});
        assertThat(run("sh bin/postern-restore " + archive)).startsWith("1: ").contains("nothing was changed");
        assertThat(home.resolve(".restore")).doesNotExist();
        assertThat(home.resolve("state/ledger/ledger.db")).hasContent("as backed up");
    }

    /** {@code bin/karaf stop} returns before the process has ended. */
    @Test
    void aRestoreWaitsForAProcessThatStopsButNotForOneThatRuns() throws Exception {
        Files.writeString(home.resolve("bin/status"), "#!/bin/sh\nexit 1\n");
        home.resolve("bin/status").toFile().setExecutable(true);
        assertThat(run("sleep 3 & echo $! > data/karaf.pid; sh bin/postern-backup " + folder.resolve("second.tar.gz")))
                .startsWith("0: ");
        assertThat(run("sleep 3 & echo $! > data/karaf.pid; sh bin/postern-restore " + archive))
                .startsWith("0: ");
        Files.writeString(home.resolve("bin/status"), "#!/bin/sh\nexit 0\n");
        Files.writeString(
                home.resolve("data/karaf.pid"),
                Long.toString(ProcessHandle.current().pid()));
        assertThat(run("sh bin/postern-backup " + folder.resolve("third.tar.gz")))
                .startsWith("1: ")
                .contains("running");
        assertThat(run("sh bin/postern-restore " + archive)).startsWith("1: ").contains("running");
    }

    @Test
    void eachScriptPrintsItsUsageAndDoesNothing() throws Exception {
        for (String name : new String[] {"postern-backup", "postern-restore", "postern-setup", "postern-upgrade"}) {
            assertThat(run("sh bin/" + name + " --help"))
                    .startsWith("0: ")
                    .contains("bin/" + name + " ")
                    .doesNotContain("set -eu");
        }
        assertThat(home.resolve("--help")).doesNotExist();
        assertThat(home.resolve("data/build")).doesNotExist();
    }
}
