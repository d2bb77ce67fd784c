package org.postern.servicerequests.internal.lifecycle;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.postern.catalogue.Fault;
import org.postern.servicerequests.Metrics;
import org.postern.servicerequests.ServiceRequestFault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A clock for the time of day that does not follow jumps. It follows the wall clock as long as wall clock and monotonic
 * clock agree on the elapsed time. If the wall clock jumps, it continues with the monotonic clock only, so that nothing
 * waits longer or ends earlier than it should, and it counts as not trusted: irreversible decisions (overdue, giving
 * up) must wait. It is trusted again when the wall clock agrees again, when a document of the DCC contains the wall
 * clock's time, or when a person confirms the wall clock. The confirmation of a person takes precedence over times in
 * DCC documents: the difference at that moment is accepted from then on.
 *
 * <p>At the start the wall clock is compared with the ledger: a wall clock that is behind its newest entry, or far
 * ahead of it, is not trusted. A wall clock in between may still be wrong until a time service corrects it, so
 * irreversible decisions wait until it is confirmed by a document of the DCC, by a person, or by an hour without a
 * jump. A document of the DCC with a different time makes the clock doubtful at any time. Safe for use by several
 * threads.
 */
public final class TrustedClock extends Clock {

    private static final Logger LOG = LoggerFactory.getLogger(TrustedClock.class);
    /** More than any regular correction by a time service. */
    static final Duration TOLERANCE = Duration.ofSeconds(60);
    /** Maximum difference between the time in a document and the time at which it is received. */
    static final Duration DCC_TOLERANCE = Duration.ofMinutes(5);
    /** Maximum assumed downtime; after a longer one a person is expected to check the appliance. */
    static final Duration MAX_DOWNTIME = Duration.ofDays(30);

    /** A time service corrects a wrong clock within much less than this time after the start. */
    static final Duration CONFIRMED_AFTER = Duration.ofHours(1);

    private final Clock wall;
    private final LongSupplier nanos;
    private final Metrics metrics;
    private Instant base;
    private long baseNanos;
    private Optional<Doubt> doubt = Optional.empty();
    private boolean started;
    private long startedNanos;
    private boolean confirmed = true;
    private Instant newestDccTime = Instant.MIN;
    /** The time in the last document that the DCC had just created, and the monotonic time at which it was received. */
    private Optional<Instant> dccTime = Optional.empty();

    private long dccNanos;
    /** Difference between the DCC's time and the wall clock when a person last confirmed the wall clock. */
    private Duration confirmedOffset = Duration.ZERO;

    private enum Cause {
        JUMP,
        LEDGER,
        DCC
    }

    private record Doubt(Cause cause, String reason) {}

    /**
     * Creates a clock that trusts the wall clock initially.
     *
     * @param wall the time of day
     * @param nanos a monotonic clock in nanoseconds
     */
    public TrustedClock(Clock wall, LongSupplier nanos, Metrics metrics) {
        this.wall = Objects.requireNonNull(wall, "wall");
        this.nanos = Objects.requireNonNull(nanos, "nanos");
        this.metrics = Objects.requireNonNull(metrics, "metrics");
        follow(wall.instant());
    }

    /** The monotonic clock that it uses, in nanoseconds. */
    public long nanos() {
        return nanos.getAsLong();
    }

    private void follow(Instant time) {
        base = time;
        baseNanos = nanos.getAsLong();
    }

    @Override
    public synchronized Instant instant() {
        return base.plusNanos(nanos.getAsLong() - baseNanos);
    }

    /**
     * Compares the wall clock with the newest entry of the ledger; called once at the start.
     *
     * @param last when the ledger was last written; empty for a new one
     */
    public synchronized void startAfter(Optional<Instant> last) {
        if (last.isEmpty()) {
            return;
        }
        confirmed = false;
        startedNanos = nanos.getAsLong();
        started = true;
        startFrom(last.get());
    }

    private void startFrom(Instant last) {
        Instant now = wall.instant();
        if (now.isBefore(last.minus(TOLERANCE))) {
            follow(last);
            doubt(Cause.LEDGER, "the clock is " + Duration.between(now, last) + " behind the ledger's newest entry");
        } else if (now.isAfter(last.plus(MAX_DOWNTIME))) {
            doubt(
                    Cause.LEDGER,
                    "the clock is " + Duration.between(last, now).toDays()
                            + " days ahead of the ledger's newest entry");
        }
    }

    /** Compares the two clocks; must be called about once a second. */
    public synchronized void check() {
        Instant now = wall.instant();
        Duration ahead = Duration.between(instant(), now);
        if (ahead.abs().compareTo(TOLERANCE) > 0) {
            doubt(Cause.JUMP, "the clock jumped " + ahead.abs() + (ahead.isNegative() ? " back" : " forward"));
            return;
        }
        if (in(Cause.JUMP)) {
            trust("the clock agrees again");
            Instant dcc = now.plus(dccOffset());
            if (!agrees(dcc)) {
                doubtDccTime(dcc);
            }
        }
        follow(now);
    }

    /**
     * Called for a proven document that the DCC has just created, the answer to a request that was sent for the first
     * time: its time is the DCC's present time.
     */
    public synchronized void answered(Instant date) {
        dccTimeIs(date);
        observed(date);
        if (!agrees(date)) {
            doubtDccTime(date);
        }
    }

