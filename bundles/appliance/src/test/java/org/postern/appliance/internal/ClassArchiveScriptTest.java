package org.postern.appliance.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code bin/setenv} as a start uses it: which class archive it uses, and which ones it removes. */
class ClassArchiveScriptTest {

    private static final Path SCRIPT = Path.of("../../karaf-assembly/src/main/resources/bin/setenv");
    /** The first bytes of a complete archive of the JDK, on a little-endian machine. */
    private static final byte[] WHOLE = {(byte) 0xa8, (byte) 0xab, 0x0b, (byte) 0xf0};

    @TempDir
    Path folder;

    /** The names of folders may contain what a shell would take for a pattern. */
    @ParameterizedTest
    @ValueSource(strings = {"home", "release [2]", "a*b?"})
    void theArchiveOfThisBuildIsTakenAndStaysAndAllOthersGo(String name) throws Exception {
        Path home = home(name.replace(' ', '-'));
        Path classes = home.resolve("data/classes");
        // where the process would write it when it is stopped
        Path written = Path.of(option(start(home), "-XX:ArchiveClassesAtExit="));
        assertThat(written.getParent()).isEqualTo(classes);
        Files.write(written, WHOLE);
        Files.writeString(classes.resolve("12.34.jsa"), "of another build");
        String kept = option(start(home), "-XX:SharedArchiveFile=");
        assertThat(files(classes)).as("the one that is used").containsExactly(Path.of(kept));
        assertThat(option(start(home), "-XX:SharedArchiveFile="))
                .as("at the next start too")
                .isEqualTo(kept);
        assertThat(files(classes)).containsExactly(Path.of(kept));
    }

    /** With many altered archives the JDK would abort, at every start. */
    @Test
    void anAlteredArchiveIsNotUsed() throws Exception {
        Path home = home("home");
        Path kept = kept(home);
        byte[] altered = Files.readAllBytes(kept);
        altered[altered.length - 1] ^= 1;
        Files.write(kept, altered);
        assertThat(start(home)).contains("-XX:ArchiveClassesAtExit=").doesNotContain("-XX:SharedArchiveFile=");
        assertThat(kept).doesNotExist();
    }

    @Test
    void otherFilesInTheFolderStay() throws Exception {
        Path home = home("home");
        Path others = Files.createDirectories(home.resolve("data/classes/theirs"));
        Files.writeString(others.resolve("1.2.jsa"), "not ours");
        Files.writeString(home.resolve("data/classes/note.txt"), "not ours");
        kept(home);
        assertThat(others.resolve("1.2.jsa")).exists();
        assertThat(home.resolve("data/classes/note.txt")).exists();
    }

    @Test
    void aFileInPlaceOfTheFolderStaysAndIsReported() throws Exception {
        Path home = home("home");
        Files.delete(home.resolve("data/classes"));
        Files.writeString(home.resolve("data/classes"), "not ours");
        assertThat(start(home)).contains("no class archive is written").doesNotContain("-XX:ArchiveClassesAtExit=");
        assertThat(home.resolve("data/classes")).hasContent("not ours");
    }

    /** For example /usr/local/bin/postern: files beside the link are not part of the installation. */
    @Test
    void aStartByASymbolicLinkUsesTheInstallationOfItsTarget() throws Exception {
        Path home = home("home");
        Path elsewhere = home("elsewhere");
        Files.delete(elsewhere.resolve("bin/start"));
        Files.createSymbolicLink(elsewhere.resolve("bin/postern"), home.resolve("bin/start"));
        Path other = Files.writeString(elsewhere.resolve("data/classes/1.2.jsa"), "not ours");
        Path written = Path.of(option(start(elsewhere, "bin/postern"), "-XX:ArchiveClassesAtExit="));
        assertThat(written.getParent()).isEqualTo(home.resolve("data/classes"));
        assertThat(other).exists();
    }

    /** The JDK does not start if it has an agent and is to write the archive. */
    @Test
    void aStartWithADebuggerOrAnotherAgentWritesNoArchive() throws Exception {
        Path home = home("home");
        List<String> start = List.of("sh", "bin/start");
        assertThat(run(home, List.of("sh", "bin/start", "debug"), Map.of()))
                .contains("-Xmx")
                .doesNotContain("ClassesAtExit");
        assertThat(run(home, List.of("sh", "bin/start", "debugs", "server"), Map.of()))
                .doesNotContain("ClassesAtExit");
        assertThat(run(home, start, Map.of("KARAF_DEBUG", "1"))).doesNotContain("ClassesAtExit");
        assertThat(run(home, start, Map.of("EXTRA_JAVA_OPTS", "-javaagent:profiler.jar")))
                .doesNotContain("ClassesAtExit");
        assertThat(run(home, List.of("sh", "bin/start", "server"), Map.of())).contains("ClassesAtExit");
    }

    /** An installation with only those files that bin/setenv needs. */
    private Path home(String name) throws Exception {
        assumeTrue(Files.isReadable(Path.of("/proc/sys/kernel/random/boot_id")));
        Path home = folder.resolve(name);
        for (String each : new String[] {"bin", "share", "data/classes"}) {
            Files.createDirectories(home.resolve(each));
        }
        Files.copy(SCRIPT, home.resolve("bin/setenv"));
        // a start sets up first
        Files.writeString(home.resolve("bin/postern-setup"), "#!/bin/sh\n");
        assertThat(home.resolve("bin/postern-setup").toFile().setExecutable(true))
                .isTrue();
        // as Karaf's scripts do: resolve symbolic links, then read the settings
        Files.writeString(home.resolve("bin/start"), """
                DIRNAME=$(dirname "$(readlink -f "$0")")
                . "$DIRNAME/setenv"
                printf '%s\\n' "$EXTRA_JAVA_OPTS"
                """);
        Files.writeString(home.resolve("share/build"), "1");
        return home;
    }

    /** The archive that a start uses after an orderly stop. */
    private Path kept(Path home) throws Exception {
        Files.write(Path.of(option(start(home), "-XX:ArchiveClassesAtExit=")), WHOLE);
        return Path.of(option(start(home), "-XX:SharedArchiveFile="));
    }

    private static List<Path> files(Path classes) throws Exception {
        try (Stream<Path> files = Files.list(classes)) {
            return files.toList();
        }
    }

    private static String option(String options, String name) {
        return Stream.of(options.split("\\s"))
                .filter(option -> option.startsWith(name))
                .map(option -> option.substring(name.length()))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in: " + options));
    }

    private String start(Path home) throws Exception {
        return start(home, "bin/start");
    }

    private String start(Path home, String by) throws Exception {
        return run(home, List.of("sh", by), Map.of());
    }

    private String run(Path home, List<String> command, Map<String, String> variables) throws Exception {
        Path said = folder.resolve("said");
        ProcessBuilder script = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        script.environment()
                .keySet()
                .removeIf(variable -> variable.startsWith("KARAF_")
                        || variable.startsWith("POSTERN_")
                        || variable.equals("EXTRA_JAVA_OPTS"));
        script.environment().put("JAVA_HOME", System.getProperty("java.home"));
        script.environment().putAll(variables);
        Process run = script.start();
        assertThat(run.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String text = Files.readString(said);
        assertThat(run.exitValue()).as(text).isZero();
        return text;
    }
}
