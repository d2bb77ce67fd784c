package org.postern.ledger.internal;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;

/**
 * The clock of the ledger, which can be replaced while the ledger is open. Sources of time in the ledger:
 *
 * <table>
 * <caption>Time in the ledger</caption>
 * <tr><td>ids; times of requests, transitions, documents, deliveries, remarks, evidence</td><td>this clock</td></tr>
 * <tr><td>the lower limit of a block of counters</td><td>this clock</td></tr>
 * <tr><td>the time for what is due and overdue</td><td>the caller's, as an argument</td></tr>
 * <tr><td>how long the database has not answered; intervals of probes and checks</td><td>the monotonic clock</td></tr>
 * <tr><td>whether a file is older than this process</td><td>the system clock, which the file system uses too</td></tr>
 * </table>
 */
final class ReplaceableClock extends Clock {

    private volatile Clock clock;

    ReplaceableClock(Clock first) {
        clock = Objects.requireNonNull(first, "first");
    }

    void replace(Clock next) {
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
