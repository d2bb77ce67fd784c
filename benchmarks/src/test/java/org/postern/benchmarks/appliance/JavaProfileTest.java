package org.postern.benchmarks.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaProfileTest {

    private static final long CPU_NANOS = TimeUnit.SECONDS.toNanos(1);

    @TempDir
    Path folder;

    private volatile int found;

    @Test
    void saysWhichThreadRanWhatAndForWhichPackage() throws Exception {
        Path file = folder.resolve("own.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.ExecutionSample").withPeriod(Duration.ofMillis(10));
            recording.start();
            Thread thread = new Thread(this::burn, "burner-7");
            thread.start();
            thread.join();
            recording.stop();
            recording.dump(file);
        }
        assertThat(JavaProfile.methods(file, 1, 10))
                .contains("%  burner" + System.lineSeparator())
                .contains(JavaProfileTest.class.getName() + ".burn");
        assertThat(JavaProfile.table(file)).contains("%  org.postern");
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread burns
    private void burn() {
        while (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() < CPU_NANOS) {
            for (int i = 0; i < 100_000; i++) {
                found = found + Integer.toString(i * found).length();
            }
        }
    }
}
