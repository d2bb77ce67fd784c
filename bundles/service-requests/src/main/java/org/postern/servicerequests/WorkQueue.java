package org.postern.servicerequests;

import org.postern.catalogue.Lane;

/**
 * The queues between the steps, as a port: given by the routes, over the broker. Transport only; the ledger can fill them
 * again, so an offer may be lost or doubled without harm.
 */
public interface WorkQueue {

    /**
     * Puts work on a queue. Should return quickly; where it throws, the work is offered again within seconds.
     *
     * @param step which queue
     * @param lane priority within it
     * @param id   durable id of the work
     */
    void offer(WorkStep step, Lane lane, String id);
}
