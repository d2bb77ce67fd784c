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
 * Offers work to the queues that are present. If an offer is refused, its step is marked and its queue is refilled from
 * the ledger later. No method throws or blocks.
 */
public final class WorkOffers {

    private static final Logger LOG = LoggerFactory.getLogger(WorkOffers.class);

    private final List<WorkQueue> queues = new CopyOnWriteArrayList<>();
    private final Map<WorkStep, AtomicBoolean> marked = new EnumMap<>(WorkStep.class);
    /** Work that was offered and has not been taken from its queue yet. */
    private final Map<WorkStep, Map<String, Offer>> offered = new EnumMap<>(WorkStep.class);
    /** Work that was taken from its queue and is not done yet. */
    private final Map<WorkStep, Map<String, Taken>> atWork = new EnumMap<>(WorkStep.class);

    private final LongSupplier nanos;
    private final RecentWrites written;

    /** The lane in which work was offered, and the monotonic time of the offer. */
    private record Offer(Lane lane, long at) {}

    /** The lane from which work was taken, if it is known, and the monotonic time. */
    private record Taken(Optional<Lane> lane, long at) {}

    /**
     * Starts without queues; all unfinished work is offered to queues that appear.
     *
     * @param nanos a monotonic clock in nanoseconds
     */
    public WorkOffers(LongSupplier nanos) {
        this.nanos = nanos;
        this.written = new RecentWrites(nanos);
        for (WorkStep step : WorkStep.values()) {
            marked.put(step, new AtomicBoolean(true));
            offered.put(step, new ConcurrentHashMap<>());
            atWork.put(step, new ConcurrentHashMap<>());
        }
    }

    /** Called when a queue appears; all unfinished work of its steps is offered to it. */
    public void bind(WorkQueue given) {
        queues.add(given);
        marked.forEach((step, flag) -> {
            if (given.takes(step)) {
                // a new queue is empty, and the workers of the old one may have disappeared with it
                of(offered, step).clear();
                of(atWork, step).clear();
                flag.set(true);
            }
        });
    }

    /** Called when a queue disappears. */
    public void unbind(WorkQueue gone) {
        queues.remove(gone);
    }

    /** True if there is a queue for that step. */
    boolean hasQueue(WorkStep step) {
        return queue(step).isPresent();
    }

    /** The cache of recent writes, for the workers of the queues. */
    public RecentWrites written() {
        return written;
    }

    /** True if only this process carries out that step, so that its data may be cached in memory. */
    public boolean isLocal(WorkStep step) {
        return queue(step).filter(queue -> !queue.shared()).isPresent();
    }

    /** Offers work; false if it was refused and will be offered again. */
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
                LOG.debug("{} {} not queued ({}); it is offered again soon", step, id, full.getMessage());
            } catch (RuntimeException e) {
                of(offered, step).remove(id);
                LOG.warn(
                        "{} {} not queued ({}); offered again soon",
                        step,
                        id,
                        e.getClass().getSimpleName());
            }
        }
        of(marked, step).set(true);
        return false;
    }

    /**
     * Called when work was taken from its queue; it counts as in progress until it is done or offered again.
     *
     * @return the lane that it was offered in; empty if it was offered by another node or before a restart
     */
    public Optional<Lane> taken(WorkStep step, String id) {
        long now = nanos.getAsLong();
        Optional<Lane> lane = Optional.ofNullable(of(offered, step).remove(id)).map(Offer::lane);
        of(atWork, step).put(id, new Taken(lane, now));
        return lane;
    }

    /** The lane of work in progress; empty if it is not known. */
    Optional<Lane> lane(WorkStep step, String id) {
        return Optional.ofNullable(of(atWork, step).get(id)).flatMap(Taken::lane);
    }

    /** Called when work is done and its result is on disk. */
    public void done(WorkStep step, String id) {
        of(atWork, step).remove(id);
    }

    /** True if that work is queued or in progress. */
    boolean inProgress(WorkStep step, String id) {
        return of(offered, step).containsKey(id) || of(atWork, step).containsKey(id);
    }

    /**
     * Forgets work that has been queued or in progress for longer than that: another node has taken it, the queue has
     * lost it, or its worker has not ended.
     */
    void forget(Duration age) {
        long now = nanos.getAsLong();
        offered.values().forEach(offers -> offers.values().removeIf(offer -> now - offer.at() > age.toNanos()));
        atWork.values().forEach(taken -> taken.values().removeIf(work -> now - work.at() > age.toNanos()));
        written.removeOld();
    }

    /** The present lengths of the queues. */
    public List<WorkQueue.Depth> depths() {
        return queues.stream().flatMap(queue -> queue.depths().stream()).toList();
    }

    private static <V> V of(Map<WorkStep, V> all, WorkStep step) {
        return Objects.requireNonNull(all.get(step), "every step has an entry");
    }

    private Optional<WorkQueue> queue(WorkStep step) {
        return queues.stream().filter(queue -> queue.takes(step)).findFirst();
    }

    /** Marks all steps so that all pending work is offered again, because a failure could not be stored. */
    void markAll() {
        marked.values().forEach(flag -> flag.set(true));
    }

    /** True if the step is marked because an offer was refused. */
    boolean isMarked(WorkStep step) {
        return of(marked, step).get();
    }

    /** Removes the mark of a step; true if it was marked and there is a queue for it. */
    boolean unmark(WorkStep step) {
        return hasQueue(step) && of(marked, step).getAndSet(false);
    }
}
