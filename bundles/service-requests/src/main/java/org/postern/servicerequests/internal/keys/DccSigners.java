package org.postern.servicerequests.internal.keys;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.duis.DuisResponse;
import org.postern.duis.ResponseBody;
import org.postern.duis.SignerDirectory;
import org.postern.duis.VerifiedDuis;
import org.postern.inventory.CertificateDirectory;
import org.postern.inventory.PartyCertificate;
import org.postern.servicerequests.ServiceRequestFault;

/**
 * Which DCC party may sign which kind of document (DUIS, Response): the Transform key signs only documents with a
 * Pre-Command, the Access Control Broker's key signs all others. A Pre-Command that is signed with the wrong one of the
 * two is refused.
 */
public final class DccSigners implements SignerDirectory {

    private static final String PRE_COMMAND = "PreCommand";

    private final CertificateDirectory certificates;
    private final Set<Eui64> transform;
    private final Set<Eui64> acb;

    /**
     * @param transform parties whose XML key signs Pre-Commands
     * @param acb parties whose XML key signs everything else; a test product that signs all with one key stands in both
     */
    public DccSigners(CertificateDirectory certificates, Set<Eui64> transform, Set<Eui64> acb) {
        this.certificates = Objects.requireNonNull(certificates, "certificates");
        this.transform = Set.copyOf(transform);
        this.acb = Set.copyOf(acb);
    }

    /**
     * Returns only certificates of the DCC's signers: a User's own certificate is also on record, but must not sign a
     * response.
     */
    @Override
    public Optional<X509Certificate> find(X500Principal issuer, BigInteger serial) {
        return party(issuer, serial)
                .filter(p -> transform.contains(p.eui()) || acb.contains(p.eui()))
                .map(PartyCertificate::certificate);
    }

    /**
     * The signer of a verified response, if it may sign this kind.
     *
     * @throws WrongSigner PST-2301 otherwise
     */
    public Eui64 check(VerifiedDuis<DuisResponse> verified) {
        X509Certificate certificate = verified.signer();
        Eui64 signer = party(certificate.getIssuerX500Principal(), certificate.getSerialNumber())
                .map(PartyCertificate::eui)
                .orElseThrow(() -> new WrongSigner("a signer of the DCC", "a certificate no longer on record"));
        boolean preCommand = verified.document().kind().equals(PRE_COMMAND);
        Set<Eui64> allowed = preCommand ? transform : acb;
        // a document that cannot be interpreted may be signed by either party, because it has no effect
        boolean unread = verified.document().body() instanceof ResponseBody.UnreadMessage && transform.contains(signer);
        if (!allowed.contains(signer) && !unread) {
            throw new WrongSigner(
                    (preCommand ? "Transform: " : "Access Control Broker: ")
                            + allowed.stream().sorted().map(Eui64::toString).collect(Collectors.joining(", ")),
                    signer.toString());
        }
        return signer;
    }

    private Optional<PartyCertificate> party(X500Principal issuer, BigInteger serial) {
        return certificates.find(issuer.getName(X500Principal.RFC2253), serial);
    }

    /** The signature is valid, but its signer may not sign this kind of document. */
    public static final class WrongSigner extends PosternException {

        private static final long serialVersionUID = 1L;

        private final String expected;
        private final String got;

        WrongSigner(String expected, String got) {
            super(ServiceRequestFault.WRONG_SIGNER.fault(
                    "Signature/KeyInfo", "signed by " + expected, "signed by " + got));
            this.expected = expected;
            this.got = got;
        }

        /** The parties that may sign. */
        public String expected() {
            return expected;
        }

        /** The party that signed. */
        public String got() {
            return got;
        }
    }
}
