package org.postern.catalogue;

/** Whether an entry of the outbox has left. Its name is what the ledger holds. */
public enum DeliveryState {
    /** Not delivered yet. */
    PENDING,
    /** Taken by the broker, or on disk as a file. */
    DELIVERED
}
