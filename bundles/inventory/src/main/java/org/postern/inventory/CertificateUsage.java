package org.postern.inventory;

/** What a party's certificate is for; the ending of its file name says so. */
public enum CertificateUsage {
    /** Checks signatures; key usage digitalSignature. */
    DIGITAL_SIGNATURE("ds"),
    /** Agrees MAC and encryption keys; key usage keyAgreement. */
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
