package org.postern.ledger.internal;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;

/**
 * The one clock of the ledger: another may be handed in while it is open. What in the ledger takes its time from where:
 *
 * <table>
 * <caption>Time in the ledger</caption>
 * <tr><td>ids; times of requests, transitions, documents, deliveries, remarks, evidence</td><td>this clock</td></tr>
 * <tr><td>the floor under a block of counters</td><td>this clock</td></tr>
 * <tr><td>what is due and overdue</td><td>the caller's, as an argument</td></tr>
 * <tr><td>how long the database has not answered, distances of looks and checks</td><td>the monotonic clock</td></tr>
 * <tr><td>whether a file is older than this process</td><td>the machine's, as the file system's times are</td></tr>
 * </table>
 */
final class HandedClock extends Clock {

    private volatile Clock clock;

    HandedClock(Clock first) {
        clock = Objects.requireNonNull(first, "first");
    }

    void take(Clock next) {
        clock = Objects.requireNonNull(next, "next");
    }

    @Override
    public Instant instant() {
        return clock.instant();
    }

    @Override
    public ZoneId getZone() {
        return clock.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return clock.withZone(zone);
    }
}
