package org.postern.servicerequests;

/** The queues between the steps. */
public enum WorkStep {
    /** {@link ServiceRequests#step}; the id is that of a request. */
    DISPATCH,
    /** {@link ServiceRequests#process}; the id is that of an inbound document. */
    PROCESS,
    /** {@link Outbox}; the id is that of an outbox entry. */
    DELIVER
}
