package org.postern.benchmarks.appliance;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a virtual machine's objects take that something still holds. */
final class Heap {

    private static final Pattern USED = Pattern.compile("total \\d+K, used (\\d+)K");

    private Heap() {}

    /** Kibibytes in use right after a full collection, which this requests. */
    static long liveKibibytes(long pid) throws IOException, InterruptedException {
        Jcmd.run(pid, "GC.run");
        return parse(Jcmd.run(pid, "GC.heap_info"));
    }

    /** The sum over the generations that {@code jcmd GC.heap_info} names. */
    static long parse(String info) throws IOException {
        Matcher used = USED.matcher(info);
        long sum = 0;
        boolean found = false;
        while (used.find()) {
            sum += Long.parseLong(used.group(1));
            found = true;
        }
        if (!found) {
            throw new IOException("no heap use in the answer: " + info);
        }
        return sum;
    }
}
