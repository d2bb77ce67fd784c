package org.postern.delivery.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.postern.catalogue.Lane;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends deliveries by JMS in batches: in each lane, the deliveries that arrive while a batch is being sent form the
 * next batch. The thread that adds a delivery to an idle lane sends it immediately, and then the batches that have
 * formed meanwhile; the thread that adds one to a busy lane leaves it there and continues. So a single delivery never
 * waits, and many share one commit of the broker without an additional thread. A batch that has formed during a sending
 * waits a short time for more deliveries, so that commits are large under load; batches of top-ups do not wait.
 *
 * <p>No delivery is reported as sent before the broker has confirmed it. If the process is killed in between, the
 * delivery is still pending in the ledger and is sent again with the same duplicate id. Thread-safe.
 */
final class JmsBatches {

    /** Receives the outcome of each delivery. Exactly one method is called for each delivery, and neither throws. */
    interface Outcomes {

        /** The delivery was sent. Adding it again before this method returns does not send it twice. */
        void sent(Delivery delivery);

        /** The delivery failed. Adding it again from now on starts another attempt. */
        void failed(Delivery delivery, Throwable why);
    }

    static final int MAX_BATCH = 64;
    /**
     * A batch of this size or more gets no further deliveries, so that a commit does not occupy the broker with one
     * lane for long.
     */
    private static final int MAX_BATCH_BYTES = 1 << 20;
    /**
     * Number of deliveries that may wait in a lane. A thread that adds more is blocked, because waiting deliveries are
     * in memory.
     */
    private static final int MAX_WAITING = 2 * MAX_BATCH;
    /** Longest time after the last sending for which a batch waits for more deliveries. */
    static final Duration MAX_WAIT = Duration.ofMillis(10);

    private static final Logger LOG = LoggerFactory.getLogger(JmsBatches.class);

    /** The deliveries that wait in one lane; guarded by its own monitor. */
    private static final class LaneQueue {
        private final Deque<Delivery> waiting = new ArrayDeque<>();
        /** Ids of deliveries that wait or are being sent and whose outcome was not reported yet. */
        private final Set<String> inProgress = new HashSet<>();

        private final long maxWaitNanos;
        private boolean busy;

        LaneQueue(long maxWaitNanos) {
            this.maxWaitNanos = maxWaitNanos;
        }
    }

    private final JmsSender sender;
    private final Outcomes outcomes;
    private final Map<Lane, LaneQueue> lanes = new EnumMap<>(Lane.class);

    JmsBatches(JmsSender sender, Outcomes outcomes) {
        this(sender, outcomes, MAX_WAIT);
    }

    /** @param maxWait how long a batch that has formed during a sending waits for more deliveries after it */
    JmsBatches(JmsSender sender, Outcomes outcomes, Duration maxWait) {
        this.sender = sender;
        this.outcomes = outcomes;
        for (Lane lane : Lane.values()) {
            lanes.put(lane, new LaneQueue(lane == Lane.PREPAYMENT ? 0 : maxWait.toNanos()));
        }
    }

    /** Sends the delivery, immediately or in a batch. A delivery that is already in progress is not sent twice. */
    void send(Delivery delivery) throws InterruptedException {
        LaneQueue lane = lanes.get(delivery.lane());
        synchronized (lane) {
            while (lane.waiting.size() >= MAX_WAITING) {
                lane.wait();
            }
            if (!lane.inProgress.add(delivery.entry().id())) {
                return;
            }
            lane.waiting.add(delivery);
            if (lane.busy) {
                if (lane.waiting.size() == MAX_BATCH) {
                    lane.notifyAll();
                }
                return;
            }
            lane.busy = true;
        }
        sendAll(lane);
    }

    private void sendAll(LaneQueue lane) {
        for (List<Delivery> batch = next(lane, false); !batch.isEmpty(); batch = next(lane, true)) {
            boolean together = batch.size() > 1 && together(batch);
            for (Delivery each : batch) {
                try {
                    end(lane, each, together ? Optional.empty() : alone(each));
                } catch (RuntimeException | Error e) {
                    // the lane must not stay busy without end, nor the rest of the batch without an outcome; the entry
                    // is still pending in the ledger
                    LOG.error(
                            "Delivery {} by JMS ended unexpectedly and is offered again later",
                            each.entry().id(),
                            e);
                }
            }
        }
    }

    /** The next batch. If it is empty, the lane is idle from then on. */
    private static List<Delivery> next(LaneQueue lane, boolean afterOthers) {
        synchronized (lane) {
            if (afterOthers && !lane.waiting.isEmpty()) {
                waitForMore(lane);
            }
            List<Delivery> batch = new ArrayList<>();
            int bytes = 0;
            while (!lane.waiting.isEmpty() && batch.size() < MAX_BATCH && bytes < MAX_BATCH_BYTES) {
                Delivery first = lane.waiting.poll();
                batch.add(first);
                bytes += first.entry().body().length;
            }
            lane.busy = !batch.isEmpty();
            lane.notifyAll();
            return batch;
        }
    }

    /**
     * Waits on the monitor of the lane for more deliveries. An interrupt ends the wait, and the thread stays
     * interrupted.
     */
    private static void waitForMore(LaneQueue lane) {
        long end = System.nanoTime() + lane.maxWaitNanos;
        for (long left = lane.maxWaitNanos;
                left > 0 && lane.waiting.size() < MAX_BATCH;
                left = end - System.nanoTime()) {
            try {
                TimeUnit.NANOSECONDS.timedWait(lane, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Sends the batch in one transaction; false if that failed and each delivery has to be sent separately. */
    private boolean together(List<Delivery> batch) {
        try {
            sender.sendTogether(batch);
            return true;
        } catch (Throwable e) {
            // also for an Error, which can occur while a module is replaced: each delivery must get an outcome
            LOG.debug(
                    "{} deliveries could not be sent in one transaction; each is sent separately: {}",
                    batch.size(),
                    e.toString());
            return false;
        }
    }

    /** Sends one delivery separately; returns the failure, or empty. */
    private Optional<Throwable> alone(Delivery delivery) {
        try {
            sender.send(delivery.entry(), delivery.to());
            return Optional.empty();
        } catch (Throwable e) {
            return Optional.of(e);
        }
    }

    private void end(LaneQueue lane, Delivery delivery, Optional<Throwable> failure) {
        if (failure.isPresent()) {
            // removed before the failure is reported: the next attempt may start while other deliveries of the batch
            // are still failing, and would be taken for this one
            endProgress(lane, delivery);
            outcomes.failed(delivery, failure.get());
            return;
        }
        try {
            outcomes.sent(delivery);
        } finally {
            // removed after the success is reported: before that, the ledger still offers the delivery as not sent
            endProgress(lane, delivery);
        }
    }

    private static void endProgress(LaneQueue lane, Delivery delivery) {
        synchronized (lane) {
            lane.inProgress.remove(delivery.entry().id());
        }
    }
}
