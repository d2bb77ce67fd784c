package org.postern.simulator.dcc.internal.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.RequestId;
import org.postern.duis.CanonicalDuis;
import org.postern.duis.DuisResponse;
import org.postern.duis.DuisSigner;
import org.postern.duis.DuisWriter;
import org.postern.duis.SignerDirectory;
import org.postern.ecprovider.EcProvider;
import org.postern.simulator.dcc.EventRecorder;
import org.postern.simulator.dcc.FaultKind;
import org.postern.simulator.dcc.FaultMenu;
import org.postern.simulator.pki.SimulatorFault;
import org.postern.simulator.pki.SimulatorPki;

/** XML signing keys of the simulated DCC, and the certificates of its Users. */
final class DccSigners {

    /** How an answer is to be signed. */
    enum Manner {
        RIGHT,
        WRONG_SIGNATURE,
        WRONG_SIGNER
    }

    private final EcProvider ec;
    private final Map<X509Certificate, Eui64> owners = new HashMap<>();
    private final DuisSigner acb;
    private final DuisSigner transform;
    private final DuisSigner acbBroken;
    private final DuisSigner transformBroken;

    /** @throws PosternException PST-9006 where a certificate or key is missing or unreadable */
    DccSigners(SimulatorPki pki, EcProvider ec) {
        this.ec = ec;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(pki.secretKeys(), "*-xml.pem")) {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Path file : files) {
                try (InputStream in = Files.newInputStream(file)) {
                    owners.put(
                            (X509Certificate) factory.generateCertificate(in),
                            Eui64.parse(file.getFileName().toString().substring(0, 16)));
                }
            }
            this.acb = signer(pki, SimulatorPki.ACCESS_CONTROL_BROKER, false);
            this.transform = signer(pki, SimulatorPki.TRANSFORM, false);
            this.acbBroken = signer(pki, SimulatorPki.ACCESS_CONTROL_BROKER, true);
            this.transformBroken = signer(pki, SimulatorPki.TRANSFORM, true);
        } catch (IOException | CertificateException e) {
            throw new PosternException(
                    SimulatorFault.PKI_FILE.fault(
                            "simulator/keys", "XML signing certificates and keys", "cannot be read"),
                    e);
        }
    }

    private DuisSigner signer(SimulatorPki pki, Eui64 eui, boolean broken) throws IOException {
        X509Certificate certificate = owners.entrySet().stream()
                .filter(e -> e.getValue().equals(eui))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IOException("no certificate of " + eui));
        String pem = Files.readString(pki.secretKeys().resolve(eui.fileName() + "-xml.key"))
                .replaceAll("-----[A-Z ]+-----", "");
        PrivateKey key = ec.privateKey(Base64.getMimeDecoder().decode(pem));
        return new DuisSigner(certificate, signedInfo -> {
            byte[] rs = ec.sign(key, signedInfo, 0, signedInfo.length);
            if (broken) {
                rs[40] ^= 1;
            }
            return rs;
        });
    }

    /** Certificates of Users and of the DCC, for the verifier. */
    SignerDirectory directory() {
        return SignerDirectory.of(owners.keySet());
    }

    /** The party that the certificate belongs to. */
    Optional<Eui64> owner(X509Certificate certificate) {
        return Optional.ofNullable(owners.get(certificate));
    }

    /** The document, signed rightly unless a fault rule applies. */
    byte[] sign(DuisResponse response, FaultMenu.Occasion occasion, FaultMenu faults, EventRecorder recorder) {
        Manner manner = faults.strikes(FaultKind.WRONG_SIGNATURE, occasion).isPresent()
                ? Manner.WRONG_SIGNATURE
                : faults.strikes(FaultKind.WRONG_SIGNER, occasion).isPresent() ? Manner.WRONG_SIGNER : Manner.RIGHT;
        if (manner != Manner.RIGHT) {
            recorder.saw(
                    response.requestId().map(RequestId::toString).orElse(""),
                    manner == Manner.WRONG_SIGNATURE ? "fault.wrong-signature" : "fault.wrong-signer",
                    "kind",
                    response.kind());
        }
        return sign(response, manner);
    }

    /** The signed document: a Pre-Command by Transform, anything else by the ACB, or as the manner states. */
    byte[] sign(DuisResponse response, Manner manner) {
        CanonicalDuis document = DuisWriter.write(response);
        boolean byTransform = response.kind().equals("PreCommand") != (manner == Manner.WRONG_SIGNER);
        if (manner == Manner.WRONG_SIGNATURE) {
            return (byTransform ? transformBroken : acbBroken).sign(document);
        }
        return (byTransform ? transform : acb).sign(document);
    }
}
