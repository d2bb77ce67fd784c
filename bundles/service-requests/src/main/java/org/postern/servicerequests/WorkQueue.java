package org.postern.servicerequests;

import java.util.List;
import org.postern.catalogue.Lane;

/**
 * A queue for work between two steps, implemented by the module that carries out the step. It is only a transport: it
 * can be refilled from the ledger, so a lost or duplicated offer causes no harm.
 */
@FunctionalInterface
public interface WorkQueue {

    /**
     * Puts work on a queue. Never waits for a broker, a disk or room: if the work cannot be accepted at once, the
     * method throws, and the work is offered again within seconds.
     *
     * @param step which queue
     * @param lane priority within it
     * @param id durable id of the work
     */
    void offer(WorkStep step, Lane lane, String id);

    /**
     * Whether this queue accepts work of that step. The answer never changes.
     *
     * @param step a step
     * @return true if {@link #offer} accepts it
     */
    default boolean takes(WorkStep step) {
        return true;
    }

    /** True if another node may carry out the work that is offered here; then no data is kept in memory for it. */
    default boolean shared() {
        return false;
    }

    /** The present lengths of the queues; empty if a broker counts them. Never blocks. */
    default List<Depth> depths() {
        return List.of();
    }

    /**
     * The work of one lane of one step.
     *
     * @param waiting number of ids that are waiting
     * @param atWork number of ids that are being processed
     */
    record Depth(WorkStep step, Lane lane, int waiting, int atWork) {}
}
