package org.postern.inventory;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;

/**
 * Certificates of other parties and of devices. Thread-safe; results come from a cache of limited size, so it may be
 * queried for every message.
 */
public interface CertificateDirectory {

    /**
     * The current certificate of a party for a use.
     *
     * @return empty where there is none
     * @throws PosternException PST-8112 where there is one that must not be used: another EUI, another key usage,
     *     another curve, or unreadable
     */
    Optional<PartyCertificate> find(Eui64 party, CertificateUsage usage);

    /**
     * The certificate that an XML signature identifies.
     *
     * @param issuer X.500 name as in {@code X509IssuerName}
     * @param serial serial number
     * @return empty where there is none with this issuer and serial number for digital signatures
     */
    Optional<PartyCertificate> find(String issuer, BigInteger serial);

    /**
     * The trusted certification authorities, root and issuing: the certificate path of every other certificate has to
     * end at one of them. Empty where the directory has none.
     */
    default List<SmkiCertificate> authorities() {
        return List.of();
    }

    /** The place where an operator installs the certificate of an authority, for messages. */
    default String authoritiesPlace() {
        return "the folder of authorities";
    }
}
