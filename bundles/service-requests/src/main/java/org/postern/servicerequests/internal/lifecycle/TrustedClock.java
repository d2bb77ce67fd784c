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
 * The time of day, made steady by the monotonic clock. It follows the wall clock as long as both agree on how much time
 * has passed. Where the wall clock jumps, it goes on by the monotonic clock alone, so that nothing waits longer or ends
 * earlier than it should, and counts as not trusted: what cannot be taken back (overdue, giving up) is to wait. It is
 * trusted again when the wall clock is back, when a document of the DCC bears the wall clock's time, or when a person
 * says that the wall clock is right. A person's word outranks the DCC's dates: as far as these are from the wall clock
 * then, they may be from then on.
 *
 * <p>At the start there is nothing to go on with but the ledger: a wall clock behind its newest entry, or far ahead of
 * it, is not trusted either. One that is in between may still be wrong, until a time service steps it: what cannot be
 * taken back waits until it is settled, by a document of the DCC, by a person, or by an hour without a jump. A document
 * of the DCC that bears another time raises a doubt whenever it comes. Safe for many threads.
 */
public final class TrustedClock extends Clock {

    private static final Logger LOG = LoggerFactory.getLogger(TrustedClock.class);
    /** More than any correction by a time service at work. */
    static final Duration TOLERANCE = Duration.ofSeconds(60);
    /** A document's date may be so far from the time at which it is received. */
    static final Duration DCC_TOLERANCE = Duration.ofMinutes(5);
    /** No appliance stands still for so long without somebody who looks at it afterwards. */
    static final Duration LONGEST_STANDSTILL = Duration.ofDays(30);

    /** A time service has stepped a clock that was wrong at the start long before. */
    static final Duration UNCONFIRMED = Duration.ofHours(1);

    private final Clock wall;
    private final LongSupplier nanos;
    private final Metrics metrics;
    private Instant base;
    private long baseNanos;
    private Optional<Doubt> doubt = Optional.empty();
    private boolean started;
    private long startedNanos;
    private boolean confirmed = true;
    private Instant newestHeard = Instant.MIN;
    /** The DCC's time as a document that it had just made last told it, and when that was. */
    private Optional<Instant> dccTime = Optional.empty();

    private long dccNanos;
    /** How far the DCC's time was from the wall clock's when a person last said that the wall clock is right. */
    private Duration confirmedApart = Duration.ZERO;

    private enum Cause {
        JUMP,
        LEDGER,
        DCC
    }

    private record Doubt(Cause cause, String reason) {}

