package org.postern.catalogue;

/** Priority lanes, highest first. Bulk requests never delay a top-up. */
public enum Lane {
    /** Prepayment, and requests that affect the supply. */
    PREPAYMENT,
    /** Requests for which a user waits. */
    INTERACTIVE,
    /** Ordinary traffic. */
    ROUTINE,
    /** Campaigns and batches. */
    BULK
}
