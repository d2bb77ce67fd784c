package org.postern.inventory;

import java.security.cert.X509Certificate;
import java.util.Objects;
import java.util.Optional;
import org.postern.catalogue.Eui64;

/**
 * A certificate of a party or device, with the values that the SMKI profile defines (GBCS, certificate profiles).
 *
 * @param eui EUI-64 in the certificate: the unique identifier of the subject (organisations) or the hardware module
 *     name (devices)
 * @param role remote party role of an organisation: the two hex digits of the subject's OU (02 supplier, 03 network
 *     operator, 04 Access Control Broker, ...); empty for a device
 * @param certificate the certificate
 */
public record PartyCertificate(Eui64 eui, Optional<String> role, X509Certificate certificate) {

    public PartyCertificate {
        Objects.requireNonNull(eui, "eui");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(certificate, "certificate");
    }
}
