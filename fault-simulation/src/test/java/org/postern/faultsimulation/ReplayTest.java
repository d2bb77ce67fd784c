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
        List<String> one = trace("one");
        List<String> other = trace("other");
        assertThat(one).hasSizeGreaterThan(200).isEqualTo(other);
    }

    private List<String> trace(String name) throws Exception {
        Path out = folder.resolve(name);
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m", "-cp",
                System.getProperty("java.class.path"), Main.class.getName(), "--seed", "5", "--requests", "60", "--trace")
                .redirectErrorStream(true).redirectOutput(out.toFile()).start();
        try {
            assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).as("it ends").isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(out)).isZero();
        return Files.readAllLines(out);
    }
}
