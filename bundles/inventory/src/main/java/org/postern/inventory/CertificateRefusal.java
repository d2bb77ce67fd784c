package org.postern.inventory;

import org.postern.catalogue.PosternException;

/**
 * A certificate that does not conform to the SMKI profile. States the kind of deviation, but none of the content of the
 * certificate.
 */
public final class CertificateRefusal extends PosternException {

    private static final long serialVersionUID = 1L;

    /** Kind of deviation. */
    public enum Respect {
        /** Not one X.509 v3 certificate in strict DER. */
        FORM(InventoryFault.CERTIFICATE_FORM),
        /** A key that is not on P-256, or a signature that is not ecdsa-with-SHA256. */
        ALGORITHM(InventoryFault.CERTIFICATE_ALGORITHM),
        /** Names, identifiers or extensions that are missing or that the profile does not permit. */
        PROFILE(InventoryFault.CERTIFICATE_PROFILE);

        private final InventoryFault kind;

        Respect(InventoryFault kind) {
            this.kind = kind;
        }
    }

    private final Respect respect;

    /**
     * @param rule the requirement of the profile
     * @param cause what was found
     */
    public CertificateRefusal(Respect respect, String rule, String cause) {
        super(respect.kind.fault("certificate", rule, cause));
        this.respect = respect;
    }

    /** The kind of deviation. */
    public Respect respect() {
        return respect;
    }
}
