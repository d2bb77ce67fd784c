package org.postern.catalogue;

/** Lanes of priority, highest first. Bulk never delays a top-up. */
public enum Lane {
    /** Prepayment and supply-affecting. */
    PREPAYMENT,
    /** Somebody waits. */
    INTERACTIVE,
    /** Ordinary traffic. */
    ROUTINE,
    /** Campaigns and batches. */
    BULK
}
