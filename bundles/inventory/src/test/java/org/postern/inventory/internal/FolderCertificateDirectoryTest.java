package org.postern.inventory.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.inventory.CertificateUsage;
import org.postern.inventory.PartyCertificate;
import org.postern.testkit.Rtds;

class FolderCertificateDirectoryTest {

    @TempDir
    Path folder;

    private FolderCertificateDirectory directory(Path certificates, Path signers, int cache) {
        return new FolderCertificateDirectory(certificates, signers, Duration.ZERO, cache, Clock.systemUTC());
    }

    @Test
    void everyReferenceCertificateIsFoundByItsNameAndConformsToTheProfile() throws IOException {
        Path keys = Rtds.required().keystore();
        FolderCertificateDirectory directory = directory(keys, folder, 16);
        int found = 0;
        List<String> refused = new ArrayList<>();
        try (var files = Files.list(keys)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".pem")).toList()) {
                String name = file.getFileName().toString().replace(".pem", "");
                CertificateUsage usage = name.endsWith("-pp-ka")
                        ? CertificateUsage.PREPAYMENT_KEY_AGREEMENT
                        : name.endsWith("-ka") ? CertificateUsage.KEY_AGREEMENT : CertificateUsage.DIGITAL_SIGNATURE;
                try {
                    assertThat(directory.find(Eui64.parse(name.substring(0, 16)), usage))
                            .as(name)
                            .isPresent();
                    found++;
                } catch (PosternException e) {
                    refused.add(name);
                }
            }
        }
        assertThat(found).isGreaterThan(400);
        // the reference data contain an unreadable file and one whose EUI differs from its file name
        assertThat(refused).hasSizeLessThan(5);
    }

    @Test
    void aSignerIsFoundByIssuerAndSerialInEitherOrderOfTheName() {
        Path keys = Rtds.required().xmlSignKeystore();
        FolderCertificateDirectory directory = directory(folder, keys, 16);
        java.math.BigInteger serial = new java.math.BigInteger("0F4889EF197D41E9016966F9D5AB0402", 16);
        assertThat(directory.find("CN=Z1,OU=07", serial).flatMap(PartyCertificate::role))
                .contains("89");
        assertThat(directory.find("OU=07, CN=Z1", serial).map(PartyCertificate::eui))
                .contains(Eui64.parse("90B3D51F30000002"));
        assertThat(directory.find("CN=Z2,OU=07", serial)).isEmpty();
        assertThat(directory.find("not a name", serial)).isEmpty();
    }

    @Test
    void aFolderThatIsTemporarilyUnavailableRemovesNoSignerAndNoAuthority() throws IOException {
        Path share = Files.createDirectory(folder.resolve("share"));
        try (var keys = Files.list(Rtds.required().xmlSignKeystore())) {
            for (Path key : keys.filter(Files::isRegularFile).toList()) {
                Files.copy(key, share.resolve(key.getFileName()));
            }
        }
        FolderCertificateDirectory directory =
                new FolderCertificateDirectory(folder, share, share, Duration.ZERO, 16, Clock.systemUTC());
        java.math.BigInteger serial = new java.math.BigInteger("0F4889EF197D41E9016966F9D5AB0402", 16);
        assertThat(directory.find("CN=Z1,OU=07", serial)).isPresent();
        int authorities = directory.authorities().size();
        Path away = Files.move(share, folder.resolve("away"));
        assertThat(directory.find("CN=Z1,OU=07", serial)).isPresent();
        assertThat(directory.authorities()).hasSize(authorities);
        Files.move(away, share);
        assertThat(directory.find("CN=Z1,OU=07", serial)).isPresent();
    }

    @Test
    void aCertificateOfAnotherPartyOrUsageIsRefusedAndAReplacedOneIsUsed() throws IOException {
        Path keys = Rtds.required().keystore();
        Eui64 party = Eui64.parse("00DB123456789001");
        FolderCertificateDirectory directory = directory(folder, folder, 16);
        assertThat(directory.find(party, CertificateUsage.DIGITAL_SIGNATURE)).isEmpty();
        put(keys, "00db123456789002-ds.pem", "00db123456789001-ds.pem");
        assertThatThrownBy(() -> directory.find(party, CertificateUsage.DIGITAL_SIGNATURE))
                .isInstanceOf(PosternException.class)
                .hasMessageContaining("PST-8112")
                .hasMessageContaining("another EUI-64");
        put(keys, "00db123456789001-ka.pem", "00db123456789001-ds.pem");
        assertThatThrownBy(() -> directory.find(party, CertificateUsage.DIGITAL_SIGNATURE))
                .hasMessageContaining("key usage");
        put(keys, "00db123456789001-ds.pem", "00db123456789001-ds.pem");
        assertThat(directory.find(party, CertificateUsage.DIGITAL_SIGNATURE)).isPresent();
        Files.writeString(folder.resolve("00db123456789001-ds.pem"), "no certificate");
        assertThatThrownBy(() -> directory.find(party, CertificateUsage.DIGITAL_SIGNATURE))
                .hasMessageContaining("PST-8112");
    }

    private void put(Path keys, String from, String to) throws IOException {
        Files.copy(keys.resolve(from), folder.resolve(to), StandardCopyOption.REPLACE_EXISTING);
    }
}
