package org.postern.simulator.dcc.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.simulator.dcc.SimulatorBounds;
import org.postern.simulator.devices.CollectionSize;

/**
 * A million requests with the bounds that the simulator really has: {@code mvn -Psoak test -pl simulator/dcc}. Every
 * tenth part of the way the live heap and the size of every collection are printed. Fails where a collection is beyond
 * its bound, or where the heap grew in the second half, in which every bound that such requests can reach was reached.
 *
 * <p>{@code -Dsoak.requests=N} sends another number, which should be no less than a million: the bound of commands that
 * wait for their time is reached after about 450,000 requests, and until then the heap does grow.
 */
class MillionRequestsSoak {

    private static final int HOMES = 7;
    private static final int PARTS = 10;
    /** What collections that are not at their bounds yet, and caches of the JDK, may add. */
    private static final double MAX_GROWTH = 1.05;

    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 12, unit = java.util.concurrent.TimeUnit.HOURS)
    void theHeapDoesNotGrow() throws Exception {
        int requests = Integer.getInteger("soak.requests", 1_000_000);
        Path nowhere = Path.of("/dev/null");
        Path events = Files.exists(nowhere) ? nowhere : folder.resolve("events.jsonl");
        List<Long> heap = new ArrayList<>();
        try (Soak soak = new Soak(folder.resolve("pki"), events, HOMES, SimulatorBounds.DEFAULT, 1)) {
            long begun = System.nanoTime();
            for (int part = 1; part <= PARTS; part++) {
                soak.send(requests / PARTS);
                heap.add(Soak.liveHeap());
                System.out.printf(
                        "%d requests, %d s: live heap %.1f MiB, %d callbacks acknowledged, %d requests refused, "
                                + "%d tasks wait%n",
                        part * (requests / PARTS),
                        Duration.ofNanos(System.nanoTime() - begun).toSeconds(),
                        heap.get(part - 1) / 1024.0 / 1024.0,
                        soak.acknowledged(),
                        soak.refused(),
                        soak.tasks());
                soak.simulator().sizes().forEach(MillionRequestsSoak::print);
                assertThat(soak.beyond()).isEmpty();
            }
        }
        assertThat(heap.get(PARTS - 1)).isLessThan((long) (heap.get(PARTS / 2 - 1) * MAX_GROWTH));
    }

    private static void print(CollectionSize one) {
        System.out.printf("    %-28s %9d of %9d%n", one.name(), one.size(), one.bound());
    }
}
