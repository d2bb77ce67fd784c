package org.postern.servicerequests.internal.lifecycle;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.postern.catalogue.Lane;
import org.postern.servicerequests.WorkQueue;
import org.postern.servicerequests.WorkStep;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queues, where there are any. An offer that cannot be made is noted for its step: the ledger has the work, and the
 * step's queue is filled again from it. Nothing here ever throws, and nothing waits.
 */
public final class WorkOffers {

    private static final Logger LOG = LoggerFactory.getLogger(WorkOffers.class);

    private final List<WorkQueue> queues = new CopyOnWriteArrayList<>();
    private final Map<WorkStep, AtomicBoolean> owing = new EnumMap<>(WorkStep.class);
    /** What was offered and not taken yet. */
    private final Map<WorkStep, Map<String, Offer>> offered = new EnumMap<>(WorkStep.class);
    /** What was taken and is not done yet. */
    private final Map<WorkStep, Map<String, Taken>> atWork = new EnumMap<>(WorkStep.class);

    private final LongSupplier nanos;
    private final JustWritten written;

    /** In which lane work was offered, and when by the monotonic clock. */
    private record Offer(Lane lane, long at) {}

    /** From which lane work was taken, where that is known, and when by the monotonic clock. */
    private record Taken(Optional<Lane> lane, long at) {}

    /**
     * No queues yet; everything unfinished is to be offered to those that come.
     *
     * @param nanos a monotonic clock in nanoseconds
     */
    public WorkOffers(LongSupplier nanos) {
        this.nanos = nanos;
        this.written = new JustWritten(nanos);
        for (WorkStep step : WorkStep.values()) {
            owing.put(step, new AtomicBoolean(true));
            offered.put(step, new ConcurrentHashMap<>());
            atWork.put(step, new ConcurrentHashMap<>());
        }
    }

    /** A queue is there; everything unfinished of its steps is to be offered to it. */
    public void bind(WorkQueue given) {
        queues.add(given);
        owing.forEach((step, flag) -> {
            if (given.takes(step)) {
                // a queue that is new holds nothing, and who was at work for the old one may be gone with it
                of(offered, step).clear();
                of(atWork, step).clear();
                flag.set(true);
            }
        });
    }

    /** The queue is gone. */
    public void unbind(WorkQueue gone) {
        queues.remove(gone);
    }

    /** True where there is a queue for that step. */
    boolean open(WorkStep step) {
        return queue(step).isPresent();
    }

    /** What was just written, for those who take what is offered. */
    public JustWritten written() {
        return written;
    }

    /** True where work of that step is done by this process alone, so that what it needs may be kept in memory. */
    public boolean here(WorkStep step) {
        return queue(step).filter(queue -> !queue.shared()).isPresent();
    }

    /** Offers; false where it is noted to be offered again. */
    public boolean offer(WorkStep step, Lane lane, String id) {
        Optional<WorkQueue> queue = queue(step);
        if (queue.isPresent()) {
            try {
                of(offered, step).put(id, new Offer(lane, nanos.getAsLong()));
                of(atWork, step).remove(id);
                queue.get().offer(step, lane, id);
                return true;
            } catch (RejectedExecutionException full) {
                of(offered, step).remove(id);
                LOG.debug("{} {} not queued ({}); offered again soon", step, id, full.getMessage());
            } catch (RuntimeException e) {
                of(offered, step).remove(id);
                LOG.warn(
                        "{} {} not queued ({}); offered again soon",
                        step,
                        id,
                        e.getClass().getSimpleName());
            }
        }
        of(owing, step).set(true);
        return false;
    }

    /**
     * That work was taken from its queue: it is in hand until it is done or offered again.
     *
     * @return the lane that it was offered in; empty where it was offered by another node, or before a restart
     */
    public Optional<Lane> taken(WorkStep step, String id) {
        long now = nanos.getAsLong();
        Optional<Lane> lane = Optional.ofNullable(of(offered, step).remove(id)).map(Offer::lane);
        of(atWork, step).put(id, new Taken(lane, now));
        return lane;
    }

    /** The lane that work was taken from which is not done yet; empty where it is not known. */
    Optional<Lane> lane(WorkStep step, String id) {
        return Optional.ofNullable(of(atWork, step).get(id)).flatMap(Taken::lane);
    }

    /** That work is done; what it led to is on disk. */
    public void done(WorkStep step, String id) {
        of(atWork, step).remove(id);
    }

    /** True where that work lies in its queue, or somebody is at it. */
    boolean inHand(WorkStep step, String id) {
        return of(offered, step).containsKey(id) || of(atWork, step).containsKey(id);
    }

    /**
     * Forgets what has been in hand for so long: another node has taken it, the queue has lost it, or who was at it
     * came to no end.
     */
    void forget(Duration age) {
        long now = nanos.getAsLong();
        offered.values().forEach(offers -> offers.values().removeIf(offer -> now - offer.at() > age.toNanos()));
        atWork.values().forEach(taken -> taken.values().removeIf(work -> now - work.at() > age.toNanos()));
        written.dropOld();
    }

    /** What the queues hold now. */
    public List<WorkQueue.Depth> depths() {
        return queues.stream().flatMap(queue -> queue.depths().stream()).toList();
    }

    private static <V> V of(Map<WorkStep, V> all, WorkStep step) {
        return Objects.requireNonNull(all.get(step), "every step is there");
    }

    private Optional<WorkQueue> queue(WorkStep step) {
        return queues.stream().filter(queue -> queue.takes(step)).findFirst();
    }

    /** Something could not even be noted: everything is to be offered again. */
    void owe() {
        owing.values().forEach(flag -> flag.set(true));
    }

    /** True where something of that step is known to wait for its queue. */
    boolean owes(WorkStep step) {
        return of(owing, step).get();
    }

    /** True once where something of that step is to be offered again and there is a queue for it. */
    boolean takeDebt(WorkStep step) {
        return open(step) && of(owing, step).getAndSet(false);
    }
}
