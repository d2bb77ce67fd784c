package org.postern.simulator.pki;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.UserRole;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.KeyFolder;
import org.postern.gbcs.KeyUse;

class SimulatorPkiTest {

    @TempDir
    static Path folder;

    static SimulatorPki pki;
    static Population population;
    static Duration took;

    @BeforeAll
    static void make() {
        population = new Population(7, 60);
        Instant start = Instant.now();
        pki = SimulatorPki.create(folder, population, Clock.systemUTC());
        took = Duration.between(start, Instant.now());
    }

    @Test
    void twoHundredDevicesTakeSeconds() {
        assertThat(population.devices()).hasSizeGreaterThan(200);
        assertThat(took).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void deviceAndAcbAgreeOnOneSecretFromTheirCertificates() {
        EcProvider ec = EcProvider.fastest();
        GbcsCrypto crypto = new GbcsCrypto(ec);
        KeyFolder keys = new KeyFolder(pki.secretKeys(), ec, crypto);
        Eui64 acb = SimulatorPki.ACCESS_CONTROL_BROKER;
        Eui64 meter = population.devices(DeviceType.ESME).get(3).deviceId();
        byte[] one = keys.agree(
                        acb,
                        KeyUse.KEY_AGREEMENT,
                        keys.certificate(meter, KeyUse.KEY_AGREEMENT).orElseThrow())
                .orElseThrow();
        byte[] other = keys.agree(
                        meter,
                        KeyUse.KEY_AGREEMENT,
                        keys.certificate(acb, KeyUse.KEY_AGREEMENT).orElseThrow())
                .orElseThrow();
        assertThat(one).isEqualTo(other);
    }

    @Test
    void theSimulatorHoldsNoKeyOfAUser() {
        Eui64 user = SimulatorPki.user(UserRole.IS);
        assertThat(pki.secretKeys().resolve(user.fileName() + "-ds.pem")).exists();
        assertThat(pki.secretKeys().resolve(user.fileName() + "-ds.key")).doesNotExist();
        assertThat(folder.resolve("postern/certificates")).isDirectoryNotContaining("glob:**.key");
    }

    @Test
    void everyCertificateCarriesTheMarkerInItsIssuer() throws Exception {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        try (var files = Files.list(pki.certificates())) {
            assertThat(files).isNotEmpty().allSatisfy(file -> {
                try (InputStream in = Files.newInputStream(file)) {
                    X509Certificate certificate = (X509Certificate) factory.generateCertificate(in);
                    assertThat(certificate.getIssuerX500Principal().getName()).contains("OU=Postern Throwaway PKI");
                }
            });
        }
    }

    @Test
    void theVaultFileHasTheKeysItsListNames() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("postern/vault/keys.p12"))) {
            store.load(
                    in,
                    Files.readString(folder.resolve("postern/vault/keys.password"))
                            .toCharArray());
        }
        assertThat(Files.readAllLines(folder.resolve("postern/vault/keys.txt")))
                .hasSameSizeAs(Collections.list(store.aliases()))
                .allSatisfy(
                        line -> assertThat(store.isKeyEntry(line.split(":")[1])).isTrue());
    }

    @Test
    void theSameSeedMakesTheSamePopulation() {
        assertThat(pki.population().inventoryCsv()).isEqualTo(population.inventoryCsv());
        assertThat(new Population(8, 60).inventoryCsv()).isNotEqualTo(population.inventoryCsv());
    }
}
