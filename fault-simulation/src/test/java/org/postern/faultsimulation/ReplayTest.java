package org.postern.faultsimulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A seed is the same day in every process: with other keys, and so with other signatures. */
class ReplayTest {

    private static final long MINUTES = 8;

    @TempDir
    Path folder;

    @Test
    void aSeedGivesTheSameTraceInTwoProcesses() throws Exception {
        Process one = begun("one");
        Process other = begun("other");
        List<String> trace = trace(one, "one");
        assertThat(trace).hasSizeGreaterThan(100).isEqualTo(trace(other, "other"));
    }

    private Process begun(String name) throws Exception {
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m", "-cp",
                System.getProperty("java.class.path"), Main.class.getName(), "--seed", "5", "--requests", "40", "--trace")
                .redirectErrorStream(true).redirectOutput(folder.resolve(name).toFile()).start();
    }

    private List<String> trace(Process process, String name) throws Exception {
        Path out = folder.resolve(name);
        try {
            assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).as("it ends").isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(out)).isZero();
        return Files.readAllLines(out);
    }
}
