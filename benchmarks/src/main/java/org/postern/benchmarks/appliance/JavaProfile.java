package org.postern.benchmarks.appliance;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/**
 * Where a virtual machine's threads run Java code: a recording of Java Flight Recorder, summed by packages. A sample counts for the first
 * frame from the top that is of a named package; what runs inside the kernel or in native code shows in {@link ThreadTimes} instead.
 */
final class JavaProfile {

    /** Beginnings of class names, the longer before the shorter, and what they are called in the table. */
    private static final List<String> PACKAGES = List.of("org.postern.ledger", "org.postern.gatewayclient", "org.postern.servicerequests", "org.postern.duis",
            "org.postern.gbcs", "org.postern.parsecorrelate", "org.postern.inventory", "org.postern.hsm", "org.postern.ecprovider",
            "org.postern.securitylogging", "org.postern.broker", "org.postern.intake", "org.postern.dispatch", "org.postern.delivery",
            "org.postern", "org.sqlite", "com.zaxxer", "org.apache.activemq.artemis", "org.apache.camel", "io.netty", "org.eclipse.jetty",
            "jdk.internal.net.http", "sun.security.ssl", "com.fasterxml.jackson", "com.fasterxml.aalto", "io.micrometer", "org.messaginghub",
            "org.ops4j.pax.logging", "org.apache.felix", "com.amazon");

    private JavaProfile() {
    }

    /**
     * Before anything is warm. The first recording of a process changes classes of the JDK, for which JDK 17 gives up all code that was
     * compiled until then: a profile that was the first showed the compilers at work on all of it again.
     */
    static void prepare(long pid) throws IOException, InterruptedException {
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
        int all = 0;
        try (RecordingFile recording = new RecordingFile(file)) {
            while (recording.hasMoreEvents()) {
                RecordedEvent event = recording.readEvent();
                if (event.getEventType().getName().equals("jdk.ExecutionSample") && event.getStackTrace() != null) {
                    counts.merge(owner(event.getStackTrace()), 1, Integer::sum);
                    all++;
                }
            }
        }
        int samples = Math.max(1, all);
        return String.join(System.lineSeparator(), counts.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<String, Integer> count) -> -count.getValue()))
                .map(count -> String.format(Locale.ROOT, "  %5.1f %%  %s", count.getValue() * 100.0 / samples, count.getKey())).toList());
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
