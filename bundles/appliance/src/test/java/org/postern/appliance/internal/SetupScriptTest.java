package org.postern.appliance.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/postern-setup} with the settings in a folder of their own, as a container's volume. */
class SetupScriptTest {

    private static final Path SCRIPT = Path.of("../../karaf-assembly/src/main/resources/bin/postern-setup");

    @TempDir
    Path folder;

    private Path home;
    private Path settings;

    @BeforeEach
    void unpack() throws Exception {
        home = folder.resolve("home");
        settings = Files.createDirectories(folder.resolve("settings"));
        for (String each : new String[] {"bin", "etc/scripts", "share/etc"}) {
            Files.createDirectories(home.resolve(each));
        }
        Files.copy(SCRIPT, home.resolve("bin/postern-setup"));
        Files.writeString(home.resolve("share/build"), "1");
        Files.writeString(home.resolve("share/etc/org.postern.ledger.cfg"), "readers = 6\n");
        Files.writeString(home.resolve("etc/startup.properties"), "version 1\n");
        Files.writeString(home.resolve("etc/shell.init.script"), "as delivered\n");
        Files.writeString(home.resolve("etc/scripts/some.script"), "x\n");
    }

    private void setup() throws Exception {
        assertThat(run(home)).as(Files.readString(folder.resolve("said"))).isZero();
    }

    /** The status of a run with that as the base of the installation. */
    private int run(Path base) throws Exception {
        ProcessBuilder script = new ProcessBuilder("sh", "bin/postern-setup")
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile());
        script.environment().keySet().removeIf(name -> name.startsWith("KARAF_") || name.startsWith("POSTERN_"));
        script.environment().put("KARAF_ETC", settings.toString());
        script.environment().put("KARAF_BASE", base.toString());
        Process run = script.start();
        assertThat(run.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return run.exitValue();
    }

    @Test
    void anEmptyFolderIsFilledAndANewerImageReplacesOnlyTheProgramsOwnFiles() throws Exception {
        setup();
        assertThat(settings.resolve("org.postern.ledger.cfg")).hasContent("readers = 6");
        assertThat(settings.resolve("startup.properties")).hasContent("version 1");
        assertThat(settings.resolve("scripts/some.script")).exists();
        Files.writeString(settings.resolve("org.postern.ledger.cfg"), "readers = 9\n");
        Files.writeString(settings.resolve("shell.init.script"), "mine\n");
        Files.writeString(home.resolve("etc/startup.properties"), "version 2\n");
        setup();
        assertThat(settings.resolve("startup.properties")).hasContent("version 2");
        assertThat(settings.resolve("org.postern.ledger.cfg")).hasContent("readers = 9");
        assertThat(settings.resolve("shell.init.script")).hasContent("mine");
    }

    /** With default settings it would open the ledger of an installation with other settings. */
    @Test
    void anInstallationWhoseSettingsAreInItsEtcIsNotStartedOnAnEmptyFolder() throws Exception {
        Files.createDirectories(home.resolve("etc/.defaults"));
        Files.writeString(home.resolve("etc/.defaults/org.postern.ledger.cfg"), "readers = 6\n");
        Files.writeString(home.resolve("etc/org.postern.ledger.cfg"), "readers = 9\n");
        assertThat(run(home)).isOne();
        assertThat(folder.resolve("said"))
                .content()
                .contains("NOT STARTED", home.resolve("etc").toString(), settings.toString());
        assertThat(settings.resolve("org.postern.ledger.cfg")).doesNotExist();
        // as the message says
        for (String name : new String[] {".defaults/org.postern.ledger.cfg", "org.postern.ledger.cfg"}) {
            Files.createDirectories(settings.resolve(name).getParent());
            Files.copy(home.resolve("etc").resolve(name), settings.resolve(name));
        }
        setup();
        assertThat(settings.resolve("org.postern.ledger.cfg")).hasContent("readers = 9");
    }

    /**
     * The settings in an etc/ that an installation uses belong to that installation; this one is another of the same
     * program.
     */
    @Test
    void settingsOfAnEtcInUseAreNotCopied() throws Exception {
        Files.createDirectories(home.resolve("etc/.defaults"));
        Files.writeString(home.resolve("etc/org.postern.hsm.software.cfg"), "production = false\n");
        assertThat(run(folder.resolve("other"))).isZero();
        assertThat(settings.resolve("startup.properties")).exists();
        assertThat(settings.resolve("org.postern.hsm.software.cfg")).doesNotExist();
    }
}
