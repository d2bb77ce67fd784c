package org.postern.benchmarks.appliance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * CPU time of a process as the operating system counts it, all threads together, those that have ended too.
 *
 * @param userMillis outside the kernel
 * @param kernelMillis inside the kernel on behalf of the process
 */
record CpuTime(long userMillis, long kernelMillis) {

    /** The unit of /proc: the kernel gives clock ticks of 1/100 s to user space on every architecture. */
    private static final long TICK_MILLIS = 10;
    /**
     * Fields of /proc/PID/stat after the name, which is the second and ends with the last bracket: utime is the 14th,
     * stime the 15th.
     */
    private static final int UTIME = 11;

    /** @throws IOException where there is no such process */
    static CpuTime of(long pid) throws IOException {
        return parse(Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
    }

    /** A line of /proc/PID/stat. */
    static CpuTime parse(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return new CpuTime(
                Long.parseLong(fields[UTIME]) * TICK_MILLIS, Long.parseLong(fields[UTIME + 1]) * TICK_MILLIS);
    }

    long millis() {
        return userMillis + kernelMillis;
    }

    CpuTime since(CpuTime earlier) {
        return new CpuTime(userMillis - earlier.userMillis, kernelMillis - earlier.kernelMillis);
    }
}
