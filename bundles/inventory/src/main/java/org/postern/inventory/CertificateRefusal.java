package org.postern.inventory;

import org.postern.catalogue.Fault;
import org.postern.catalogue.PosternException;

/** A certificate that is not what the SMKI profile asks for; says in which respect, and nothing of its contents. */
public final class CertificateRefusal extends PosternException {

    private static final long serialVersionUID = 1L;

    /** In which respect. */
    public enum Respect {
        /** Not one X.509 v3 certificate in strict DER. */
        FORM("PST-8113"),
        /** Another key than P-256, or another signature than ecdsa-with-SHA256. */
        ALGORITHM("PST-8114"),
        /** Names, identifiers or extensions that the profile does not have, or lacks. */
        PROFILE("PST-8115");

        private final String code;

        Respect(String code) {
            this.code = code;
        }
    }

    private final Respect respect;

    /** @param rule what the profile asks for; {@code cause} what was found */
    public CertificateRefusal(Respect respect, String rule, String cause) {
        super(new Fault(respect.code, "certificate", rule, cause, "get the certificate from SMKI again"));
        this.respect = respect;
    }

    /** In which respect it is refused. */
    public Respect respect() {
        return respect;
    }
}
