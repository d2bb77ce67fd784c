package org.postern.inventory;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;

/**
 * Certificates of other parties and of devices. Safe between threads; answers come from a bounded cache, so a caller
 * may ask for every message.
 */
public interface CertificateDirectory {

    /**
     * The current certificate of a party for a use.
     *
     * @return empty where we hold none
     * @throws PosternException PST-8112 where we hold one that may not be used: another EUI, another key usage, another
     *     curve, not readable
     */
    Optional<PartyCertificate> find(Eui64 party, CertificateUsage usage);

    /**
     * The certificate that an XML signature names.
     *
     * @param issuer X.500 name as written in {@code X509IssuerName}
     * @param serial serial number
     * @return empty where we hold none of that issuer and serial for digital signatures
     */
    Optional<PartyCertificate> find(String issuer, BigInteger serial);

    /**
     * The certification authorities that we trust, root and issuing: what a certificate of somebody else has to lead
     * to. None where the directory keeps none.
     */
    default List<SmkiCertificate> authorities() {
        return List.of();
    }

    /** Where an operator puts an authority's certificate, for the message that says so. */
    default String authoritiesPlace() {
        return "the folder of authorities";
    }
}
