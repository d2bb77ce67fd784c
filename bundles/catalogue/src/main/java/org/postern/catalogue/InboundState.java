package org.postern.catalogue;

/** The state of a stored document of the DCC. The ledger contains the name. */
public enum InboundState {
    /** Stored, but not processed yet. */
    STORED,
    /** Its effect was stored in the same transaction as this state. */
    PROCESSED,
    /** Another document has the same identity but another content: stored without effect. */
    QUARANTINED,
    /** The response to an HTTP request of the appliance, stored in the same transaction as its effect. */
    EXCHANGED
}