    /**
     * A clock that trusts the wall clock for the time being.
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

    /** The monotonic clock that it goes by, in nanoseconds. */
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
     * Compares the wall clock with the newest entry of the ledger; once, at the start.
     *
     * @param last when the ledger was last written to; empty for a new one
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
        } else if (now.isAfter(last.plus(LONGEST_STANDSTILL))) {
            doubt(
                    Cause.LEDGER,
                    "the clock is " + Duration.between(last, now).toDays()
                            + " days ahead of the ledger's newest entry");
        }
    }

    /** Compares the two clocks; to be called about once a second. */
    public synchronized void look() {
        Instant now = wall.instant();
        Duration ahead = Duration.between(instant(), now);
        if (ahead.abs().compareTo(TOLERANCE) > 0) {
            doubt(Cause.JUMP, "the clock jumped " + ahead.abs() + (ahead.isNegative() ? " back" : " forward"));
            return;
        }
        if (in(Cause.JUMP)) {
            trust("the clock is back");
            Instant dcc = now.plus(apart());
            if (!fits(dcc)) {
                another(dcc);
            }
        }
        follow(now);
    }

    /**
     * A proven document of the DCC came that it has made just now, the answer to what was sent for the first time: it
     * bears the time.
     */
    public synchronized void answered(Instant date) {
        told(date);
        heard(date);
        if (!fits(date)) {
            another(date);
        }
    }

    private void told(Instant date) {
        dccTime = Optional.of(date);
        dccNanos = nanos.getAsLong();
    }

    /** How far the DCC's time is ahead of the wall clock now; nothing where it has told none yet. */
    private Duration apart() {
        return dccTime.map(time -> Duration.between(wall.instant(), time.plusNanos(nanos.getAsLong() - dccNanos)))
                .orElse(Duration.ZERO);
    }

    private static boolean near(Duration one, Duration other) {
        return one.minus(other).abs().compareTo(DCC_TOLERANCE) <= 0;
    }

    /** It bears the wall clock's time, or is as far from it as a person has confirmed. */
    private boolean fits(Instant date) {
        Duration apart = Duration.between(wall.instant(), date);
        return near(apart, Duration.ZERO) || near(apart, confirmedApart);
    }

    private void another(Instant date) {
        doubt(Cause.DCC, "a document of the DCC bears a time that is " + apart(Duration.between(wall.instant(), date)));
    }

    private static String apart(Duration ahead) {
        return ahead.abs() + (ahead.isNegative() ? " earlier" : " later");
    }

    /**
     * A proven document of the DCC came just now that bears this date. One that is older than another heard before,
     * such as a document that was held back at the DCC, says nothing of the time. Neither does one that is ahead of the
     * wall clock and of the steady time alike: it is the time by no clock here, and must not silence all that come
     * after it.
     */
    public synchronized void heard(Instant date) {
        Instant now = wall.instant();
        Instant steady = instant();
        Instant latest = (now.isAfter(steady) ? now : steady)
                .plus(DCC_TOLERANCE)
                .plus(confirmedApart.isNegative() ? Duration.ZERO : confirmedApart);
        if (date.isAfter(latest)) {
            // it cannot have been held back: either its date is wrong, or the clocks here are behind
            told(date);
            another(date);
        }
        if (date.isAfter(latest) || date.isBefore(newestHeard) && !newestHeard.isAfter(latest)) {
            return;
        }
        newestHeard = date;
        if (fits(date)) {
            told(date);
            if (!near(apart(), confirmedApart)) {
                confirmedApart = Duration.ZERO;
            }
            confirmed = true;
            if (doubt.isPresent()) {
                follow(now);
                trust("a document of the DCC bears the same time");
            }
        }
    }

    /**
     * A person says that the wall clock is right, however far the DCC's time is from it now: it is not doubted for that
     * difference again.
     */
    public synchronized void confirm(String by) {
        follow(wall.instant());
        confirmed = true;
        confirmedApart = apart();
        if (doubt.isPresent()) {
            trust("confirmed by " + by);
        }
    }

    private void doubt(Cause cause, String reason) {
        if (doubt.isEmpty()) {
            LOG.error("{}", ServiceRequestFault.CLOCK_DOUBTED.fault("clock", reason));
            metrics.count("postern_clock_jumps_total", "outcome", "doubted");
        }
        // what the DCC says as well makes a jump no less
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

    /** True where what cannot be taken back may be decided by this clock. */
    public synchronized boolean trusted() {
        return doubt.isEmpty();
    }

    /**
     * True where it is trusted, and a document of the DCC, a person or an hour without a jump has confirmed it since
     * the start.
     */
    public synchronized boolean settled() {
        return trusted() && (confirmed || nanos.getAsLong() - startedNanos >= UNCONFIRMED.toNanos());
    }

    /** The time at the start by this clock as it goes now; {@link Instant#MIN} where nothing was there before. */
    public synchronized Instant startedAt() {
        return started ? instant().minusNanos(nanos.getAsLong() - startedNanos) : Instant.MIN;
    }

    /** Why the time is not trusted; empty where it is. */
    public synchronized Optional<String> doubt() {
        return doubt.map(Doubt::reason);
    }

    /**
     * Why the appliance is not ready for its clock: it jumped, or does not fit the ledger. That the DCC's is another is
     * none: work goes on, and only what would be ended for being late waits.
     */
    public synchronized Optional<Fault> trouble() {
        return in(Cause.DCC)
                ? Optional.empty()
                : doubt().map(reason -> ServiceRequestFault.CLOCK_DOUBTED.fault("clock", reason));
    }

    /** That the DCC's time is another than the wall clock's, whether or not a person has confirmed that. */
    public synchronized Optional<Fault> remark() {
        Duration apart = apart();
        return near(apart, Duration.ZERO) && !in(Cause.DCC)
                ? Optional.empty()
                : Optional.of(ServiceRequestFault.CLOCK_APART.fault(
                        "clock",
                        "the DCC's time is " + apart(apart)
                                + (trusted()
                                        ? "; the clock is confirmed"
                                        : "; the clock is not confirmed: nothing is ended for being late")));
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
