package org.postern.servicerequests.internal.lifecycle;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * Growing distance between attempts: doubled each time up to a cap, and drawn from the upper half so that many do not
 * come at once.
 */
public final class Backoff {

    private static final int MOST_DOUBLINGS = 20;

    private final Duration first;
    private final Duration cap;
    private final DoubleSupplier random;

    public Backoff(Duration first, Duration cap) {
        this(first, cap, () -> ThreadLocalRandom.current().nextDouble());
    }

    /** @param random where in the upper half, from 0 to below 1 */
    public Backoff(Duration first, Duration cap, DoubleSupplier random) {
        this.first = first;
        this.cap = cap;
        this.random = random;
    }

    /**
     * The distance to the next attempt.
     *
     * @param attempts how many have failed, from 1
     */
    public Duration after(int attempts) {
        long full = first.toMillis() << Math.min(Math.max(attempts - 1, 0), MOST_DOUBLINGS);
        long capped = Math.min(full, cap.toMillis());
        return Duration.ofMillis(capped / 2 + (long) (random.getAsDouble() * (capped - capped / 2)));
    }
}
