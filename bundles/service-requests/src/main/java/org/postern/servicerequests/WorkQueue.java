package org.postern.servicerequests;

import java.util.List;
import org.postern.catalogue.Lane;

/**
 * Where work waits between two steps, as a port: given by whoever does the work of a step. Transport only; the ledger
 * can fill it again, so an offer may be lost or doubled without harm.
 */
@FunctionalInterface
public interface WorkQueue {

    /**
     * Puts work on a queue. Never waits for a broker, a disk or room: where it cannot be taken at once it throws, and
     * is offered again within seconds.
     *
     * @param step which queue
     * @param lane priority within it
     * @param id durable id of the work
     */
    void offer(WorkStep step, Lane lane, String id);

    /**
     * Whether work of that step is taken here. The answer never changes.
     *
     * @param step a step
     * @return true where {@link #offer} takes it
     */
    default boolean takes(WorkStep step) {
        return true;
    }

    /** True where another node may do the work that is offered here: nothing is kept in memory for it. */
    default boolean shared() {
        return false;
    }

    /** What is in hand here now; empty where the queue is another's (a broker's) to count. Never waits. */
    default List<Depth> depths() {
        return List.of();
    }

    /**
     * What one lane of one step has in hand.
     *
     * @param waiting ids that nobody has begun with
     * @param atWork ids that are being worked on
     */
    record Depth(WorkStep step, Lane lane, int waiting, int atWork) {}
}