    private void dccTimeIs(Instant date) {
        dccTime = Optional.of(date);
        dccNanos = nanos.getAsLong();
    }

    /** How far the DCC's time is ahead of the wall clock now; zero if it is not known yet. */
    private Duration dccOffset() {
        return dccTime.map(time -> Duration.between(wall.instant(), time.plusNanos(nanos.getAsLong() - dccNanos)))
                .orElse(Duration.ZERO);
    }

    private static boolean near(Duration one, Duration other) {
        return one.minus(other).abs().compareTo(DCC_TOLERANCE) <= 0;
    }

    /** True if a time agrees with the wall clock, or differs from it by as much as a person has confirmed. */
    private boolean agrees(Instant date) {
        Duration offset = Duration.between(wall.instant(), date);
        return near(offset, Duration.ZERO) || near(offset, confirmedOffset);
    }

    private void doubtDccTime(Instant date) {
        doubt(
                Cause.DCC,
                "a document of the DCC contains a time that is " + describe(Duration.between(wall.instant(), date)));
    }

    private static String describe(Duration ahead) {
        return ahead.abs() + (ahead.isNegative() ? " earlier" : " later");
    }

    /**
     * Called for a proven document of the DCC that contains this time. A document with an earlier time than one
     * received before, such as a document that was delayed at the DCC, is ignored. A document that is ahead of both the
     * wall clock and this clock causes a doubt, but is not used to judge later documents.
     */
    public synchronized void observed(Instant date) {
        Instant now = wall.instant();
        Instant steady = instant();
        Instant latest = (now.isAfter(steady) ? now : steady)
                .plus(DCC_TOLERANCE)
                .plus(confirmedOffset.isNegative() ? Duration.ZERO : confirmedOffset);
        if (date.isAfter(latest)) {
            // it cannot have been delayed: either its time is wrong, or the clocks of this system are behind
            dccTimeIs(date);
            doubtDccTime(date);
        }
        if (date.isAfter(latest) || date.isBefore(newestDccTime) && !newestDccTime.isAfter(latest)) {
            return;
        }
        newestDccTime = date;
        if (agrees(date)) {
            dccTimeIs(date);
            if (!near(dccOffset(), confirmedOffset)) {
                confirmedOffset = Duration.ZERO;
            }
            confirmed = true;
            if (doubt.isPresent()) {
                follow(now);
                trust("a document of the DCC contains the same time");
            }
        }
    }

    /**
     * Called when a person confirms that the wall clock is right. The present difference to the DCC's time does not
     * cause a doubt again.
     */
    public synchronized void confirm(String by) {
        follow(wall.instant());
        confirmed = true;
        confirmedOffset = dccOffset();
        if (doubt.isPresent()) {
            trust("confirmed by " + by);
        }
    }

    private void doubt(Cause cause, String reason) {
        if (doubt.isEmpty()) {
            LOG.error("{}", ServiceRequestFault.CLOCK_DOUBTED.fault("clock", reason));
            metrics.count("postern_clock_jumps_total", "outcome", "doubted");
        }
        // a doubt because of the DCC's time does not replace a more serious one
        if (cause != Cause.DCC || doubt.isEmpty() || in(Cause.DCC)) {
            doubt = Optional.of(new Doubt(cause, reason));
        }
    }

    private boolean in(Cause cause) {
        return doubt.filter(given -> given.cause() == cause).isPresent();
    }

    private void trust(String reason) {
        LOG.warn("the clock is trusted again: {}", reason);
        metrics.count("postern_clock_jumps_total", "outcome", "trusted");
        doubt = Optional.empty();
    }

    /** True if irreversible decisions may be based on this clock. */
    public synchronized boolean trusted() {
        return doubt.isEmpty();
    }

    /**
     * True if it is trusted and has been confirmed since the start by a document of the DCC, a person or an hour
     * without a jump.
     */
    public synchronized boolean settled() {
        return trusted() && (confirmed || nanos.getAsLong() - startedNanos >= CONFIRMED_AFTER.toNanos());
    }

    /**
     * The time of the start, according to the present setting of this clock; {@link Instant#MIN} if the ledger was new.
     */
    public synchronized Instant startedAt() {
        return started ? instant().minusNanos(nanos.getAsLong() - startedNanos) : Instant.MIN;
    }

    /** Why the time is not trusted; empty if it is trusted. */
    public synchronized Optional<String> doubt() {
        return doubt.map(Doubt::reason);
    }

    /**
     * Why the clock makes the appliance not ready: it jumped, or does not fit the ledger. A difference to the DCC's
     * time is not a reason: work continues, and only requests that would be ended because they are late wait.
     */
    public synchronized Optional<Fault> trouble() {
        return in(Cause.DCC)
                ? Optional.empty()
                : doubt().map(reason -> ServiceRequestFault.CLOCK_DOUBTED.fault("clock", reason));
    }

    /** A fault if the DCC's time differs from the wall clock, whether or not a person has confirmed the difference. */
    public synchronized Optional<Fault> remark() {
        Duration offset = dccOffset();
        return near(offset, Duration.ZERO) && !in(Cause.DCC)
                ? Optional.empty()
                : Optional.of(ServiceRequestFault.CLOCK_APART.fault(
                        "clock",
                        "the DCC's time is " + describe(offset)
                                + (trusted()
                                        ? "; the clock is confirmed"
                                        : "; the clock is not confirmed: no request is ended because it is late")));
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return wall.withZone(zone);
    }
}
