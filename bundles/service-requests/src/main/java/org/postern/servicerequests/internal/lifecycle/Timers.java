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
 * What happens by itself: rebuilding the queues, retries that are due, answers that are overdue. One thread, one look a
 * second.
 */
public final class Timers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Timers.class);
    private static final int PAGE = 1000;
    /** Between two rebuilds of a step, this many times what the first took. */
    private static final int REST = 10;
    /** Pages of one look; what is left comes at the next one. */
    private static final int PAGES = 10;
    /** Distance of the sweeps. */
    static final Duration SWEEP = Duration.ofSeconds(60);
    /** What nobody has taken from its queue, or has come to an end with, for so long is offered again. */
    static final Duration UNTAKEN = Duration.ofMinutes(10);

    private static final Duration IDLE = Duration.ofSeconds(2);
    /** What changed or became due within so short a time may be on its way into its queue. */
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
    private Instant seen;
    /** By how much what waits is still to be put back. */
    private Duration putBack = Duration.ZERO;

    private long seenNanos;
    private volatile Optional<Sweep> lastSweep = Optional.empty();

    public Timers(Ledger ledger, WorkOffers offers, Endings endings, TrustedClock clock, Metrics metrics) {
        this(ledger, offers, endings, clock, metrics, oneThread());
    }

    /** @param executor runs the looks and what is offered later; shut down by {@link #close} */
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
        this.seen = clock.instant();
        this.seenNanos = swept;
        this.executor = executor;
    }

    /** One thread, which ends while it has nothing to do. */
    public static ScheduledExecutorService oneThread() {
        ScheduledThreadPoolExecutor one = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "postern-timers");
            thread.setDaemon(true);
            return thread;
        });
        // where a module was stopped while it started, nobody may close this: a thread with nothing to do ends
        one.setKeepAliveTime(IDLE.toSeconds(), TimeUnit.SECONDS);
        one.allowCoreThreadTimeOut(true);
        return one;
    }

    /** Begins to look once a second. */
    @SuppressWarnings("FutureReturnValueIgnored") // a look that throws is logged, and the next one comes
    public void start() {
        executor.scheduleWithFixedDelay(this::safeTick, 0, 1, TimeUnit.SECONDS);
    }

    private void safeTick() {
        try {
            tick();
        } catch (PosternException e) {
            LOG.warn("timers: {}", e.fault());
            offers.owe();
        } catch (RuntimeException | Error e) {
            LOG.error("timers", e);
            offers.owe();
        }
    }

    /** One look. */
    void tick() {
        clock.look();
        rebaseWhatWaits();
        // the sweep judges by the time at which this look began: what became due meanwhile is of the next look
        Instant begun = clock.instant();
        rebuildWhatIsOwed();
        offerDue();
        if (clock.settled()) {
            for (PendingWork work : ledger.overdue(clock.instant(), PAGE)) {
                endings.overdue(work.id());
            }
        }
        long now = clock.nanos();
        // not in the middle of a long row of retries: what is still to be offered there is not lost
        if (now - swept >= SWEEP.toNanos() && reached.isEmpty()) {
            swept = now;
            sweep(begun);
        }
    }

    /**
     * Where the clock was put right by going back, what waits for an attempt was given its time by the wrong one, and
     * would wait for as long as that was ahead.
     */
    private void rebaseWhatWaits() {
        long nanos = clock.nanos();
        Instant now = clock.instant();
        Duration back = Duration.between(now, seen.plusNanos(nanos - seenNanos));
        seen = now;
        seenNanos = nanos;
        if (back.compareTo(TrustedClock.TOLERANCE) > 0) {
            LOG.warn("the clock was put back by {}: so is what waits for another attempt", back);
            putBack = putBack.plus(back);
        }
        if (putBack.isZero()) {
            return;
        }
        try {
            ledger.clockPutBack(now, putBack);
            putBack = Duration.ZERO;
        } catch (LedgerException e) {
            LOG.warn("what waits for another attempt was not put back with the clock: {}", e.fault());
            // what may have been done is not done twice
            if (e.fault().kind() == LedgerException.Kind.UNDECIDED) {
                putBack = Duration.ZERO;
            }
        }
    }

    /** What is due is what the ledger says is due, however late; each look goes on where the last one stopped. */
    private void offerDue() {
        Instant now = clock.instant();
        for (int page = 0; page < PAGES; page++) {
            List<DueWork> works = ledger.retriesDue(now, reached, PAGE);
            for (DueWork work : works) {
                if (!offers.inHand(WorkStep.DISPATCH, work.id())) {
                    // where its lane is full the others have room, and this one comes again
                    offers.offer(WorkStep.DISPATCH, work.lane(), work.id());
                }
            }
            if (works.size() < PAGE || !offers.open(WorkStep.DISPATCH)) {
                reached = Optional.empty();
                return;
            }
            reached = Optional.of(works.get(works.size() - 1));
        }
    }

    /**
     * Compares what the ledger says is to be done with what is in hand, and offers what is in nobody's.
     *
     * @param at when what is compared was due
     */
    Sweep sweep(Instant at) {
        offers.forget(UNTAKEN);
        Looked steps = offerLost(WorkStep.DISPATCH, at);
        Looked documents = offerLost(WorkStep.PROCESS, at);
        Looked deliveries = offerLost(WorkStep.DELIVER, at);
        found("step", steps.offered());
        found("document", documents.offered());
        found("delivery", deliveries.offered());
        Sweep sweep = new Sweep(
                at,
                new Rebuilt(steps.due(), documents.due(), deliveries.due()),
                new Rebuilt(steps.offered(), documents.offered(), deliveries.offered()));
        if (sweep.found().all() > 0) {
            LOG.warn(
                    "sweep: nobody was at {} steps, {} documents, {} deliveries; offered again",
                    steps.offered(),
                    documents.offered(),
                    deliveries.offered());
        }
        lastSweep = Optional.of(sweep);
        return sweep;
    }

    private Looked offerLost(WorkStep step, Instant at) {
        // where something found no room, that is known, and it is offered again from there
        boolean owed = offers.owes(step);
        Instant until = at.minus(SETTLED);
        return offerAll(step, at, id -> !owed && outstanding(step, id, until));
    }

    /**
     * Looks again: what was in hand when its page was read, and not any more afterwards, has been done meanwhile. What
     * cannot be read is offered to whoever tells of it: one damaged document keeps nobody from looking at the others.
     *
     * @param until since when it has to have been as it is
     */
    private boolean outstanding(WorkStep step, String id, Instant until) {
        try {
            return asItWas(step, id, until);
        } catch (LedgerException e) {
            if (e.kind() != LedgerException.Kind.DOCUMENT_DAMAGED) {
                throw e;
            }
            return true;
        }
    }

    private boolean asItWas(WorkStep step, String id, Instant until) {
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

    /** After that time, and not by a clock that was ahead. */
    private static boolean recent(Instant at, Instant until) {
        return at.isAfter(until) && !at.isAfter(until.plus(SWEEP).plus(TrustedClock.TOLERANCE));
    }

    /** What the ledger said was to be done, and how much of it nobody was at. */
    private record Looked(int due, int offered) {}

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
     * At a distance that grows with what the last time took: a full queue must not make the ledger be read all the
     * time.
     */
    private void rebuildWhatIsOwed() {
        for (WorkStep step : WorkStep.values()) {
            long begun = clock.nanos();
            if (begun - notBefore.getOrDefault(step, begun) >= 0 && offers.takeDebt(step)) {
                try {
                    rebuild(step);
                } finally {
                    long end = clock.nanos();
                    notBefore.put(step, end + REST * (end - begun));
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

    private Looked offerAll(WorkStep step, Instant now, Predicate<String> which) {
        return switch (step) {
            case DISPATCH -> offerAll(step, which, after -> ledger.stepsOutstanding(now, after, PAGE));
            case PROCESS -> offerAll(step, which, after -> ledger.processingOutstanding(after, PAGE));
            case DELIVER -> offerAll(step, which, after -> ledger.deliveriesOutstanding(now, after, PAGE));
        };
    }

    /** Goes on where one lane is full: the others have room. What is not taken is owed, and offered again. */
    private Looked offerAll(WorkStep step, Predicate<String> which, Function<String, List<PendingWork>> page) {
        int due = 0;
        int count = 0;
        String after = "";
        List<PendingWork> works;
        do {
            works = page.apply(after);
            due += works.size();
            for (PendingWork work : works) {
                if (!offers.inHand(step, work.id())
                        && which.test(work.id())
                        && offers.offer(step, work.lane(), work.id())) {
                    count++;
                }
                after = work.id();
            }
        } while (works.size() == PAGE && offers.open(step));
        return new Looked(due, count);
    }

    /** Offers one piece of work after a time. */
    @SuppressWarnings("FutureReturnValueIgnored") // an offer throws nothing
    public void later(WorkStep step, Lane lane, String id, Duration distance) {
        try {
            executor.schedule(() -> offers.offer(step, lane, id), distance.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("closing: {} {} is offered again after the restart", step, id);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
