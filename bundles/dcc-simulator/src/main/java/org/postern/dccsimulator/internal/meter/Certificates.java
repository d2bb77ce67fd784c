package org.postern.dccsimulator.internal.meter;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;

/** Certificates as bytes. */
final class Certificates {

    private Certificates() {
    }

    /** DER of a certificate that was read. */
    static byte[] der(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read encodes", e);
        }
    }
}
