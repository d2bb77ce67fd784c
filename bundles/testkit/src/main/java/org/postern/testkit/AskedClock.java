package org.postern.testkit;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.function.Supplier;

/** A clock that a test sets: whoever asks it gets what the test says then. In UTC. */
public final class AskedClock extends Clock {

    private final Supplier<Instant> now;

    /** @param now asked each time */
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
