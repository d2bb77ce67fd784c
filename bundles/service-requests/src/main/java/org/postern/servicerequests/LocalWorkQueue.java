package org.postern.servicerequests;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import org.postern.catalogue.Lane;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A work queue within the process: one bounded queue with threads of its own for each step and lane, so that bulk work
 * never delays a top-up. The threads of the prepayment lane have a higher priority, which takes effect if the process
 * is started accordingly (bin/setenv). Offering work never blocks, neither for a broker nor for room. All work is
 * stored in the ledger; work that was refused because a queue is full is offered again.
 *
 * <p>An id that is waiting already is not queued twice. An id that is being processed is queued again, because the
 * worker may have read its state before the reason for the second offer existed. Work that throws is retried after a
 * delay that grows from 250 ms to 30 s.
 */
public final class LocalWorkQueue implements WorkQueue, AutoCloseable {

    /** Processes one id on a thread of the queue. */
    @FunctionalInterface
    public interface Worker {

        /** Processes the id; an exception causes a retry. */
        void work(WorkStep step, Lane lane, String id) throws Exception;
    }

    /** Maximum number of waiting ids in one lane of one step; further ones are only in the ledger. */
    public static final int CAPACITY = 20_000;

    /** Thread priority of all lanes except the prepayment lane, which has the default priority. */
    public static final int ORDINARY_PRIORITY = Thread.MIN_PRIORITY;

    private static final Logger LOG = LoggerFactory.getLogger(LocalWorkQueue.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(250);
    private static final Duration LAST_RETRY = Duration.ofSeconds(30);
    private static final int MAX_DOUBLINGS = 7;
    private static final long STOP_SECONDS = 10;

    private final Map<WorkStep, Map<Lane, LaneQueue>> queues = new EnumMap<>(WorkStep.class);
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private final ScheduledExecutorService retries;
    private final Worker worker;
    private volatile boolean closed;

    /**
     * Starts the threads.
     *
     * @param steps the steps that this queue accepts
     * @param workers number of threads of a lane, for each step; at least 1
     * @param capacity maximum number of waiting ids in one lane of one step
     * @param worker processes an id; called by several threads
     */
    public LocalWorkQueue(Set<WorkStep> steps, ToIntFunction<Lane> workers, int capacity, Worker worker) {
        this.worker = worker;
        ScheduledThreadPoolExecutor timer =
                new ScheduledThreadPoolExecutor(1, task -> daemon("postern-work-retries", task));
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.retries = timer;
        for (WorkStep step : steps) {
            Map<Lane, LaneQueue> lanes = new EnumMap<>(Lane.class);
            queues.put(step, lanes);
            for (Lane lane : Lane.values()) {
                LaneQueue queue = new LaneQueue(
                        new LinkedBlockingQueue<>(capacity), ConcurrentHashMap.newKeySet(), new AtomicInteger());
                lanes.put(lane, queue);
                for (int i = 1; i <= Math.max(1, workers.applyAsInt(lane)); i++) {
                    Thread thread = daemon(
                            "postern-" + step.name().toLowerCase(java.util.Locale.ROOT) + "-"
                                    + lane.name().toLowerCase(java.util.Locale.ROOT) + "-" + i,
                            () -> run(step, lane, queue));
                    thread.setPriority(lane == Lane.PREPAYMENT ? Thread.NORM_PRIORITY : ORDINARY_PRIORITY);
                    threads.add(thread);
                }
            }
        }
        threads.forEach(Thread::start);
    }

    private record LaneQueue(BlockingQueue<String> ids, Set<String> waiting, AtomicInteger atWork) {}

    private static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public boolean takes(WorkStep step) {
        return queues.containsKey(step);
    }

    /**
     * Puts work on a queue; never blocks.
     *
     * @throws RejectedExecutionException if the queue is full or closed
     */
    @Override
    public void offer(WorkStep step, Lane lane, String id) {
        LaneQueue queue = queue(step, lane);
        if (closed) {
            throw new RejectedExecutionException("closed");
        }
        if (queue.waiting().add(id) && !queue.ids().offer(id)) {
            queue.waiting().remove(id);
            throw new RejectedExecutionException(step + " " + lane + " is full");
        }
    }

    private LaneQueue queue(WorkStep step, Lane lane) {
        Map<Lane, LaneQueue> lanes = Objects.requireNonNull(queues.get(step), "a step that this queue accepts");
        return Objects.requireNonNull(lanes.get(lane), "every step has every lane");
    }

    /** The number of waiting ids. */
    public int waiting(WorkStep step, Lane lane) {
        return queue(step, lane).ids().size();
    }

    @Override
    public List<Depth> depths() {
        List<Depth> depths = new ArrayList<>();
        queues.forEach((step, lanes) -> lanes.forEach((lane, queue) -> depths.add(
                new Depth(step, lane, queue.ids().size(), queue.atWork().get()))));
        return depths;
    }

    private void run(WorkStep step, Lane lane, LaneQueue queue) {
        while (!closed) {
            String id;
            try {
                id = queue.ids().take();
            } catch (InterruptedException e) {
                return;
            }
            if (closed) {
                return;
            }
            // before the work starts: an offer that is made from now on must be processed again
            queue.waiting().remove(id);
            queue.atWork().incrementAndGet();
            try {
                worker.work(step, lane, id);
                failures.remove(id);
            } catch (Exception | Error e) {
                retryLater(step, lane, id, e);
            } finally {
                queue.atWork().decrementAndGet();
            }
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the retry does not throw
    private void retryLater(WorkStep step, Lane lane, String id, Throwable cause) {
        if (closed) {
            return;
        }
        int count = failures.merge(id, 1, Integer::sum);
        long millis = Math.min(LAST_RETRY.toMillis(), FIRST_RETRY.toMillis() << Math.min(count - 1, MAX_DOUBLINGS));
        LOG.warn("{} {} failed and is retried in {} ms: {}", step, id, millis, cause.toString());
        try {
            retries.schedule(() -> retry(step, lane, id), millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("closing: {} {} is offered again after the restart", step, id);
        }
    }

    private void retry(WorkStep step, Lane lane, String id) {
        try {
            offer(step, lane, id);
        } catch (RejectedExecutionException full) {
            retryLater(step, lane, id, full);
        }
    }

    /** Waits up to ten seconds for running work to end; waiting work is in the ledger. */
    @Override
    public void close() {
        closed = true;
        retries.shutdownNow();
        for (Map<Lane, LaneQueue> lanes : queues.values()) {
            for (LaneQueue queue : lanes.values()) {
                queue.ids().clear();
                // wakes only idle threads: running work is not interrupted before the timeout
                threads.forEach(thread -> {
                    boolean unused = queue.ids().offer("");
                });
            }
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
        for (Thread thread : threads) {
            try {
                TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, end - System.nanoTime()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            thread.interrupt();
        }
    }
}
