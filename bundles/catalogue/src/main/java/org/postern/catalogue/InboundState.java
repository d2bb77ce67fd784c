package org.postern.catalogue;

/** What has become of a document of the DCC that is on disk. Its name is what the ledger holds. */
public enum InboundState {
    /** On disk, its meaning not found out yet. */
    STORED,
    /** Its meaning has taken effect, in the same transaction as this mark. */
    PROCESSED,
    /** Another document has the same identity with another content: kept, without effect. */
    QUARANTINED,
    /** The answer to our own HTTP request, whose effect was in the transaction that stored it. */
    EXCHANGED
}
