package org.postern.inventory;

import org.postern.catalogue.PosternException;

/** A certificate that is not what the SMKI profile asks for; says in which respect, and nothing of its contents. */
public final class CertificateRefusal extends PosternException {

    private static final long serialVersionUID = 1L;

    /** In which respect. */
    public enum Respect {
        /** Not one X.509 v3 certificate in strict DER. */
        FORM(InventoryFault.CERTIFICATE_FORM),
        /** Another key than P-256, or another signature than ecdsa-with-SHA256. */
        ALGORITHM(InventoryFault.CERTIFICATE_ALGORITHM),
        /** Names, identifiers or extensions that the profile does not have, or lacks. */
        PROFILE(InventoryFault.CERTIFICATE_PROFILE);

        private final InventoryFault kind;

        Respect(InventoryFault kind) {
            this.kind = kind;
        }
    }

    private final Respect respect;

    /** @param rule what the profile asks for; {@code cause} what was found */
    public CertificateRefusal(Respect respect, String rule, String cause) {
        super(respect.kind.fault("certificate", rule, cause));
        this.respect = respect;
    }

    /** In which respect it is refused. */
    public Respect respect() {
        return respect;
    }
}
