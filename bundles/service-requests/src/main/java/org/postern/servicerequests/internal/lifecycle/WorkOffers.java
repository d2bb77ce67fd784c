package org.postern.servicerequests.internal.lifecycle;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.postern.catalogue.Lane;
import org.postern.servicerequests.WorkQueue;
import org.postern.servicerequests.WorkStep;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queues, where there are any. An offer that cannot be made is noted for its step: the ledger has the work, and
 * the step's queue is filled again from it. Nothing here ever throws, and nothing waits.
 */
public final class WorkOffers {

    private static final Logger LOG = LoggerFactory.getLogger(WorkOffers.class);

    private final List<WorkQueue> queues = new CopyOnWriteArrayList<>();
    private final Map<WorkStep, AtomicBoolean> owing = new EnumMap<>(WorkStep.class);

    /** No queues yet; everything unfinished is to be offered to those that come. */
    public WorkOffers() {
        for (WorkStep step : WorkStep.values()) {
            owing.put(step, new AtomicBoolean(true));
        }
    }

    /** A queue is there; everything unfinished of its steps is to be offered to it. */
    public void bind(WorkQueue given) {
        queues.add(given);
        owing.forEach((step, flag) -> {
            if (given.takes(step)) {
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

    /** Offers; false where it is noted to be offered again. */
    public boolean offer(WorkStep step, Lane lane, String id) {
        Optional<WorkQueue> queue = queue(step);
        if (queue.isPresent()) {
            try {
                queue.get().offer(step, lane, id);
                return true;
            } catch (RejectedExecutionException full) {
                LOG.debug("{} {} not queued ({}); offered again soon", step, id, full.getMessage());
            } catch (RuntimeException e) {
                LOG.warn("{} {} not queued ({}); offered again soon", step, id, e.getClass().getSimpleName());
            }
        }
        owing.get(step).set(true);
        return false;
    }

    private Optional<WorkQueue> queue(WorkStep step) {
        return queues.stream().filter(queue -> queue.takes(step)).findFirst();
    }

    /** Something could not even be noted: everything is to be offered again. */
    void owe() {
        owing.values().forEach(flag -> flag.set(true));
    }

    /** True once where something of that step is to be offered again and there is a queue for it. */
    boolean takeDebt(WorkStep step) {
        return open(step) && owing.get(step).getAndSet(false);
    }
}
