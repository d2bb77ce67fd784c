package org.postern.servicerequests;

/** The queues between the steps. */
public enum WorkStep {
    /** {@link ServiceRequests#step}; the id is a request's. */
    DISPATCH,
    /** {@link ServiceRequests#process}; the id is an inbound document's. */
    PROCESS,
    /** {@link Outbox}; the id is a delivery's. */
    DELIVER
}
