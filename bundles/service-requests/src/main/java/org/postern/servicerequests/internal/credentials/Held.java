package org.postern.servicerequests.internal.credentials;

import org.postern.inventory.SmkiCertificate;

/**
 * A certificate of the request, and where it stands there.
 *
 * @param field path of its element, for messages
 * @param element name of its element
 * @param certificate as read
 */
record Held(String field, String element, SmkiCertificate certificate) {

    /** How a message names it: nothing of its contents but serial number and role. */
    String name() {
        return "certificate " + certificate.serial()
                + certificate.role().map(role -> " of role " + role).orElse("");
    }
}
