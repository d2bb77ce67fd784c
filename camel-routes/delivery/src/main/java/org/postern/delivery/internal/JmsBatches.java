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
 * Sends deliveries by JMS, in each lane those together that came while the last ones were being sent. Who brings one to
 * an idle lane sends it at once, by itself, and then whatever has gathered; who brings one to a busy lane leaves it
 * there and goes on. So a single delivery waits for nothing, and many share one commit of the broker without a thread
 * more. Where others have come while one was being sent, they wait a little longer for more, so that under load a
 * commit has many; top-ups never do.
 *
 * <p>Nothing is told as sent before the broker has confirmed it. What is lost in a kill in between is still pending in
 * the ledger, and is sent again under the same duplicate id. Safe for many threads.
 */
final class JmsBatches {

    /** What becomes of each delivery; exactly one is called for each, whatever went wrong, and neither throws. */
    interface Ends {

        /** Sent again before this has returned, it is not sent twice. */
        void sent(Delivery delivery);

        /** Sent again from now on, it is tried again. */
        void failed(Delivery delivery, Throwable why);
    }

    static final int MOST_AT_ONCE = 64;
    /** Above it nothing is added to a batch: a commit is not to keep the broker busy with one lane for long. */
    private static final int ENOUGH_BYTES = 1 << 20;
    /** So many may wait in a lane; who brings more waits, because what waits is held in memory. */
    private static final int MOST_WAITING = 2 * MOST_AT_ONCE;
    /** What waits for more leaves at the latest so long after the last sending. */
    static final Duration GATHER = Duration.ofMillis(10);

    private static final Logger LOG = LoggerFactory.getLogger(JmsBatches.class);

    /** What waits in one lane; guarded by itself. */
    private static final class Gathered {
        private final Deque<Delivery> waiting = new ArrayDeque<>();
        /** Waits or is being sent; not any more what was told as failed, nor what was told as sent. */
        private final Set<String> underWay = new HashSet<>();

        private final long gatherNanos;
        private boolean busy;

        Gathered(long gatherNanos) {
            this.gatherNanos = gatherNanos;
        }
    }

    private final JmsSender sender;
    private final Ends ends;
    private final Map<Lane, Gathered> lanes = new EnumMap<>(Lane.class);

    JmsBatches(JmsSender sender, Ends ends) {
        this(sender, ends, GATHER);
    }

    /** @param gather how long what came during a sending waits for more after it */
    JmsBatches(JmsSender sender, Ends ends, Duration gather) {
        this.sender = sender;
        this.ends = ends;
        for (Lane lane : Lane.values()) {
            lanes.put(lane, new Gathered(lane == Lane.PREPAYMENT ? 0 : gather.toNanos()));
        }
    }

    /** Sends it, now or with others; one that is under way already is not sent twice. */
    void send(Delivery delivery) throws InterruptedException {
        Gathered lane = lanes.get(delivery.lane());
        synchronized (lane) {
            while (lane.waiting.size() >= MOST_WAITING) {
                lane.wait();
            }
            if (!lane.underWay.add(delivery.entry().id())) {
                return;
            }
            lane.waiting.add(delivery);
            if (lane.busy) {
                if (lane.waiting.size() == MOST_AT_ONCE) {
                    lane.notifyAll();
                }
                return;
            }
            lane.busy = true;
        }
        empty(lane);
    }

    private void empty(Gathered lane) {
        for (List<Delivery> batch = next(lane, false); !batch.isEmpty(); batch = next(lane, true)) {
            boolean together = batch.size() > 1 && together(batch);
            for (Delivery each : batch) {
                try {
                    end(lane, each, together ? Optional.empty() : alone(each));
                } catch (RuntimeException | Error e) {
                    // the lane must not stay busy for ever, nor the rest of the batch without an end; the entry is
                    // pending in the ledger
                    LOG.error(
                            "Delivery {} by JMS ended in an unexpected way and is offered again later",
                            each.entry().id(),
                            e);
                }
            }
        }
    }

    /** What goes next; where there is nothing, the lane is idle from then on. */
    private static List<Delivery> next(Gathered lane, boolean afterOthers) {
        synchronized (lane) {
            if (afterOthers && !lane.waiting.isEmpty()) {
                gather(lane);
            }
            List<Delivery> batch = new ArrayList<>();
            int bytes = 0;
            while (!lane.waiting.isEmpty() && batch.size() < MOST_AT_ONCE && bytes < ENOUGH_BYTES) {
                Delivery first = lane.waiting.poll();
                batch.add(first);
                bytes += first.entry().body().length;
            }
            lane.busy = !batch.isEmpty();
            lane.notifyAll();
            return batch;
        }
    }

    /** Waits for more, by the lane's monitor; who is interrupted goes on at once and stays interrupted. */
    private static void gather(Gathered lane) {
        long end = System.nanoTime() + lane.gatherNanos;
        for (long left = lane.gatherNanos;
                left > 0 && lane.waiting.size() < MOST_AT_ONCE;
                left = end - System.nanoTime()) {
            try {
                TimeUnit.NANOSECONDS.timedWait(lane, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** One transaction for all; false where they are not known to be there, and each has to go by itself. */
    private boolean together(List<Delivery> batch) {
        try {
            sender.sendTogether(batch);
            return true;
        } catch (Throwable e) {
            // an Error too, as while a module is exchanged: each is to have its end
            LOG.debug(
                    "{} deliveries could not be sent in one transaction; each is sent by itself: {}",
                    batch.size(),
                    e.toString());
            return false;
        }
    }

    /** Sends it by itself; what went wrong, or empty. */
    private Optional<Throwable> alone(Delivery delivery) {
        try {
            sender.send(delivery.entry(), delivery.to());
            return Optional.empty();
        } catch (Throwable e) {
            return Optional.of(e);
        }
    }

    private void end(Gathered lane, Delivery delivery, Optional<Throwable> failure) {
        if (failure.isPresent()) {
            // before it is told: the next try comes while others of the batch are still failing, and would be taken for
            // this one
            notUnderWay(lane, delivery);
            ends.failed(delivery, failure.get());
            return;
        }
        try {
            ends.sent(delivery);
        } finally {
            // after it is told: until then it would be taken for one that has not left
            notUnderWay(lane, delivery);
        }
    }

    private static void notUnderWay(Gathered lane, Delivery delivery) {
        synchronized (lane) {
            lane.underWay.remove(delivery.entry().id());
        }
    }
}
