package org.postern.simulator.dcc.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.simulator.dcc.SimulatorBounds;
import org.postern.simulator.devices.DeviceBounds;

/** The soak run in short: bounds are small, so that some thousand requests reach them. Sizes count, not time. */
class SoakTest {

    private static final int REQUESTS = 2_000;
    private static final SimulatorBounds SMALL =
            new SimulatorBounds(200, 50, 100, 2_000, 20, 40, 300, new DeviceBounds(10, 8, 5, 4));

    @TempDir
    private Path folder;

    @Test
    void noCollectionGoesBeyondItsBound() throws Exception {
        try (Soak soak = new Soak(folder.resolve("pki"), folder.resolve("events.jsonl"), 7, SMALL, 1)) {
            for (int part = 0; part < 10; part++) {
                soak.send(REQUESTS / 10);
                assertThat(soak.beyond()).isEmpty();
            }
            assertThat(soak.full())
                    .as("bounds that these requests reach")
                    .contains(
                            "dcc.counters",
                            "dcc.pre-commands-issued",
                            "dcc.replies",
                            "dcc.requests",
                            "device.account-changes",
                            "device.top-up-counters",
                            "gas.account-changes",
                            "recorder.requests");
            assertThat(soak.simulator().recorder().count("device.dropped"))
                    .as("replaced commands that left before their time")
                    .isPositive();
            assertThat(soak.acknowledged()).as("callbacks that came").isGreaterThan(REQUESTS / 2);
            assertThat(soak.refused()).as("requests that were refused").isLessThan(REQUESTS / 5);
        }
    }
}
