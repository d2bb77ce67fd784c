package org.postern.servicerequests.internal.lifecycle;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
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
    /** What was offered and not taken yet, with the time of the offer. */
    private final Map<String, Long> offered = new ConcurrentHashMap<>();
    private final LongSupplier nanos;

    public WorkOffers() {
        this(System::nanoTime);
    }

    /** @param nanos a monotonic clock in nanoseconds */
    WorkOffers(LongSupplier nanos) {
        this.nanos = nanos;
    }

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
                offered.put(key(step, id), nanos.getAsLong());
                given.offer(step, lane, id);
                return true;
            } catch (RuntimeException e) {
                offered.remove(key(step, id));
                LOG.warn("{} {} not queued ({}); offered again soon", step, id, e.getClass().getSimpleName());
            }
        }
        owing.set(true);
        return false;
    }

    /** That work was taken from its queue. */
    public void taken(WorkStep step, String id) {
        offered.remove(key(step, id));
    }

    /** True where that work was offered and lies in its queue. */
    boolean waits(WorkStep step, String id) {
        return offered.containsKey(key(step, id));
    }

    /** Forgets offers that nobody has taken for so long: another node has, or the queue has lost them. */
    void forget(Duration age) {
        long now = nanos.getAsLong();
        offered.values().removeIf(at -> now - at > age.toNanos());
    }

    private static String key(WorkStep step, String id) {
        return step.name() + " " + id;
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
