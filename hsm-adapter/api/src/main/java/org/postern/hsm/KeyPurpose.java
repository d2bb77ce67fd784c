package org.postern.hsm;

/** What a key of the vault may be used for. A key has exactly one purpose, which is checked when the vault opens. */
public enum KeyPurpose {
    /** Signs the SignedInfo of DUIS documents. */
    XML_SIGNING(true),
    /** Signs Pre-Commands for which the correlator has created a proof. */
    GBCS_SIGNING(true),
    /** Key agreement with devices, to check MACs and to decrypt. */
    KEY_AGREEMENT(false),
    /** Key agreement with meters, to generate prepayment tokens (UTRN). */
    PREPAYMENT_KEY_AGREEMENT(false);

    private final boolean signing;

    KeyPurpose(boolean signing) {
        this.signing = signing;
    }

    /** True for the two signing purposes, false for the two key agreement purposes. */
    public boolean signing() {
        return signing;
    }
}
