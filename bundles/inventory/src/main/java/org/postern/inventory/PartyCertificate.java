package org.postern.inventory;

import java.security.cert.X509Certificate;
import java.util.Objects;
import java.util.Optional;
import org.postern.catalogue.Eui64;

/**
 * A certificate of a party or device, with what the SMKI profile says in it (GBCS, certificate profiles).
 *
 * @param eui EUI-64 in the certificate: of the subject's unique identifier (organisations) or of the hardware module
 *     name (devices)
 * @param role remote party role of an organisation: the two hex digits of the subject's OU (02 supplier, 03 network
 *     operator, 04 Access Control Broker, ...); empty for a device
 * @param certificate the certificate itself
 */
public record PartyCertificate(Eui64 eui, Optional<String> role, X509Certificate certificate) {

    public PartyCertificate {
        Objects.requireNonNull(eui, "eui");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(certificate, "certificate");
    }
}
