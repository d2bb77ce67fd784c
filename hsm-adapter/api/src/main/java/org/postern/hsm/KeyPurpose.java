package org.postern.hsm;

/** The one thing that a key of the vault may do. A key has exactly one purpose, checked when the vault starts. */
public enum KeyPurpose {
    /** Signs DUIS documents, by their SignedInfo. */
    XML_SIGNING(true),
    /** Signs Pre-Commands that the correlator has proved. */
    GBCS_SIGNING(true),
    /** Agrees values with devices, to check MACs and decrypt. */
    KEY_AGREEMENT(false),
    /** Agrees values with meters, to make prepayment tokens (UTRN). */
    PREPAYMENT_KEY_AGREEMENT(false);

    private final boolean signing;

    KeyPurpose(boolean signing) {
        this.signing = signing;
    }

    /** True for the two that sign, false for the two that agree. */
    public boolean signing() {
        return signing;
    }
}
