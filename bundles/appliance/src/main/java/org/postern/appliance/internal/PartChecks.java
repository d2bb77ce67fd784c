package org.postern.appliance.internal;

import org.postern.catalogue.Fault;
import org.postern.catalogue.PartHealth;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;

/**
 * What the parts last said of themselves. {@link #look()} asks them, on a thread of its own; {@link #troubles()} answers from
 * memory, so that a part whose check hangs makes the appliance unready instead of making its health silent.
 */
final class PartChecks {

    /** A look at all parts takes microseconds; one that takes so long hangs. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private final LongSupplier nanos;
    private final Map<String, PartHealth> parts = new ConcurrentSkipListMap<>();
    private final Map<String, Optional<String>> said = new ConcurrentSkipListMap<>();
    private volatile String asking = "";
    private volatile long askedAt;

    /** @param nanos a monotonic clock in nanoseconds */
    PartChecks(LongSupplier nanos) {
        this.nanos = nanos;
    }

    void add(PartHealth part) {
        parts.put(part.part(), part);
    }

    void remove(PartHealth part) {
        if (parts.remove(part.part(), part)) {
            said.remove(part.part());
        }
    }

    /** Asks every part once. */
    void look() {
        parts.forEach((name, part) -> {
            askedAt = nanos.getAsLong();
            asking = name;
            said.put(name, ask(part));
            asking = "";
            // a part that went away while it was asked leaves nothing behind
            if (parts.get(name) != part) {
                said.remove(name);
            }
        });
    }

    private static Optional<String> ask(PartHealth part) {
        try {
            return part.trouble().map(Fault::toString);
        } catch (RuntimeException e) {
            return Optional.of("its check failed: " + e.getClass().getSimpleName());
        }
    }

    /** Each part that reports on itself, and its trouble, empty where there is none. A part not asked yet is left out. */
    Map<String, Optional<String>> troubles() {
        Map<String, Optional<String>> now = new LinkedHashMap<>(said);
        String hanging = asking;
        if (!hanging.isEmpty() && nanos.getAsLong() - askedAt > PATIENCE.toNanos()) {
            now.put(hanging, Optional.of("its check has not answered for " + PATIENCE.toSeconds() + " s"));
        }
        return now;
    }
}
