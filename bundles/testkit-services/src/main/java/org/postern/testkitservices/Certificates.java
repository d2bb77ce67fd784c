package org.postern.testkitservices;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.postern.catalogue.Eui64;
import org.postern.inventory.CertificateDirectory;
import org.postern.inventory.CertificateUsage;
import org.postern.inventory.PartyCertificate;

/** A directory of certificates that a test fills. */
public final class Certificates implements CertificateDirectory {

    private record Key(Eui64 party, CertificateUsage usage) {}

    private final Map<Key, X509Certificate> certificates = new HashMap<>();

    /** A directory without a certificate. */
    public static Certificates none() {
        return new Certificates();
    }

    /** Adds a certificate; one of the same party and usage is replaced. */
    public Certificates with(Eui64 party, CertificateUsage usage, X509Certificate certificate) {
        certificates.put(new Key(party, usage), certificate);
        return this;
    }

    /** Removes the certificates of a party. */
    public Certificates without(Eui64 party) {
        certificates.keySet().removeIf(key -> key.party().equals(party));
        return this;
    }

    @Override
    public Optional<PartyCertificate> find(Eui64 party, CertificateUsage usage) {
        return Optional.ofNullable(certificates.get(new Key(party, usage)))
                .map(certificate -> new PartyCertificate(party, Optional.empty(), certificate));
    }

    @Override
    public Optional<PartyCertificate> find(String issuer, BigInteger serial) {
        return certificates.entrySet().stream()
                .filter(entry -> entry.getValue().getSerialNumber().equals(serial)
                        && entry.getValue().getIssuerX500Principal().getName().equals(issuer))
                .findFirst()
                .map(entry -> new PartyCertificate(entry.getKey().party(), Optional.empty(), entry.getValue()));
    }
}
