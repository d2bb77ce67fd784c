package org.postern.appliance.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.postern.catalogue.Fault;
import org.postern.catalogue.PartHealth;

/**
 * The health that each part reported last. {@link #poll()} queries the parts, on a thread of its own;
 * {@link #troubles()} answers from memory. So a part whose check hangs makes the appliance unready, but never blocks a
 * health request.
 */
final class PartChecks {

    /** A poll of all parts takes microseconds; a check that takes longer than this hangs. */
    static final Duration HANGS_AFTER = Duration.ofSeconds(5);

    private final LongSupplier nanos;
    private final Set<PartHealth> parts = ConcurrentHashMap.newKeySet();
    private final Map<PartHealth, Optional<String>> reported = new ConcurrentHashMap<>();
    private volatile PartHealth polling;
    private volatile long pollingSince;

    /** @param nanos a monotonic clock in nanoseconds */
    PartChecks(LongSupplier nanos) {
        this.nanos = nanos;
    }

    void add(PartHealth part) {
        parts.add(part);
    }

    void remove(PartHealth part) {
        parts.remove(part);
        reported.remove(part);
    }

    /** Queries every part once. */
    void poll() {
        parts.forEach(part -> {
            pollingSince = nanos.getAsLong();
            polling = part;
            reported.put(part, ask(part));
            polling = null;
            // a part that was removed during its check leaves no entry behind
            if (!parts.contains(part)) {
                reported.remove(part);
            }
        });
    }

    private static Optional<String> ask(PartHealth part) {
        try {
            return part.trouble().map(Fault::toString);
        } catch (RuntimeException | LinkageError e) {
            // LinkageError: of a part whose bundle has just been refreshed
            return Optional.of("its check failed: " + e.getClass().getSimpleName());
        }
    }

    /**
     * Each part that reports its health, and its trouble, empty where there is none. A part that was not polled yet is
     * left out.
     */
    Map<String, Optional<String>> troubles() {
        Map<String, Optional<String>> now = new TreeMap<>();
        reported.forEach(
                (part, trouble) -> now.merge(part.part(), trouble, (one, other) -> one.isPresent() ? one : other));
        PartHealth hanging = polling;
        if (hanging != null && nanos.getAsLong() - pollingSince > HANGS_AFTER.toNanos()) {
            now.put(hanging.part(), Optional.of("its check has not answered for " + HANGS_AFTER.toSeconds() + " s"));
        }
        return now;
    }

    /** The remarks of the parts, by the parts' names; a part without remarks is left out. */
    Map<String, List<String>> remarks() {
        Map<String, List<String>> remarks = new TreeMap<>();
        for (PartHealth part : parts) {
            try {
                part.remarks()
                        .forEach(fault -> remarks.computeIfAbsent(part.part(), any -> new ArrayList<>())
                                .add(fault.toString()));
            } catch (RuntimeException | LinkageError e) {
                // poll() reports what is wrong with the part itself
            }
        }
        return remarks;
    }

    /** The figures that the parts provide, by metric name; values of the same name are added. */
    Map<String, Long> figures() {
        Map<String, Long> figures = new TreeMap<>();
        for (PartHealth part : parts) {
            try {
                part.figures().forEach((name, value) -> figures.merge(name, value, Long::sum));
            } catch (RuntimeException | LinkageError e) {
                // poll() reports what is wrong with the part; the figures of the others remain
            }
        }
        return figures;
    }
}
