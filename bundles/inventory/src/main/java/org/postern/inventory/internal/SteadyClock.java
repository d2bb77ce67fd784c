package org.postern.inventory.internal;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/**
 * For intervals alone: goes by a monotonic clock, begins at 1970 and knows no time of day, so that no jump of the wall
 * clock delays a look.
 */
final class SteadyClock extends Clock {

    private final LongSupplier nanos;
    private final long begun;

    /** @param nanos a monotonic clock in nanoseconds */
    SteadyClock(LongSupplier nanos) {
        this.nanos = nanos;
        this.begun = nanos.getAsLong();
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH.plusNanos(nanos.getAsLong() - begun);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
