package org.postern.benchmarks.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.simulator.pki.Population;
import org.postern.testkit.Await;

class FilePumpTest {

    private static final Duration MOST = Duration.ofSeconds(30);

    @TempDir
    Path state;

    @Test
    void aResultIsKnownByTheFileAndItsLine() {
        assertThat(FilePump.number("load-1700-1-r01a2278cccdc-4592eeab913791fd.result.json"))
                .isEqualTo(1700);
        assertThat(FilePump.number("load-1700-250-x.json")).isEqualTo(1949);
    }

    @Test
    void itHandsInWholeFilesAndTakesTheResults() throws Exception {
        Path intake = Files.createDirectories(state.resolve("intake"));
        Path results = Files.createDirectories(state.resolve("results"));
        InFlight inFlight = new InFlight();
        try (FilePump pump = new FilePump(state, inFlight)) {
            pump.use(new Requests(Load.only("4.1.1"), new Population(1, 2)), 3);
            Path file = intake.resolve("load-0");
            Await.until("a file", MOST, () -> Files.exists(file));
            List<String> lines = Files.readAllLines(file);
            assertThat(lines).hasSize(3).allMatch(line -> line.contains("4.1.1"));
            pump.use(null, 0);
            Files.writeString(results.resolve("load-0-2-x.json"), "{}");
            Await.until("its result is taken", MOST, () -> inFlight.finished() == 1);
            assertThat(inFlight.open()).isEqualTo(2);
            assertThat(results).isEmptyDirectory();
            assertThat(pump.trouble()).isEmpty();
        }
    }
}
