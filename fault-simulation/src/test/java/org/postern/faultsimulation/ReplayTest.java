package org.postern.faultsimulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A seed is the same day in every process, whatever the process has of the machine: collector, heap, processors,
 * language, time zone, compiler, and what objects have as their identity, which is another order in many a table.
 */
class ReplayTest {

    /** Seed 19 with 60 requests gave three traces in seven processes. */
    private static final String FIRST = "19";

    private static final String REQUESTS = "60";
    private static final long MINUTES = 20;
    private static final List<List<String>> WAYS = List.of(
            List.of("-Xmx1g", "-XX:+UseSerialGC"),
            List.of(
                    "-Xmx512m",
                    "-XX:+UseParallelGC",
                    "-XX:ActiveProcessorCount=1",
                    "-XX:hashCode=2",
                    "-Duser.timezone=Asia/Tokyo",
                    "-Duser.language=tr",
                    "-Duser.country=TR"),
            List.of(
                    "-Xmx700m",
                    "-XX:+UseG1GC",
                    "-XX:ActiveProcessorCount=8",
                    "-XX:hashCode=3",
                    "-XX:TieredStopAtLevel=1",
                    "-Duser.timezone=America/St_Johns",
                    "-Duser.language=ar"));

    private final String seeds = System.getProperty("postern.simulation.replays", "2");

    @TempDir
    Path folder;

    @Test
    void aSeedGivesTheSameTraceInEveryProcess() throws Exception {
        List<String> first = trace(0);
        assertThat(first)
                .as("the seeds are hard ones")
                .anyMatch(line -> line.contains(" killed within a commit"))
                .anyMatch(line -> line.contains(" killed after "))
                .anyMatch(line -> line.contains("begins: database away"))
                .anyMatch(line -> line.contains("begins: disk full"))
                .anyMatch(line -> line.contains(" ledger requests "))
                .anyMatch(line -> line.contains(" signed SIGN_PRE_COMMAND "))
                .anyMatch(line -> line.startsWith("seeds 19 to ") && line.endsWith(" with 60 requests each"));
        for (int way = 1; way < WAYS.size(); way++) {
            assertThat(trace(way)).as("%s", WAYS.get(way)).isEqualTo(first);
        }
    }

    private List<String> trace(int way) throws Exception {
        Path own = Files.createDirectories(folder.resolve("way-" + way));
        Path out = folder.resolve("trace-" + way);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UnlockExperimentalVMOptions",
                "-Djava.io.tmpdir=" + own));
        command.addAll(WAYS.get(way));
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--seed",
                FIRST,
                "--seeds",
                seeds,
                "--requests",
                REQUESTS,
                "--trace"));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).as("it ends").isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(out)).isZero();
        return Files.readAllLines(out);
    }
}
