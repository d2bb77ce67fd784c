package org.postern.simulator.pki.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.UserRole;
import org.postern.simulator.pki.KeySource;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.simulator.pki.internal.CertificateMaker.Credential;

/** Lays out the throwaway PKI of {@link SimulatorPki}. */
public final class PkiWriter {

    private final Path certificates;
    private final Path secret;
    private final CertificateMaker maker;

    private PkiWriter(Path folder, KeySource source, Instant now) {
        this.certificates = folder.resolve("postern/certificates");
        this.secret = folder.resolve("simulator/keys");
        this.maker = new CertificateMaker(source, now);
    }

    /** Writes everything. */
    public static void write(Path folder, Population population, KeySource source, Instant now) throws IOException {
        for (String part : List.of(
                "postern/certificates",
                "postern/signers",
                "postern/vault",
                "postern/tls",
                "simulator/keys",
                "simulator/tls")) {
            Files.createDirectories(folder.resolve(part));
        }
        try {
            new PkiWriter(folder, source, now).all(folder, population);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void all(Path folder, Population population) throws IOException {
        Credential root = maker.root("Throwaway Root", "07");
        Credential issuing = maker.intermediate(root, "Throwaway Issuing", "07");
        PkiFiles.certificate(certificates, "root", root.certificate());
        PkiFiles.certificate(certificates, "issuing", issuing.certificate());
        PkiFiles.certificate(secret, "root", root.certificate());
        PkiFiles.certificate(secret, "issuing", issuing.certificate());
        PkiFiles.key(secret, "issuing", issuing.key());
        dcc(issuing);
        Map<String, Credential> vault = new LinkedHashMap<>();
        List<String> aliases = new ArrayList<>();
        for (UserRole role : SimulatorPki.ROLES) {
            user(role, issuing, vault, aliases);
        }
        char[] password = PkiFiles.password(folder.resolve("postern/vault/keys.password"));
        PkiFiles.keyStore(
                folder.resolve("postern/vault/keys.p12"), password, vault, issuing.certificate(), root.certificate());
        Files.writeString(folder.resolve("postern/vault/keys.txt"), String.join("\n", aliases) + "\n");
        Map<Eui64, String> agreement = new ConcurrentHashMap<>();
        population.devices().parallelStream().forEach(device -> {
            try {
                held(device.deviceId(), "-ds", maker.device(issuing, device.deviceId(), KeyUsage.digitalSignature));
                Credential ka = maker.device(issuing, device.deviceId(), KeyUsage.keyAgreement);
                held(device.deviceId(), "-ka", ka);
                agreement.put(
                        device.deviceId(),
                        Base64.getEncoder().encodeToString(ka.certificate().getEncoded()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (CertificateEncodingException e) {
                throw new IllegalStateException("a certificate that was just made encodes", e);
            }
        });
        Files.writeString(
                folder.resolve("postern/inventory.csv"), population.inventoryCsv(d -> agreement.getOrDefault(d, "")));
        population.save(folder.resolve("simulator/population.properties"));
        Credential transport = maker.root("Throwaway Transport Root", "DCCKI");
        transport(folder.resolve("postern/tls"), transport, "Postern");
        transport(folder.resolve("simulator/tls"), transport, "Simulated DCC");
    }

    private void dcc(Credential issuing) throws IOException {
        Eui64 acb = SimulatorPki.ACCESS_CONTROL_BROKER;
        held(acb, "-ds", maker.organisation(issuing, "Simulated ACB", "04", acb, KeyUsage.digitalSignature));
        held(acb, "-ka", maker.organisation(issuing, "Simulated ACB", "04", acb, KeyUsage.keyAgreement));
        signer(acb, maker.organisation(issuing, "Simulated ACB XML", "04", acb, KeyUsage.digitalSignature));
        Eui64 transform = SimulatorPki.TRANSFORM;
        signer(
                transform,
                maker.organisation(issuing, "Simulated Transform XML", "04", transform, KeyUsage.digitalSignature));
        Eui64 controller = SimulatorPki.LOAD_CONTROLLER;
        held(
                controller,
                "-ds",
                maker.organisation(issuing, "Simulated load controller", "08", controller, KeyUsage.digitalSignature));
        held(
                controller,
                "-ka",
                maker.organisation(issuing, "Simulated load controller", "08", controller, KeyUsage.keyAgreement));
        Eui64 changeOfSupplier = SimulatorPki.TRANS_COS;
        held(
                changeOfSupplier,
                "-ds",
                maker.organisation(issuing, "Simulated CoS Party", "05", changeOfSupplier, KeyUsage.digitalSignature));
        Eui64 recovery = SimulatorPki.RECOVERY;
        held(
                recovery,
                "-ds",
                maker.organisation(issuing, "Simulated Recovery", "00", recovery, KeyUsage.digitalSignature));
    }

    private void signer(Eui64 eui, Credential credential) throws IOException {
        held(eui, "-xml", credential);
        PkiFiles.certificate(certificates.resolveSibling("signers"), eui.fileName() + "-xml", credential.certificate());
    }

    private void user(UserRole role, Credential issuing, Map<String, Credential> vault, List<String> aliases)
            throws IOException {
        Eui64 eui = SimulatorPki.user(role);
        boolean supplier = role == UserRole.IS || role == UserRole.GS;
        String ou = supplier ? "02" : role == UserRole.OU ? "01" : "03";
        String alias = role.name().toLowerCase(Locale.ROOT);
        String name = "Throwaway " + role;
        add(
                vault,
                aliases,
                alias + "-xml",
                "XML_SIGNING",
                eui,
                "-xml",
                maker.organisation(issuing, name + " XML", ou, eui, KeyUsage.digitalSignature));
        add(
                vault,
                aliases,
                alias + "-sign",
                "GBCS_SIGNING",
                eui,
                "-ds",
                maker.organisation(issuing, name, ou, eui, KeyUsage.digitalSignature));
        add(
                vault,
                aliases,
                alias + "-agree",
                "KEY_AGREEMENT",
                eui,
                "-ka",
                maker.organisation(issuing, name, ou, eui, KeyUsage.keyAgreement));
        if (supplier) {
            add(
                    vault,
                    aliases,
                    alias + "-prepay",
                    "PREPAYMENT_KEY_AGREEMENT",
                    eui,
                    "-pp-ka",
                    maker.organisation(issuing, name + " prepay", ou, eui, KeyUsage.keyAgreement));
        }
    }

    /** A User's key goes to the vault only; the simulator sees its certificate. */
    private void add(
            Map<String, Credential> vault,
            List<String> aliases,
            String alias,
            String purpose,
            Eui64 eui,
            String suffix,
            Credential credential)
            throws IOException {
        vault.put(alias, credential);
        aliases.add(alias + "=" + purpose + ":" + alias + ":" + eui.hex());
        PkiFiles.certificate(certificates, eui.fileName() + suffix, credential.certificate());
        PkiFiles.certificate(secret, eui.fileName() + suffix, credential.certificate());
    }

    /** A key of the DCC or a device: the simulator holds it, Postern sees its certificate. */
    private void held(Eui64 eui, String suffix, Credential credential) throws IOException {
        PkiFiles.certificate(certificates, eui.fileName() + suffix, credential.certificate());
        PkiFiles.certificate(secret, eui.fileName() + suffix, credential.certificate());
        PkiFiles.key(secret, eui.fileName() + suffix, credential.key());
    }

    private void transport(Path folder, Credential ca, String name) throws IOException {
        char[] password = PkiFiles.password(folder.resolve("password"));
        X509Certificate root = ca.certificate();
        PkiFiles.keyStore(
                folder.resolve("client.p12"), password, Map.of("client", maker.transport(ca, name + " client")), root);
        PkiFiles.keyStore(
                folder.resolve("server.p12"), password, Map.of("server", maker.transport(ca, name + " server")), root);
        PkiFiles.trustStore(folder.resolve("trust.p12"), password, root);
    }
}
