package org.postern.servicerequests;

import java.util.Objects;
import java.util.Optional;

/**
 * Aliases of a User Role's keys in the vault.
 *
 * @param xmlSigning signs DUIS documents
 * @param gbcsSigning signs Pre-Commands; empty for a role without critical services
 * @param keyAgreement key agreement with devices; empty if nothing is decrypted or authenticated
 * @param prepayment key agreement for top-up tokens; empty if there are none
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
