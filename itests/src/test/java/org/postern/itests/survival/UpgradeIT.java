package org.postern.itests.survival;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postern.testkitprocess.Ports;
import org.postern.testkitprocess.PosternProcess;

/**
 * What the distribution's scripts do with settings and state, tested with the archive itself; no appliance is started.
 */
class UpgradeIT {

    private Path work;
    private PosternProcess postern;

    @BeforeEach
    void unpack() throws Exception {
        Prerequisites.distribution();
        work = Path.of("target", "survival", "upgrade").toAbsolutePath();
        PosternProcess.delete(work);
        Files.createDirectories(work);
        postern = PosternProcess.at(unpacked(work.resolve("here")), Ports.free());
    }

    private static Path unpacked(Path folder) throws Exception {
        Files.createDirectories(folder);
        tar(folder);
        try (var inside = Files.list(folder)) {
            return inside.filter(Files::isDirectory).findFirst().orElseThrow();
        }
    }

    private static void tar(Path folder) throws IOException, InterruptedException {
        Process tar = new ProcessBuilder(
                        "tar", "-xzf", Prerequisites.distribution().toString(), "-C", folder.toString())
                .inheritIO()
                .start();
        assertThat(tar.waitFor()).isZero();
    }

    private Path home(String path) {
        return postern.home().resolve(path);
    }

    private static Path write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @Test
    void anArchiveHoldsNoSettingsFileAndSetupCreatesThemOnce() throws Exception {
        for (String name : List.of(
                "org.postern.ledger.cfg",
                "users.properties",
                "keys.properties",
                "org.apache.karaf.shell.cfg",
                "org.apache.karaf.command.acl.dcc.cfg",
                "org.ops4j.pax.logging.cfg",
                "custom.properties")) {
            assertThat(home("etc/" + name)).doesNotExist();
            assertThat(home("share/etc/" + name)).exists();
        }
        postern.run("bin/postern-setup");
        assertThat(home("etc/org.postern.ledger.cfg"))
                .hasSameTextualContentAs(home("share/etc/org.postern.ledger.cfg"));

        Files.delete(home("etc/org.postern.credentials.cfg"));
        postern.set("org.postern.intake.cfg", Map.of("httpPort", "18080"));
        assertThat(postern.run("bin/postern-setup")).isEmpty();
        assertThat(home("etc/org.postern.credentials.cfg"))
                .as("what the administrator removed")
                .doesNotExist();
        assertThat(home("etc/org.postern.intake.cfg")).content().contains("httpPort = 18080");
    }

    @Test
    void unpackingOverAnInstallationChangesNoSettingAndNoState() throws Exception {
        postern.run("bin/postern-setup");
        postern.set("org.postern.intake.cfg", Map.of("httpPort", "18080"));
        write(home("etc/users.properties"), "ada = secret,admin,ssh\n");
        write(home("etc/org.postern.hsm.pkcs11.cfg"), "library = x\n");
        write(home("state/ledger/ledger.db"), "the ledger");
        write(home("data/cache/bundle0/bundle.id"), "0");

        tar(work.resolve("here"));
        write(home("share/build"), "a newer build");
        // a newer archive may have other defaults, for a file that was changed here and for one that was not
        Files.writeString(home("share/etc/org.postern.intake.cfg"), "# newer\nhttpPort = 9090\n");
        Files.writeString(home("share/etc/org.postern.delivery.cfg"), "# newer\nconsumers = 5\n");
        String said = postern.run("bin/postern-setup");

        assertThat(home("etc/org.postern.intake.cfg"))
                .content()
                .contains("httpPort = 18080")
                .doesNotContain("9090");
        assertThat(home("etc/org.postern.intake.cfg.new")).content().contains("httpPort = 9090");
        assertThat(home("etc/org.postern.delivery.cfg")).content().contains("consumers = 5");
        assertThat(home("etc/users.properties")).content().isEqualTo("ada = secret,admin,ssh\n");
        assertThat(home("etc/org.postern.hsm.pkcs11.cfg")).exists();
        assertThat(home("state/ledger/ledger.db")).content().isEqualTo("the ledger");
        assertThat(home("data/cache")).as("bundles of the older build").doesNotExist();
        assertThat(said)
                .contains(
                        "org.postern.intake.cfg is kept", "org.postern.delivery.cfg is the new default", "loaded anew");
        assertThat(postern.log()).contains("org.postern.intake.cfg is kept");
        assertThat(postern.run("bin/postern-setup")).as("a second time").isEmpty();
    }

    /** The layout of the first builds: settings in the archive, and all state in data/. */
    private static void olderLayout(Path home) throws IOException {
        write(
                home.resolve("etc/org.postern.ledger.cfg"),
                "url = jdbc:sqlite:${karaf.data}/ledger/ledger.db\n" + "counterWatermarkFile = "
                        + home.resolve("data/ledger/counters.watermark") + "\n");
        write(
                home.resolve("etc/org.postern.gateway.cfg"),
                "keyStore = ${karaf.base}/data/tls/client.p12\nx = ${karaf.data}/ledgers\n");
        write(home.resolve("data/ledger/ledger.db"), "the ledger");
        write(home.resolve("data/ledger/counters.watermark"), "7");
        write(home.resolve("data/secrets/http-door.token"), "token");
        write(home.resolve("data/security-log/security-00000001.log"), "log");
        write(home.resolve("data/tls/client.p12"), "key");
        write(home.resolve("data/cache/bundle0/bundle.id"), "0");
    }

