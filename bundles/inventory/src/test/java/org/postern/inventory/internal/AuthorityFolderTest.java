package org.postern.inventory.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.inventory.SmkiCertificate;
import org.postern.testkit.Rtds;

class AuthorityFolderTest {

    @TempDir
    Path folder;

    /** The issuing certificate that the reference requests contain in their path. */
    private static String issuing() throws IOException {
        Path request = Rtds.required().requests().stream()
                .filter(f -> f.toString().contains("CS02bNOByNO_6.15.1"))
                .findFirst()
                .orElseThrow();
        Matcher path = Pattern.compile("<sr:Certificate>([^<]+)<").matcher(Files.readString(request));
        assertThat(path.find()).isTrue();
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(
                                Base64.getMimeDecoder().decode(path.group(1).getBytes(StandardCharsets.US_ASCII)))
                + "\n-----END CERTIFICATE-----\n";
    }

    @Test
    void authoritiesAreFoundReplacedAndRemovedAtRuntime() throws IOException {
        AuthorityFolder authorities = new AuthorityFolder(folder, Duration.ZERO, Clock.systemUTC());
        assertThat(authorities.all()).isEmpty();

        Files.writeString(folder.resolve("issuing.pem"), issuing());
        assertThat(authorities.all()).singleElement().satisfies(authority -> {
            assertThat(authority.certifies()).isTrue();
            assertThat(authority.pathLength()).hasValue(0);
            assertThat(authority.selfIssued()).isFalse();
        });
        Files.delete(folder.resolve("issuing.pem"));
        assertThat(authorities.all()).isEmpty();
    }

    @Test
    void otherCertificatesThanThoseOfAuthoritiesAreIgnored() throws IOException {
        Path keys = Rtds.required().keystore();
        Files.writeString(folder.resolve("issuing.pem"), issuing());
        Files.writeString(folder.resolve("again.pem"), issuing());
        Files.writeString(
                folder.resolve("broken.pem"), "-----BEGIN CERTIFICATE-----\nMAAA\n-----END CERTIFICATE-----\n");
        Files.writeString(folder.resolve("empty.pem"), "");
        Files.writeString(folder.resolve("00db123456789001-ca.pem"), issuing());
        Files.copy(keys.resolve("90b3d51f30010000-ds.pem"), folder.resolve("supplier.pem"));

        assertThat(new AuthorityFolder(folder, Duration.ZERO, Clock.systemUTC()).all())
                .hasSize(1)
                .allMatch(SmkiCertificate::certifies);
        assertThat(new AuthorityFolder(folder.resolve("absent"), Duration.ZERO, Clock.systemUTC()).all())
                .isEmpty();
    }
}
