package org.postern.servicerequests;

import java.util.Objects;
import java.util.Optional;

/**
 * Names of a User Role's keys in the vault.
 *
 * @param xmlSigning signs DUIS documents
 * @param gbcsSigning signs Pre-Commands; empty for a role without critical services
 * @param keyAgreement agrees with devices; empty where nothing is decrypted or authenticated
 * @param prepayment agrees for top-up tokens; empty for none
 */
public record KeyAliases(
        String xmlSigning, Optional<String> gbcsSigning, Optional<String> keyAgreement, Optional<String> prepayment) {

    public KeyAliases {
        Objects.requireNonNull(xmlSigning, "xmlSigning");
        Objects.requireNonNull(gbcsSigning, "gbcsSigning");
        Objects.requireNonNull(keyAgreement, "keyAgreement");
        Objects.requireNonNull(prepayment, "prepayment");
    }
}
