package org.postern.catalogue;

import java.time.Duration;

/** Which party waits for the execution time of a future-dated request. */
public enum FutureDating {
    /** Not future-datable. */
    NONE,
    /** The DCC stores the request and sends it at the execution time. */
    DSP,
    /** The device receives the command immediately and executes it at the execution time. */
    DEVICE,
    /** Both patterns are in use (6.23). */
    DSP_AND_DEVICE;

    /**
     * The outcome of a future-dated request is expected within this period after its execution time (User Gateway
     * Services Schedule, target response times).
     */
    public static final Duration OUTCOME_WITHIN = Duration.ofHours(24);
}
