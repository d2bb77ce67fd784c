package org.postern.servicerequests.internal.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.postern.catalogue.DeliveryState;
import org.postern.catalogue.InboundState;
import org.postern.catalogue.Lane;
import org.postern.catalogue.PosternException;
import org.postern.ledger.DueWork;
import org.postern.ledger.Ledger;
import org.postern.ledger.LedgerException;
import org.postern.ledger.PendingWork;
import org.postern.servicerequests.Metrics;
import org.postern.servicerequests.ServiceRequests.Rebuilt;
import org.postern.servicerequests.ServiceRequests.Sweep;
import org.postern.servicerequests.WorkStep;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Periodic work: rebuilding the queues, retries that are due, and answers that are overdue. One thread that runs once a
 * second.
 */
public final class Timers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Timers.class);
    private static final int PAGE = 1000;
    /** The pause between two rebuilds of a step is this many times the duration of the first. */
    private static final int PAUSE_FACTOR = 10;
    /** Maximum number of pages in one run; the rest follows in the next run. */
    private static final int PAGES = 10;
    /** Interval of the sweeps. */
    static final Duration SWEEP = Duration.ofSeconds(60);
    /** Work that has not been taken from its queue, or not been completed, for this time is offered again. */
    static final Duration MAX_IN_PROGRESS = Duration.ofMinutes(10);

    private static final Duration IDLE = Duration.ofSeconds(2);
    /** Work that changed or became due more recently than this may not be in its queue yet. */
    static final Duration SETTLED = Duration.ofSeconds(10);

    private final Ledger ledger;
    private final WorkOffers offers;
    private final Endings endings;
    private final TrustedClock clock;
    private final Metrics metrics;
    private final ScheduledExecutorService executor;
    private final Map<WorkStep, Long> notBefore = new EnumMap<>(WorkStep.class);
    private Optional<DueWork> reached = Optional.empty();
    private long swept;
    private Instant lastTime;
    /** By how much planned attempts still have to be moved after a correction of the clock. */
    private Duration toMove = Duration.ZERO;

    private long lastNanos;
    private volatile Optional<Sweep> lastSweep = Optional.empty();

    public Timers(Ledger ledger, WorkOffers offers, Endings endings, TrustedClock clock, Metrics metrics) {
        this(ledger, offers, endings, clock, metrics, oneThread());
    }

    /** @param executor runs the periodic work and delayed offers; shut down by {@link #close} */
    public Timers(
            Ledger ledger,
            WorkOffers offers,
            Endings endings,
            TrustedClock clock,
            Metrics metrics,
            ScheduledExecutorService executor) {
        this.ledger = ledger;
        this.offers = offers;
        this.endings = endings;
        this.clock = clock;
        this.metrics = metrics;
        this.swept = clock.nanos();
        this.lastTime = clock.instant();
        this.lastNanos = swept;
        this.executor = executor;
    }

    /** An executor with one thread, which ends when it is idle. */
    public static ScheduledExecutorService oneThread() {
        ScheduledThreadPoolExecutor one = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "postern-timers");
            thread.setDaemon(true);
            return thread;
        });
        // if a module is stopped while it starts, this may never be closed; an idle thread then ends by itself
        one.setKeepAliveTime(IDLE.toSeconds(), TimeUnit.SECONDS);
        one.allowCoreThreadTimeOut(true);
        return one;
    }

    /** Starts the periodic work, once a second. */
    @SuppressWarnings("FutureReturnValueIgnored") // a run that throws is logged, and the next one follows
    public void start() {
        executor.scheduleWithFixedDelay(this::loggedTick, 0, 1, TimeUnit.SECONDS);
    }

    private void loggedTick() {
        try {
            tick();
        } catch (PosternException e) {
            LOG.warn("timers: {}", e.fault());
            offers.markAll();
        } catch (RuntimeException | Error e) {
            LOG.error("timers", e);
            offers.markAll();
        }
    }

    /** One run. */
    void tick() {
        clock.check();
        moveAttemptsAfterClockCorrection();
        // the sweep uses the start time of this run; work that became due during the run is checked in the next one
        Instant start = clock.instant();
        rebuildMarked();
        offerDue();
        if (clock.settled()) {
            for (PendingWork work : ledger.overdue(clock.instant(), PAGE)) {
                endings.overdue(work.id());
            }
        }
        long now = clock.nanos();
        // not while retries are being offered in several runs: those not offered yet would be reported as lost
        if (now - swept >= SWEEP.toNanos() && reached.isEmpty()) {
            swept = now;
            sweep(start);
        }
    }

    /**
     * After the clock was corrected backwards, moves planned attempts, because their times were set with the wrong
     * clock and they would wait for as long as it was ahead.
     */
    private void moveAttemptsAfterClockCorrection() {
        long nanos = clock.nanos();
        Instant now = clock.instant();
        Duration back = Duration.between(now, lastTime.plusNanos(nanos - lastNanos));
        lastTime = now;
        lastNanos = nanos;
        if (back.compareTo(TrustedClock.TOLERANCE) > 0) {
            LOG.warn("the clock was set back by {}: planned attempts are moved accordingly", back);
            toMove = toMove.plus(back);
        }
        if (toMove.isZero()) {
            return;
        }
        try {
            ledger.clockPutBack(now, toMove);
            toMove = Duration.ZERO;
        } catch (LedgerException e) {
            LOG.warn("planned attempts were not moved after the clock was set back: {}", e.fault());
            // the change may have been written, so it is not repeated
            if (e.fault().kind() == LedgerException.Kind.UNDECIDED) {
                toMove = Duration.ZERO;
            }
        }
    }

    /** Offers the attempts that are due according to the ledger; each run continues where the last one stopped. */
    private void offerDue() {
        Instant now = clock.instant();
        for (int page = 0; page < PAGES; page++) {
            List<DueWork> works = ledger.retriesDue(now, reached, PAGE);
            for (DueWork work : works) {
                if (!offers.inProgress(WorkStep.DISPATCH, work.id())) {
                    // if its lane is full, the others may have room, and this work is offered again later
                    offers.offer(WorkStep.DISPATCH, work.lane(), work.id());
                }
            }
            if (works.size() < PAGE || !offers.hasQueue(WorkStep.DISPATCH)) {
                reached = Optional.empty();
                return;
            }
            reached = Optional.of(works.get(works.size() - 1));
        }
    }

    /**
     * Compares the pending work in the ledger with the queued and running work, and offers what is missing.
     *
     * @param at only work that was due at this time is compared
     */
    Sweep sweep(Instant at) {
        offers.forget(MAX_IN_PROGRESS);
        SweepCount steps = offerLost(WorkStep.DISPATCH, at);
        SweepCount documents = offerLost(WorkStep.PROCESS, at);
        SweepCount deliveries = offerLost(WorkStep.DELIVER, at);
        found("step", steps.offered());
        found("document", documents.offered());
        found("delivery", deliveries.offered());
        Sweep sweep = new Sweep(
                at,
                new Rebuilt(steps.due(), documents.due(), deliveries.due()),
                new Rebuilt(steps.offered(), documents.offered(), deliveries.offered()));
        if (sweep.found().all() > 0) {
            LOG.warn(
                    "sweep: {} steps, {} documents and {} deliveries were neither queued nor in progress; offered"
                            + " again",
                    steps.offered(),
                    documents.offered(),
                    deliveries.offered());
        }
        lastSweep = Optional.of(sweep);
        return sweep;
    }

    private SweepCount offerLost(WorkStep step, Instant at) {
        // work that was refused by a full queue is known and is offered again by the rebuild
        boolean marked = offers.isMarked(step);
        Instant until = at.minus(SETTLED);
        return offerAll(step, at, id -> !marked && outstanding(step, id, until));
    }

    /**
     * Reads the work again, because work that was in progress when its page was read may have been done since. Work
     * that cannot be read is offered, so that the step reports the damage; a damaged document does not prevent the
     * check of the others.
     *
     * @param until the work must not have changed after this time
     */
    private boolean outstanding(WorkStep step, String id, Instant until) {
        try {
            return isUnchanged(step, id, until);
        } catch (LedgerException e) {
            if (e.kind() != LedgerException.Kind.DOCUMENT_DAMAGED) {
                throw e;
            }
            return true;
        }
    }

    private boolean isUnchanged(WorkStep step, String id, Instant until) {
        return switch (step) {
            case DISPATCH ->
                ledger.find(id)
                        .filter(request -> request.state().needsStep()
                                && !recent(request.updatedAt(), until)
                                && request.sending()
                                        .retryAt()
                                        .filter(at -> at.isAfter(until))
                                        .isEmpty())
                        .isPresent();
            case PROCESS ->
                ledger.inbound(id)
                        .filter(document ->
                                document.state() == InboundState.STORED && !recent(document.receivedAt(), until))
                        .isPresent();
            case DELIVER ->
                ledger.delivery(id)
                        .filter(entry -> entry.state() == DeliveryState.PENDING && !recent(entry.createdAt(), until))
                        .isPresent();
        };
    }

    /** True for a time after {@code until}, unless it was set by a clock that was ahead. */
    private static boolean recent(Instant at, Instant until) {
        return at.isAfter(until) && !at.isAfter(until.plus(SWEEP).plus(TrustedClock.TOLERANCE));
    }

    /** The number of pending items in the ledger, and of those that were offered. */
    private record SweepCount(int due, int offered) {}

    private void found(String work, int count) {
        for (int i = 0; i < count; i++) {
            metrics.count("postern_sweep_found_total", "work", work);
        }
    }

    /** The last sweep; empty before the first. */
    public Optional<Sweep> lastSweep() {
        return lastSweep;
    }

    /**
     * Rebuilds the queues of steps with refused offers, with a pause that depends on the duration of the last rebuild,
     * so that a full queue does not cause continuous reading of the ledger.
     */
    private void rebuildMarked() {
        for (WorkStep step : WorkStep.values()) {
            long start = clock.nanos();
            if (start - notBefore.getOrDefault(step, start) >= 0 && offers.unmark(step)) {
                try {
                    rebuild(step);
                } finally {
                    long end = clock.nanos();
                    notBefore.put(step, end + PAUSE_FACTOR * (end - start));
                }
            }
        }
    }

    /** Offers everything unfinished that is not in a queue yet. */
    public Rebuilt rebuild() {
        return new Rebuilt(rebuild(WorkStep.DISPATCH), rebuild(WorkStep.PROCESS), rebuild(WorkStep.DELIVER));
    }

    private int rebuild(WorkStep step) {
        int count = offerAll(step, clock.instant(), id -> true).offered();
        if (count > 0) {
            LOG.info("{} offered from the ledger: {}", step, count);
        }
        return count;
    }

    private SweepCount offerAll(WorkStep step, Instant now, Predicate<String> which) {
        return switch (step) {
            case DISPATCH -> offerAll(step, which, after -> ledger.stepsOutstanding(now, after, PAGE));
            case PROCESS -> offerAll(step, which, after -> ledger.processingOutstanding(after, PAGE));
            case DELIVER -> offerAll(step, which, after -> ledger.deliveriesOutstanding(now, after, PAGE));
        };
    }

    /**
     * Continues if one lane is full, because the others may have room. Refused work is offered again by the next
     * rebuild.
     */
    private SweepCount offerAll(WorkStep step, Predicate<String> which, Function<String, List<PendingWork>> page) {
        int due = 0;
        int count = 0;
        String after = "";
        List<PendingWork> works;
        do {
            works = page.apply(after);
            due += works.size();
            for (PendingWork work : works) {
                if (!offers.inProgress(step, work.id())
                        && which.test(work.id())
                        && offers.offer(step, work.lane(), work.id())) {
                    count++;
                }
                after = work.id();
            }
        } while (works.size() == PAGE && offers.hasQueue(step));
        return new SweepCount(due, count);
    }

    /** Offers work after a delay. */
    @SuppressWarnings("FutureReturnValueIgnored") // an offer does not throw
    public void later(WorkStep step, Lane lane, String id, Duration delay) {
        try {
            executor.schedule(() -> offers.offer(step, lane, id), delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("closing: {} {} is offered again after the restart", step, id);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
