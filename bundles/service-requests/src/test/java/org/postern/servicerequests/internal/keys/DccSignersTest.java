package org.postern.servicerequests.internal.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.UserRole;
import org.postern.duis.Bytes;
import org.postern.duis.DuisResponse;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.duis.VerifiedDuis;
import org.postern.inventory.standalone.InventoryFiles;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatorPki;

/** A Pre-Command signed by the Access Control Broker, or a response signed by Transform, is forged. */
class DccSignersTest {

    @TempDir
    static Path folder;

    private static SimulatorPki pki;
    private static DccSigners signers;

    @BeforeAll
    static void throwawayPki() {
        pki = SimulatorPki.create(folder, new Population(1, 1), Clock.systemUTC());
        signers = new DccSigners(
                InventoryFiles.certificates(
                        pki.certificates(), pki.certificates(), Duration.ofMinutes(1), 100, Clock.systemUTC()),
                Set.of(SimulatorPki.TRANSFORM),
                Set.of(SimulatorPki.ACCESS_CONTROL_BROKER));
    }

    @Test
    void aPreCommandIsSignedByTransform() throws Exception {
        assertThat(signers.check(new VerifiedDuis<>(preCommand(), xmlCertificate(SimulatorPki.TRANSFORM))))
                .isEqualTo(SimulatorPki.TRANSFORM);
        assertThatThrownBy(() -> signers.check(
                        new VerifiedDuis<>(preCommand(), xmlCertificate(SimulatorPki.ACCESS_CONTROL_BROKER))))
                .isInstanceOfSatisfying(DccSigners.WrongSigner.class, e -> {
                    assertThat(e.expected()).contains(SimulatorPki.TRANSFORM.toString());
                    assertThat(e.got()).isEqualTo(SimulatorPki.ACCESS_CONTROL_BROKER.toString());
                });
    }

    @Test
    void everythingElseIsSignedByTheAcb() throws Exception {
        assertThat(signers.check(
                        new VerifiedDuis<>(acknowledgement(), xmlCertificate(SimulatorPki.ACCESS_CONTROL_BROKER))))
                .isEqualTo(SimulatorPki.ACCESS_CONTROL_BROKER);
        assertThatThrownBy(() ->
                        signers.check(new VerifiedDuis<>(acknowledgement(), xmlCertificate(SimulatorPki.TRANSFORM))))
                .isInstanceOf(DccSigners.WrongSigner.class);
    }

    @Test
    void aUsersOwnCertificateSignsNoResponseThoughItIsOnRecord() throws Exception {
        X509Certificate own = xmlCertificate(SimulatorPki.user(UserRole.IS));
        X509Certificate acb = xmlCertificate(SimulatorPki.ACCESS_CONTROL_BROKER);

        assertThat(signers.find(own.getIssuerX500Principal(), own.getSerialNumber()))
                .isEmpty();
        assertThat(signers.find(acb.getIssuerX500Principal(), acb.getSerialNumber()))
                .contains(acb);
    }

    private static DuisResponse preCommand() {
        return response(Optional.of(new ResponsePayload.PreCommand("4.1", Bytes.of(new byte[] {1}))));
    }

    private static DuisResponse acknowledgement() {
        return response(Optional.empty());
    }

    private static DuisResponse response(Optional<ResponsePayload> payload) {
        return new DuisResponse(
                "5.4",
                Optional.empty(),
                Optional.empty(),
                "I99",
                Instant.parse("2026-11-23T12:00:00Z"),
                new ResponseBody.ResponseMessage("7.1", "7.1", payload));
    }

    private static X509Certificate xmlCertificate(Eui64 party) throws IOException, CertificateException {
        try (InputStream in = Files.newInputStream(pki.certificates().resolve(party.fileName() + "-xml.pem"))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }
}
