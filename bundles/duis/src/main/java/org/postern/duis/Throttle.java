package org.postern.duis;

import java.util.Objects;
import java.util.Optional;

/**
 * How the DCC has combined repeated alerts into one (DUIS, throttled alerts).
 *
 * @param sequenceId identifier of the series of combined alerts, unsigned 32 bits
 * @param count number of alerts that were combined into this one, unsigned 32 bits
 */
public record Throttle(Optional<Long> sequenceId, Optional<Long> count) {

    /** Not throttled. */
    public static final Throttle NONE = new Throttle(Optional.empty(), Optional.empty());

    public Throttle {
        Objects.requireNonNull(sequenceId, "sequenceId");
        Objects.requireNonNull(count, "count");
    }
}
