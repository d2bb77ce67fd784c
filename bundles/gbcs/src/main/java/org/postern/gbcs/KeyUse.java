package org.postern.gbcs;

/** What a party's certificate or key is for. */
public enum KeyUse {
    /** Signing of GBCS messages. */
    DIGITAL_SIGNATURE,
    /** Key agreement for MACs and payload encryption. */
    KEY_AGREEMENT,
    /** Key agreement of a supplier for prepayment top-up tokens. */
    PREPAYMENT
}
