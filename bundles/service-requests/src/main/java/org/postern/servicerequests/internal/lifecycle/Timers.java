package org.postern.servicerequests.internal.lifecycle;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.postern.catalogue.Lane;
import org.postern.catalogue.PosternException;
import org.postern.ledger.Ledger;
import org.postern.ledger.PendingWork;
import org.postern.servicerequests.ServiceRequests.Rebuilt;
import org.postern.servicerequests.WorkStep;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens by itself: rebuilding the queues, retries that are due, answers that are overdue. One thread, one look a second. */
public final class Timers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Timers.class);
    private static final int PAGE = 1000;
    /** Between two rebuilds of a step, this many times what the first took. */
    private static final int REST = 10;
    /** A retry that was on its way to the disk at the last look is found at the next ones. */
    private static final Duration OVERLAP = Duration.ofSeconds(30);

    private final Ledger ledger;
    private final WorkOffers offers;
    private final Dispatcher dispatcher;
    private final Clock clock;
    private final ScheduledExecutorService executor;
    private final Map<String, Instant> offered = new ConcurrentHashMap<>();
    private final Map<WorkStep, Long> notBefore = new EnumMap<>(WorkStep.class);
    private Instant last;

    public Timers(Ledger ledger, WorkOffers offers, Dispatcher dispatcher, Clock clock) {
        this.ledger = ledger;
        this.offers = offers;
        this.dispatcher = dispatcher;
        this.clock = clock;
        this.last = clock.instant();
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
        Instant now = clock.instant();
        rebuildWhatIsOwed();
        offered.values().removeIf(at -> at.isBefore(now.minus(OVERLAP)));
        for (PendingWork work : ledger.retriesDue(last.minus(OVERLAP), now, PAGE)) {
            // busy first: what is not offered now must not count as offered, or it would wait for the overlap to pass
            if (!dispatcher.busy(work.id()) && offered.putIfAbsent(work.id(), now) == null) {
                offers.offer(WorkStep.DISPATCH, work.lane(), work.id());
            }
        }
        for (PendingWork work : ledger.overdue(now, PAGE)) {
            dispatcher.overdue(work.id());
        }
        last = now;
    }

    /** A step begins: its next retry is a new one. */
    public void stepped(String id) {
        offered.remove(id);
    }

    /**
     * At a distance that grows with what the last time took: a full queue must not make the ledger be read all the
     * time.
     */
    private void rebuildWhatIsOwed() {
        for (WorkStep step : WorkStep.values()) {
            long begun = System.nanoTime();
            if (begun - notBefore.getOrDefault(step, begun) >= 0 && offers.takeDebt(step)) {
                try {
                    rebuild(step);
                } finally {
                    long end = System.nanoTime();
                    notBefore.put(step, end + REST * (end - begun));
                }
            }
        }
    }

    /** Offers everything unfinished. */
    public Rebuilt rebuild() {
        return new Rebuilt(rebuild(WorkStep.DISPATCH), rebuild(WorkStep.PROCESS), rebuild(WorkStep.DELIVER));
    }

    private int rebuild(WorkStep step) {
        Instant now = clock.instant();
        int count = switch (step) {
            case DISPATCH -> offerAll(step, after -> ledger.stepsOutstanding(now, after, PAGE));
            case PROCESS -> offerAll(step, after -> ledger.processingOutstanding(after, PAGE));
            case DELIVER -> offerAll(step, after -> ledger.deliveriesOutstanding(now, after, PAGE));
        };
        if (count > 0) {
            LOG.info("{} offered from the ledger: {}", step, count);
        }
        return count;
    }

    /** Goes on where one lane is full: the others have room. What is not taken is owed, and offered again. */
    private int offerAll(WorkStep step, Function<String, List<PendingWork>> page) {
        int count = 0;
        String after = "";
        List<PendingWork> works;
        do {
            works = page.apply(after);
            for (PendingWork work : works) {
                if (offers.offer(step, work.lane(), work.id())) {
                    count++;
                }
                after = work.id();
            }
        } while (works.size() == PAGE && offers.open(step));
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
