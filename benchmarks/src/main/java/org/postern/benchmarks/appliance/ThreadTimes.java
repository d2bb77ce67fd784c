package org.postern.benchmarks.appliance;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * CPU time of a process by groups of its threads, as the operating system counts it. Threads are grouped by their names
 * up to the first number behind a dash or the like; the operating system stores fifteen characters of a name. What
 * threads did that have ended is not in it.
 *
 * @param groups name of the group to its time
 */
record ThreadTimes(Map<String, CpuTime> groups) {

    static ThreadTimes of(long pid) throws IOException {
        Map<String, CpuTime> groups = new TreeMap<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path thread : threads) {
                try {
                    CpuTime time = CpuTime.parse(Files.readString(thread.resolve("stat")));
                    groups.merge(
                            group(Files.readString(thread.resolve("comm")).strip()),
                            time,
                            (a, b) ->
                                    new CpuTime(a.userMillis() + b.userMillis(), a.kernelMillis() + b.kernelMillis()));
                } catch (NoSuchFileException e) {
                    // it has ended since the folder was listed
                }
            }
        }
        return new ThreadTimes(groups);
    }

    static String group(String thread) {
        String name = thread.replaceFirst("[-_#]\\d.*$", "");
        return name.isEmpty() ? thread : name;
    }

    ThreadTimes since(ThreadTimes earlier) {
        Map<String, CpuTime> since = new TreeMap<>();
        groups.forEach((name, time) ->
                since.put(name, time.since(earlier.groups.getOrDefault(name, new CpuTime(0, 0)))));
        return new ThreadTimes(since);
    }

    /** The busiest groups, one to a line, each with its part of all. */
    String table(int max) {
        double all = groups.values().stream().mapToLong(CpuTime::millis).sum();
        List<String> lines = groups.entrySet().stream()
                .sorted(Comparator.comparing(
                        (Map.Entry<String, CpuTime> group) -> -group.getValue().millis()))
                .limit(max)
                .map(group -> String.format(
                        Locale.ROOT,
                        "  %5.1f %%  (kernel %4.1f %%)  %s",
                        group.getValue().millis() / all * 100,
                        group.getValue().kernelMillis() / all * 100,
                        group.getKey()))
                .toList();
        return String.join(System.lineSeparator(), lines);
    }
}
