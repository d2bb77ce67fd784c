package org.postern.inventory;

/** The use of a certificate of a party, which is part of its file name. */
public enum CertificateUsage {
    /** Verification of signatures; key usage digitalSignature. */
    DIGITAL_SIGNATURE("ds"),
    /** Agreement of MAC and encryption keys; key usage keyAgreement. */
    KEY_AGREEMENT("ka"),
    /** A supplier's key agreement for prepayment top-up tokens; key usage keyAgreement. */
    PREPAYMENT_KEY_AGREEMENT("pp-ka");

    private final String suffix;

    CertificateUsage(String suffix) {
        this.suffix = suffix;
    }

    /** The part of the file name between the EUI and {@code .pem}. */
    public String suffix() {
        return suffix;
    }
}
