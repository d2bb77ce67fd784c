package org.postern.servicerequests.internal.lifecycle;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.postern.catalogue.Lane;
import org.postern.servicerequests.WorkQueue;
import org.postern.servicerequests.WorkStep;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queues, where there are any. An offer that cannot be made is remembered as a debt: the ledger has the work, and a rebuild
 * pays it. Nothing here ever throws.
 */
public final class WorkOffers {

    private static final Logger LOG = LoggerFactory.getLogger(WorkOffers.class);

    private final AtomicReference<WorkQueue> queue = new AtomicReference<>();
    private final AtomicBoolean owing = new AtomicBoolean(true);

    /** The queues are there; everything unfinished is owed to them. */
    public void bind(WorkQueue given) {
        queue.set(given);
        owing.set(true);
    }

    /** The queues are gone. */
    public void unbind(WorkQueue gone) {
        queue.compareAndSet(gone, null);
    }

    /** True where there are queues. */
    public boolean open() {
        return queue.get() != null;
    }

    /** Offers; false where it is owed. */
    public boolean offer(WorkStep step, Lane lane, String id) {
        WorkQueue given = queue.get();
        if (given != null) {
            try {
                given.offer(step, lane, id);
                return true;
            } catch (RuntimeException e) {
                LOG.warn("{} {} not queued ({}); offered again soon", step, id, e.getClass().getSimpleName());
            }
        }
        owing.set(true);
        return false;
    }

    /** Something could not even be noted: everything is to be offered again. */
    void owe() {
        owing.set(true);
    }

    /** True once where something is owed and there are queues to pay it to. */
    boolean takeDebt() {
        return open() && owing.getAndSet(false);
    }
}
