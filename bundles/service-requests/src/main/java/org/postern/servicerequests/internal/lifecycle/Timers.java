package org.postern.servicerequests.internal.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.postern.catalogue.Lane;
import org.postern.catalogue.PosternException;
import org.postern.ledger.DueWork;
import org.postern.ledger.Ledger;
import org.postern.ledger.PendingWork;
import org.postern.servicerequests.Metrics;
import org.postern.servicerequests.ServiceRequests.Rebuilt;
import org.postern.servicerequests.WorkStep;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens by itself: rebuilding the queues, retries that are due, answers that are overdue. One thread, one look a second. */
public final class Timers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Timers.class);
    private static final int PAGE = 1000;
    /** Pages of one look; what is left comes at the next one. */
    private static final int PAGES = 10;
    /** Distance of the sweeps. */
    static final Duration SWEEP = Duration.ofSeconds(60);
    /** What nobody has taken from its queue for so long is offered again. */
    static final Duration UNTAKEN = Duration.ofMinutes(10);

    private final Ledger ledger;
    private final WorkOffers offers;
    private final Dispatcher dispatcher;
    private final TrustedClock clock;
    private final Metrics metrics;
    private final LongSupplier nanos;
    private final ScheduledExecutorService executor;
    private Optional<DueWork> reached = Optional.empty();
    private long swept;
    private volatile Rebuilt lastSweep = new Rebuilt(0, 0, 0);

    /** @param nanos a monotonic clock in nanoseconds */
    public Timers(Ledger ledger, WorkOffers offers, Dispatcher dispatcher, TrustedClock clock, Metrics metrics, LongSupplier nanos) {
        this.ledger = ledger;
        this.offers = offers;
        this.dispatcher = dispatcher;
        this.clock = clock;
        this.metrics = metrics;
        this.nanos = nanos;
        this.swept = nanos.getAsLong();
        this.executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "postern-timers");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Begins to look once a second. */
    public void start() {
        executor.scheduleWithFixedDelay(this::safeTick, 0, 1, TimeUnit.SECONDS);
    }

    private void safeTick() {
        try {
            tick();
        } catch (PosternException e) {
            LOG.warn("timers: {}", e.fault());
            offers.owe();
        } catch (RuntimeException e) {
            LOG.error("timers", e);
            offers.owe();
        }
    }

    /** One look. */
    void tick() {
        clock.look();
        if (offers.takeDebt()) {
            rebuild();
        }
        offerDue();
        if (clock.trusted()) {
            for (PendingWork work : ledger.overdue(clock.instant(), PAGE)) {
                dispatcher.overdue(work.id());
            }
        }
        long now = nanos.getAsLong();
        if (now - swept >= SWEEP.toNanos()) {
            swept = now;
            sweep();
        }
    }

    /** What is due is what the ledger says is due, however late; each look goes on where the last one stopped. */
    private void offerDue() {
        Instant now = clock.instant();
        for (int page = 0; page < PAGES; page++) {
            List<DueWork> works = ledger.retriesDue(now, reached, PAGE);
            for (DueWork work : works) {
                if (!dispatcher.busy(work.id()) && !offers.waits(WorkStep.DISPATCH, work.id())
                        && !offers.offer(WorkStep.DISPATCH, work.lane(), work.id())) {
                    // the queues are gone: the debt stands
                    return;
                }
            }
            if (works.size() < PAGE) {
                reached = Optional.empty();
                return;
            }
            reached = Optional.of(works.get(works.size() - 1));
        }
    }

    /** Compares what the ledger says is to be done with what is in hand, and offers the rest. */
    Rebuilt sweep() {
        offers.forget(UNTAKEN);
        Instant now = clock.instant();
        int steps = offerAll(WorkStep.DISPATCH, after -> ledger.stepsOutstanding(now, after, PAGE), false);
        int documents = offerAll(WorkStep.PROCESS, after -> ledger.processingOutstanding(after, PAGE), false);
        int deliveries = offerAll(WorkStep.DELIVER, after -> ledger.deliveriesOutstanding(now, after, PAGE), false);
        found("step", steps);
        found("document", documents);
        found("delivery", deliveries);
        if (steps + documents + deliveries > 0) {
            LOG.warn("sweep: nobody was at {} steps, {} documents, {} deliveries; offered again", steps, documents, deliveries);
        }
        lastSweep = new Rebuilt(steps, documents, deliveries);
        return lastSweep;
    }

    private void found(String work, int count) {
        for (int i = 0; i < count; i++) {
            metrics.count("postern_sweep_found_total", "work", work);
        }
    }

    /** What the last sweep found in nobody's hands. */
    public Rebuilt lastSweep() {
        return lastSweep;
    }

    /** Offers everything unfinished. */
    public Rebuilt rebuild() {
        Instant now = clock.instant();
        int steps = offerAll(WorkStep.DISPATCH, after -> ledger.stepsOutstanding(now, after, PAGE), true);
        int documents = offerAll(WorkStep.PROCESS, after -> ledger.processingOutstanding(after, PAGE), true);
        int deliveries = offerAll(WorkStep.DELIVER, after -> ledger.deliveriesOutstanding(now, after, PAGE), true);
        if (steps + documents + deliveries > 0) {
            LOG.info("queues rebuilt from the ledger: {} steps, {} documents, {} deliveries", steps, documents, deliveries);
        }
        return new Rebuilt(steps, documents, deliveries);
    }

    /** @param all also what is in hand as far as we know: queues that are new hold nothing */
    private int offerAll(WorkStep step, Function<String, List<PendingWork>> page, boolean all) {
        int count = 0;
        String after = "";
        List<PendingWork> works;
        do {
            works = page.apply(after);
            for (PendingWork work : works) {
                after = work.id();
                if (!all && (offers.waits(step, work.id()) || dispatcher.busy(work.id()))) {
                    continue;
                }
                if (!offers.offer(step, work.lane(), work.id())) {
                    // the queues are gone: the debt stands
                    return count;
                }
                count++;
            }
        } while (works.size() == PAGE);
        return count;
    }

    /** Offers one piece of work after a time. */
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
