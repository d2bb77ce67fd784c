package org.postern.servicerequests.internal.credentials;

import org.postern.inventory.SmkiCertificate;

/**
 * A certificate in a request, with its position.
 *
 * @param field path of its element, for messages
 * @param element name of its element
 * @param certificate the certificate
 */
record SuppliedCertificate(String field, String element, SmkiCertificate certificate) {

    /** Its name in messages: only serial number and role. */
    String name() {
        return "certificate " + certificate.serial()
                + certificate.role().map(role -> " of role " + role).orElse("");
    }
}
