package org.postern.broker.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * How long this disk takes to make a small write durable.
 *
 * <p>Artemis flushes its journal at most once per buffer timeout. Its embedded default of 3.33 ms makes a lone sender
 * wait that long on any disk; much less than one sync only burns processor time. So the timeout is the measured median.
 */
final class DiskProbe {

    private static final int WRITES = 40;
    private static final int BYTES = 4096;
    private static final int LEAST_NANOS = 50_000;
    private static final int MOST_NANOS = 3_333_333;

    private DiskProbe() {}

    /**
     * Measures the disk under a folder.
     *
     * @param folder an existing folder
     * @return median nanoseconds of one synced write, kept between 50 microseconds and Artemis' default
     * @throws IOException if the folder cannot be written
     */
    static int syncNanos(Path folder) throws IOException {
        Path file = Files.createTempFile(folder, "probe", ".tmp");
        long[] nanos = new long[WRITES];
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int i = 0; i < WRITES; i++) {
                long start = System.nanoTime();
                channel.write(ByteBuffer.allocate(BYTES));
                channel.force(false);
                nanos[i] = System.nanoTime() - start;
            }
        } finally {
            Files.deleteIfExists(file);
        }
        Arrays.sort(nanos);
        return (int) Math.max(LEAST_NANOS, Math.min(MOST_NANOS, nanos[WRITES / 2]));
    }
}
