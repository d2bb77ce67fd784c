package org.postern.servicerequests.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import org.postern.catalogue.Eui64;
import org.postern.duis.CanonicalDuis;
import org.postern.duis.DuisSigner;
import org.postern.ecprovider.EcProvider;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.testkit.XmlSignature;

/** A signer of the DCC's documents, with its key of the temporary PKI. */
public record DccSignatory(X509Certificate certificate, PrivateKey key) {

    private static final EcProvider EC = EcProvider.fastest();

    /** The one of that EUI-64. */
    public static DccSignatory of(SimulatorPki pki, Eui64 signer) {
        Path certificate = pki.certificates().resolveSibling("signers").resolve(signer.fileName() + "-xml.pem");
        try (InputStream in = Files.newInputStream(certificate)) {
            String pem = Files.readString(pki.secretKeys().resolve(signer.fileName() + "-xml.key"))
                    .replaceAll("-----[A-Z ]+-----", "");
            return new DccSignatory(
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in),
                    EC.privateKey(Base64.getMimeDecoder().decode(pem)));
        } catch (IOException | CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One of our documents, signed as in production. */
    public byte[] signed(CanonicalDuis document) {
        return new DuisSigner(certificate, signedInfo -> EC.sign(key, signedInfo)).sign(document);
    }

    /**
     * Any document, signed as another implementation signs.
     *
     * @throws IllegalArgumentException if it is not XML
     */
    public byte[] signed(String document) {
        return XmlSignature.sign(document.getBytes(StandardCharsets.UTF_8), key, certificate);
    }
}
