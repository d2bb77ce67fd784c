package org.postern.servicerequests.internal.lifecycle;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * Delay between attempts: doubled each time up to a maximum, with a random value from the upper half so that many
 * retries are not made at the same time.
 */
public final class Backoff {

    private static final int MAX_DOUBLINGS = 20;

    private final Duration first;
    private final Duration cap;
    private final DoubleSupplier random;

    public Backoff(Duration first, Duration cap) {
        this(first, cap, () -> ThreadLocalRandom.current().nextDouble());
    }

    /** @param random position in the upper half, from 0 to below 1 */
    public Backoff(Duration first, Duration cap, DoubleSupplier random) {
        this.first = first;
        this.cap = cap;
        this.random = random;
    }

    /**
     * The delay before the next attempt.
     *
     * @param attempts number of failed attempts, at least 1
     */
    public Duration after(int attempts) {
        long full = first.toMillis() << Math.min(Math.max(attempts - 1, 0), MAX_DOUBLINGS);
        long capped = Math.min(full, cap.toMillis());
        return Duration.ofMillis(capped / 2 + (long) (random.getAsDouble() * (capped - capped / 2)));
    }
}
