package org.postern.catalogue;

import java.time.Duration;

/** Who waits for the execution time of a future-dated request. */
public enum FutureDating {
    /** Not future-datable. */
    NONE,
    /** The DCC keeps the request and sends it at its time. */
    DSP,
    /** The device is told now and executes at its time. */
    DEVICE,
    /** Both patterns are in use (6.23). */
    DSP_AND_DEVICE;

    /**
     * The outcome of a dated request is due this long after its time (User Gateway Services Schedule, target response
     * times).
     */
    public static final Duration OUTCOME_WITHIN = Duration.ofHours(24);
}
