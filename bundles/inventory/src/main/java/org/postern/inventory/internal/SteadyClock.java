package org.postern.inventory.internal;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/**
 * A clock for intervals only. It is based on a monotonic clock, starts at 1970 and does not state the time of day, so
 * that changes of the system time do not delay checks.
 */
final class SteadyClock extends Clock {

    private final LongSupplier nanos;
    private final long start;

    /** @param nanos a monotonic clock in nanoseconds */
    SteadyClock(LongSupplier nanos) {
        this.nanos = nanos;
        this.start = nanos.getAsLong();
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH.plusNanos(nanos.getAsLong() - start);
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
