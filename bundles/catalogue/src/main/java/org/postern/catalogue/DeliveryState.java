package org.postern.catalogue;

/** Whether an entry of the outbox has been delivered. The ledger contains the name. */
public enum DeliveryState {
    /** Not delivered yet. */
    PENDING,
    /** Accepted by the broker, or written to disk as a file. */
    DELIVERED
}
