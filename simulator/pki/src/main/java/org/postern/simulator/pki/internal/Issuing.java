package org.postern.simulator.pki.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.simulator.pki.KeySource;
import org.postern.simulator.pki.SimulatorFault;

/** The issuing authority of a throwaway PKI, after it was made. */
public final class Issuing {

    private final CertificateMaker maker;
    private final CertificateMaker.Credential issuer;

    /** @param keys folder {@code simulator/keys} */
    public Issuing(Path keys, Instant now) {
        this.maker = new CertificateMaker(KeySource.random(), now);
        try (InputStream in = Files.newInputStream(keys.resolve("issuing.pem"))) {
            String pem = Files.readString(keys.resolve("issuing.key")).replaceAll("-----[A-Z ]+-----", "");
            this.issuer = new CertificateMaker.Credential(
                    KeyFactory.getInstance("EC")
                            .generatePrivate(new PKCS8EncodedKeySpec(
                                    Base64.getMimeDecoder().decode(pem))),
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in));
        } catch (IOException | GeneralSecurityException e) {
            throw new PosternException(
                    SimulatorFault.PKI_FILE.fault(
                            "issuing.key", "the issuing authority's key and certificate", "cannot be read"),
                    e);
        }
    }

    /** A certification request for that key, with an empty subject (PKCS#10, DER). */
    public static byte[] request(KeySource source, KeyPair pair) {
        try {
            return new JcaPKCS10CertificationRequestBuilder(new X500Name(new RDN[0]), pair.getPublic())
                    .build(new CertificateSigner(source, pair.getPrivate()))
                    .getEncoded();
        } catch (IOException e) {
            throw new IllegalStateException("a request that was just made encodes", e);
        }
    }

    /** A certificate for the key of a certification request that proves its possession. */
    public X509Certificate device(byte[] request, Eui64 device, boolean signing) {
        try {
            JcaPKCS10CertificationRequest pkcs10 = new JcaPKCS10CertificationRequest(request);
            PublicKey key = pkcs10.getPublicKey();
            if (!pkcs10.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw refused("a wrong signature");
            }
            return maker.device(issuer, device, usage(signing), key);
        } catch (IOException | GeneralSecurityException | OperatorCreationException | PKCSException e) {
            throw refused("not a certification request");
        }
    }

    private static PosternException refused(String cause) {
        return new PosternException(SimulatorFault.CERTIFICATION_REQUEST.fault("certification request", cause));
    }

    /** A certificate of an organisation for that key. */
    public X509Certificate organisation(PublicKey key, Eui64 party, String role, boolean signing) {
        return maker.organisation(issuer, "Throwaway " + party.hex(), role, party, usage(signing), key);
    }

    private static int usage(boolean signing) {
        return signing ? KeyUsage.digitalSignature : KeyUsage.keyAgreement;
    }
}
