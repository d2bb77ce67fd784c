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
 * What the parts last said of themselves. {@link #look()} asks them, on a thread of its own; {@link #troubles()}
 * answers from memory, so that a part whose check hangs makes the appliance unready instead of making its health
 * silent.
 */
final class PartChecks {

    /** A look at all parts takes microseconds; one that takes so long hangs. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private final LongSupplier nanos;
    private final Set<PartHealth> parts = ConcurrentHashMap.newKeySet();
    private final Map<PartHealth, Optional<String>> said = new ConcurrentHashMap<>();
    private volatile PartHealth asking;
    private volatile long askedAt;

    /** @param nanos a monotonic clock in nanoseconds */
    PartChecks(LongSupplier nanos) {
        this.nanos = nanos;
    }

    void add(PartHealth part) {
        parts.add(part);
    }

    void remove(PartHealth part) {
        parts.remove(part);
        said.remove(part);
    }

    /** Asks every part once. */
    void look() {
        parts.forEach(part -> {
            askedAt = nanos.getAsLong();
            asking = part;
            said.put(part, ask(part));
            asking = null;
            // a part that went away while it was asked leaves nothing behind
            if (!parts.contains(part)) {
                said.remove(part);
            }
        });
    }

    private static Optional<String> ask(PartHealth part) {
        try {
            return part.trouble().map(Fault::toString);
        } catch (RuntimeException | LinkageError e) {
            // the latter of a part whose bundle has just been refreshed
            return Optional.of("its check failed: " + e.getClass().getSimpleName());
        }
    }

    /**
     * Each part that reports on itself, and its trouble, empty where there is none. A part not asked yet is left out.
     */
    Map<String, Optional<String>> troubles() {
        Map<String, Optional<String>> now = new TreeMap<>();
        said.forEach((part, trouble) -> now.merge(part.part(), trouble, (one, other) -> one.isPresent() ? one : other));
        PartHealth hanging = asking;
        if (hanging != null && nanos.getAsLong() - askedAt > PATIENCE.toNanos()) {
            now.put(hanging.part(), Optional.of("its check has not answered for " + PATIENCE.toSeconds() + " s"));
        }
        return now;
    }

    /** What the parts remark of themselves, by their names; a part without remarks is left out. */
    Map<String, List<String>> remarks() {
        Map<String, List<String>> remarks = new TreeMap<>();
        for (PartHealth part : parts) {
            try {
                part.remarks()
                        .forEach(fault -> remarks.computeIfAbsent(part.part(), any -> new ArrayList<>())
                                .add(fault.toString()));
            } catch (RuntimeException | LinkageError e) {
                // what is wrong with the part itself, look() finds
            }
        }
        return remarks;
    }

    /** The figures that the parts give, by metric name; of a name that comes twice, the sum. */
    Map<String, Long> figures() {
        Map<String, Long> figures = new TreeMap<>();
        for (PartHealth part : parts) {
            try {
                part.figures().forEach((name, value) -> figures.merge(name, value, Long::sum));
            } catch (RuntimeException | LinkageError e) {
                // as above: one part does not take the others' figures away
            }
        }
        return figures;
    }
}
