package org.postern.broker.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Measures how long this disk takes to make a small write durable.
 *
 * <p>Artemis flushes its journal at most once per buffer timeout. Its embedded default of 3.33 ms makes a single sender
 * wait that long on any disk; a timeout much shorter than one sync only uses processor time. The timeout is therefore
 * the measured median.
 */
final class DiskProbe {

    private static final int WRITES = 40;
    private static final int BYTES = 4096;
    private static final int MIN_NANOS = 50_000;
    private static final int MAX_NANOS = 3_333_333;

    private DiskProbe() {}

    /**
     * Measures the disk under a folder.
     *
     * @param folder an existing folder
     * @return median duration of one synced write in nanoseconds, limited to the range from 50 microseconds to the
     *     default of Artemis
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
        return (int) Math.max(MIN_NANOS, Math.min(MAX_NANOS, nanos[WRITES / 2]));
    }
}