    @Test
    void stateInDataIsMovedAtTheFirstStartAndSettingsNameItsNewPlace() throws Exception {
        olderLayout(postern.home());
        String said = postern.run("bin/postern-setup");

        assertThat(home("state/ledger/ledger.db")).content().isEqualTo("the ledger");
        assertThat(home("state/ledger/counters.watermark")).content().isEqualTo("7");
        assertThat(home("state/secrets/http-door.token")).exists();
        assertThat(home("state/security-log/security-00000001.log")).exists();
        assertThat(home("data/ledger")).doesNotExist();
        assertThat(home("etc/org.postern.ledger.cfg"))
                .content()
                .contains(
                        "jdbc:sqlite:${postern.state}/ledger/ledger.db", "= " + home("state/ledger/counters.watermark"))
                .doesNotContain("karaf.data");
        assertThat(home("etc/org.postern.gateway.cfg")).content().contains("${postern.state}/tls/client.p12");
        assertThat(said).contains("moved " + home("data/ledger"), "org.postern.ledger.cfg names the state folder now");
        assertThat(postern.log()).contains("moved " + home("data/ledger"));
        assertThat(postern.run("bin/postern-setup")).isEmpty();
    }

    @Test
    void twoLedgersStopTheStart() throws Exception {
        postern.run("bin/postern-setup");
        write(home("data/ledger/ledger.db"), "one");
        write(home("state/ledger/ledger.db"), "another");

        assertThatThrownBy(() -> postern.run("bin/postern-setup"))
                .hasMessageContaining("NOT STARTED")
                .hasMessageContaining("data/ledger");
        assertThatThrownBy(() -> postern.run("bin/karaf", "server")).hasMessageContaining("NOT STARTED");
        assertThat(home("data/ledger/ledger.db")).content().isEqualTo("one");
        assertThat(home("state/ledger/ledger.db")).content().isEqualTo("another");
    }

    @Test
    void aSecondInstallationTakesOverSettingsAndState() throws Exception {
        PosternProcess old = PosternProcess.at(unpacked(work.resolve("old")), Ports.free());
        old.run("bin/postern-setup");
        old.set("org.postern.intake.cfg", Map.of("httpPort", "18080"));
        write(old.home().resolve("etc/keys/keys.p12"), "key");
        write(old.home().resolve("state/ledger/ledger.db"), "the ledger");
        write(old.home().resolve("data/inventory/devices.csv"), "deviceId");

        assertThat(postern.run("bin/postern-upgrade", old.home().toString())).contains("state moved");
        assertThat(home("etc/org.postern.intake.cfg")).content().contains("httpPort = 18080");
        assertThat(home("etc/keys/keys.p12")).exists();
        assertThat(home("state/ledger/ledger.db")).content().isEqualTo("the ledger");
        assertThat(home("state/inventory/devices.csv")).exists();
        assertThat(old.home().resolve("state"))
                .as("never two copies of one ledger")
                .doesNotExist();
        assertThatThrownBy(() -> postern.run("bin/postern-upgrade", old.home().toString()))
                .hasMessageContaining("this installation has run");
    }

    @Test
    void aBackupRestoresIntoAFreshFolderAndKeepsNewerCountersWhereThereAreAny() throws Exception {
        postern.run("bin/postern-setup");
        postern.set("org.postern.intake.cfg", Map.of("httpPort", "18080"));
        for (String file : List.of(
                "ledger/ledger.db",
                "ledger/counters.watermark",
                "secrets/http-door.token",
                "tls/client.p12",
                "inventory/devices.csv",
                "security-log/security-00000001.log",
                "artemis/journal/a.amq")) {
            write(home("state/" + file), "as backed up");
        }
        write(home("etc/keys/keys.p12"), "key");
        Path backup = work.resolve("backup.tar.gz");
        postern.run("bin/postern-backup", backup.toString());
        assertThat(java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)))
                .isEqualTo("rw-------");
        assertThatThrownBy(() -> postern.run("bin/postern-backup", backup.toString()))
                .hasMessageContaining("exists");

        write(home("state/ledger/ledger.db"), "later");
        write(home("state/ledger/counters.watermark"), "later");
        postern.run("bin/postern-restore", backup.toString());
        assertThat(home("state/ledger/ledger.db")).content().isEqualTo("as backed up");
        assertThat(home("state/ledger/counters.watermark"))
                .as("newer than the backup")
                .content()
                .isEqualTo("later");

        PosternProcess fresh = PosternProcess.at(unpacked(work.resolve("fresh")), Ports.free());
        fresh.run("bin/postern-restore", backup.toString());
        for (String file : List.of(
                "state/ledger/ledger.db",
                "state/ledger/counters.watermark",
                "state/secrets/http-door.token",
                "state/tls/client.p12",
                "state/inventory/devices.csv",
                "state/security-log/security-00000001.log",
                "state/artemis/journal/a.amq",
                "etc/keys/keys.p12")) {
            assertThat(fresh.home().resolve(file)).exists();
        }
        assertThat(fresh.home().resolve("etc/org.postern.intake.cfg")).content().contains("httpPort = 18080");
    }
}
