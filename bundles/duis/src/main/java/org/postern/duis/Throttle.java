package org.postern.duis;

import java.util.Objects;
import java.util.Optional;

/**
 * How the DCC has collapsed repeated alerts into one (DUIS, throttled alerts).
 *
 * @param sequenceId which run of collapsed alerts, unsigned 32 bits
 * @param count how many alerts this one stands for, unsigned 32 bits
 */
public record Throttle(Optional<Long> sequenceId, Optional<Long> count) {

    /** Not collapsed. */
    public static final Throttle NONE = new Throttle(Optional.empty(), Optional.empty());

    public Throttle {
        Objects.requireNonNull(sequenceId, "sequenceId");
        Objects.requireNonNull(count, "count");
    }
}
