package org.postern.benchmarks.appliance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Memory of a process that is in the machine's memory, as the operating system counts it: heap, code, threads and files
 * that are mapped.
 */
final class Resident {

    private static final Pattern LINE = Pattern.compile("^VmRSS:\\s+(\\d+) kB$", Pattern.MULTILINE);
    private static final long KIBIBYTES = 1024;

    private Resident() {}

    /** Mebibytes of that process now. */
    static long megabytes(long pid) throws IOException {
        return kibibytes(Files.readString(Path.of("/proc", Long.toString(pid), "status"))) / KIBIBYTES;
    }

    /** A file /proc/PID/status. */
    static long kibibytes(String status) throws IOException {
        Matcher line = LINE.matcher(status);
        if (!line.find()) {
            throw new IOException("no VmRSS in: " + status);
        }
        return Long.parseLong(line.group(1));
    }
}
