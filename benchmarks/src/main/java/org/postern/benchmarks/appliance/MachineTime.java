package org.postern.benchmarks.appliance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What all processors of the machine have done since it started, by all processes.
 *
 * @param busyMillis at work
 * @param totalMillis at work or idle
 */
record MachineTime(long busyMillis, long totalMillis) {

    private static final long TICK_MILLIS = 10;
    /** Columns of the line {@code cpu} in /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal. */
    private static final int COLUMNS = 8;

    private static final int IDLE = 3;
    private static final int IOWAIT = 4;

    static MachineTime now() throws IOException {
        return parse(Files.readAllLines(Path.of("/proc/stat")).get(0));
    }

    /** The first line of /proc/stat. */
    static MachineTime parse(String line) {
        String[] fields = line.trim().split("\\s+");
        long total = 0;
        long idle = 0;
        for (int i = 0; i < COLUMNS; i++) {
            long ticks = Long.parseLong(fields[i + 1]);
            total += ticks;
            idle += i == IDLE || i == IOWAIT ? ticks : 0;
        }
        return new MachineTime((total - idle) * TICK_MILLIS, total * TICK_MILLIS);
    }

    MachineTime since(MachineTime earlier) {
        return new MachineTime(busyMillis - earlier.busyMillis, totalMillis - earlier.totalMillis);
    }
}
