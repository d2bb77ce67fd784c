package org.postern.testkit;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.function.Supplier;

/** A clock in UTC whose time a test supplies. */
public final class AskedClock extends Clock {

    private final Supplier<Instant> now;

    /** @param now called for each reading of the clock */
    public AskedClock(Supplier<Instant> now) {
        this.now = Objects.requireNonNull(now, "now");
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }

    @Override
    public Instant instant() {
        return now.get();
    }
}
