package org.postern.gbcs;

/** The use of a certificate or key of a party. */
public enum KeyUse {
    /** Signing of GBCS messages. */
    DIGITAL_SIGNATURE,
    /** Key agreement for MACs and payload encryption. */
    KEY_AGREEMENT,
    /** Key agreement of a supplier for prepayment top-up tokens. */
    PREPAYMENT
}
