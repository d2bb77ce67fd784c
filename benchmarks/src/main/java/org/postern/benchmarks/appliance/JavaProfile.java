package org.postern.benchmarks.appliance;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/**
 * Where a virtual machine's threads run Java code: a recording of Java Flight Recorder, summed by packages. A sample
 * counts for the first frame from the top that is of a named package; what runs inside the kernel or in native code
 * shows in {@link ThreadTimes} instead.
 */
final class JavaProfile {

    /** Beginnings of class names, the longer before the shorter, and what they are called in the table. */
    private static final List<String> PACKAGES = List.of(
            "org.postern.ledger",
            "org.postern.gatewayclient",
            "org.postern.servicerequests",
            "org.postern.duis",
            "org.postern.gbcs",
            "org.postern.parsecorrelate",
            "org.postern.inventory",
            "org.postern.hsm",
            "org.postern.ecprovider",
            "org.postern.securitylogging",
            "org.postern.broker",
            "org.postern.intake",
            "org.postern.dispatch",
            "org.postern.delivery",
            "org.postern",
            "org.sqlite",
            "com.zaxxer",
            "org.apache.activemq.artemis",
            "org.apache.camel",
            "io.netty",
            "org.eclipse.jetty",
            "jdk.internal.net.http",
            "sun.security.ssl",
            "com.fasterxml.jackson",
            "com.fasterxml.aalto",
            "io.micrometer",
            "org.messaginghub",
            "org.ops4j.pax.logging",
            "org.apache.felix",
            "com.amazon");

    private static final int STACK_DEPTH = 256;

    private JavaProfile() {}

    /**
     * Before anything is warm. The first recording of a process changes classes of the JDK, for which JDK 17 gives up
     * all code that was compiled until then: a profile that was the first showed the compilers at work on all of it
     * again.
     */
    static void prepare(long pid) throws IOException, InterruptedException {
        // the stacks of routes are deep: cut off at JFR's 64 frames, a sample would not say which step it belongs to
        Jcmd.run(pid, "JFR.configure", "stackdepth=" + STACK_DEPTH);
        Jcmd.run(pid, "JFR.start", "name=prepare", "settings=profile");
        Jcmd.run(pid, "JFR.stop", "name=prepare");
    }

    /** Records that process for that long; {@link #prepare} was called before. */
    static void record(long pid, Path file, Duration length) throws IOException, InterruptedException {
        Jcmd.run(pid, "JFR.start", "name=benchmark", "settings=profile");
        TimeUnit.MILLISECONDS.sleep(length.toMillis());
        Jcmd.run(pid, "JFR.stop", "name=benchmark", "filename=" + file.toAbsolutePath());
    }

    /** The packages with most samples of running Java code, one to a line. */
    static String table(Path file) throws IOException {
        Map<String, Integer> counts = new HashMap<>();
        int all = samples(file, event -> counts.merge(owner(event.getStackTrace()), 1, Integer::sum));
        return String.join(System.lineSeparator(), lines(counts, all, Integer.MAX_VALUE, "  "));
    }

    /**
     * For the busiest groups of threads the methods that are on most of their stacks, themselves or by what they call:
     * of all samples.
     */
    static String methods(Path file, int groups, int methods) throws IOException {
        Map<String, Integer> threads = new HashMap<>();
        Map<String, Map<String, Integer>> inside = new HashMap<>();
        int all = samples(file, event -> {
            RecordedThread thread = event.getThread("sampledThread");
            String name =
                    thread == null || thread.getJavaName() == null ? "other" : ThreadTimes.group(thread.getJavaName());
            threads.merge(name, 1, Integer::sum);
            Map<String, Integer> counts = inside.computeIfAbsent(name, none -> new HashMap<>());
            Set<String> once = new HashSet<>();
            for (RecordedFrame frame : event.getStackTrace().getFrames()) {
                String method = frame.getMethod().getType().getName() + "."
                        + frame.getMethod().getName();
                // a lambda's class has another name in each process; its method is named too
                if (!method.contains("$$Lambda") && once.add(method)) {
                    counts.merge(method, 1, Integer::sum);
                }
            }
        });
        List<String> lines = new ArrayList<>();
        threads.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(groups)
                .forEach(group -> {
                    lines.addAll(lines(Map.of(group.getKey(), group.getValue()), all, 1, "  "));
                    lines.addAll(lines(inside.get(group.getKey()), all, methods, "      "));
                });
        return String.join(System.lineSeparator(), lines);
    }

    private static List<String> lines(Map<String, Integer> counts, int all, int max, String before) {
        return counts.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<String, Integer> count) -> -count.getValue())
                        .thenComparing(Map.Entry::getKey))
                .limit(max)
                .map(count -> String.format(
                        Locale.ROOT,
                        "%s%5.1f %%  %s",
                        before,
                        count.getValue() * 100.0 / Math.max(1, all),
                        count.getKey()))
                .toList();
    }

    /** How many samples of running Java code there are; each is shown. */
    private static int samples(Path file, Consumer<RecordedEvent> shown) throws IOException {
        int all = 0;
        try (RecordingFile recording = new RecordingFile(file)) {
            while (recording.hasMoreEvents()) {
                RecordedEvent event = recording.readEvent();
                if (event.getEventType().getName().equals("jdk.ExecutionSample") && event.getStackTrace() != null) {
                    shown.accept(event);
                    all++;
                }
            }
        }
        return all;
    }

    private static String owner(RecordedStackTrace stack) {
        for (RecordedFrame frame : stack.getFrames()) {
            String type = frame.getMethod().getType().getName();
            for (String beginning : PACKAGES) {
                if (type.startsWith(beginning)) {
                    return beginning;
                }
            }
        }
        return "other";
    }
}
