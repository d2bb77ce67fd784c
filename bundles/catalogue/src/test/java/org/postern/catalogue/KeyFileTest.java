package org.postern.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The formats that OpenSSL writes; each has to result in the same key and certificate. */
class KeyFileTest {

    @TempDir
    private static Path folder;

    private static byte[] certificate;
    private static ECPrivateKey key;

    @BeforeAll
    static void made() throws Exception {
        assumeTrue(openssl("version") == 0, "openssl is installed");
        run("ecparam -name prime256v1 -genkey -out sec1.pem");
        run("ec -in sec1.pem -out plain-sec1.pem");
        run("ec -in sec1.pem -outform DER -out sec1.der");
        run("pkcs8 -topk8 -nocrypt -in sec1.pem -out pkcs8.pem");
        run("pkcs8 -topk8 -nocrypt -in sec1.pem -outform DER -out pkcs8.der");
        run("pkcs8 -topk8 -in sec1.pem -passout pass:secret -out encrypted.pem");
        run("pkcs8 -topk8 -in sec1.pem -passout pass:secret -outform DER -out encrypted.der");
        run("ec -in sec1.pem -aes128 -passout pass:secret -out encrypted-sec1.pem");
        run("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa8.pem");
        run("rsa -in rsa8.pem -traditional -out rsa.pem");
        run("req -x509 -new -key sec1.pem -subj /CN=test -days 30 -out certificate.pem");
        run("x509 -in certificate.pem -text -out text.pem");
        run("x509 -in certificate.pem -outform DER -out certificate.der");
        run("pkcs12 -export -inkey sec1.pem -in certificate.pem -name one -passout pass:secret -out both.p12");
        run("pkcs12 -in both.p12 -passin pass:secret -nodes -out bag.pem");
        certificate = Files.readAllBytes(file("certificate.der"));
        key = key(Files.readAllBytes(file("pkcs8.der")));
    }

    @Test
    void aPrivateKeyIsReadInEveryForm() throws Exception {
        for (String form : List.of(
                "sec1.pem",
                "plain-sec1.pem",
                "sec1.der",
                "pkcs8.pem",
                "pkcs8.der",
                "bag.pem",
                crlf("sec1.pem"),
                crlf("bag.pem"))) {
            assertThat(key(KeyFile.privateKey(file(form))).getS()).as(form).isEqualTo(key.getS());
        }
    }

    @Test
    void aCertificateIsReadInEveryForm() throws Exception {
        for (String form : List.of(
                "certificate.pem",
                "certificate.der",
                "text.pem",
                "bag.pem",
                crlf("certificate.pem"),
                crlf("bag.pem"))) {
            assertThat(KeyFile.certificates(file(form)))
                    .as(form)
                    .singleElement()
                    .isEqualTo(certificate);
        }
        Files.writeString(
                file("chain.pem"), Files.readString(file("certificate.pem")) + Files.readString(file("text.pem")));
        assertThat(KeyFile.certificates(file("chain.pem"))).hasSize(2);
    }

    @Test
    void theReasonOfARefusalIsStated() throws Exception {
        for (String form :
                List.of("encrypted.pem", "encrypted.der", "encrypted-sec1.pem", crlf("encrypted-sec1.pem"))) {
            assertThatThrownBy(() -> KeyFile.privateKey(file(form)))
                    .as(form)
                    .isInstanceOf(KeyFile.UnreadableException.class)
                    .hasMessageContaining("encrypted");
        }
        refusedKey("rsa.pem", "RSA PRIVATE KEY");
        refusedKey("certificate.pem", "CERTIFICATE");
        refusedKey("both.p12", "not a private key");
        assertThatThrownBy(() -> KeyFile.certificates(file("pkcs8.pem"))).hasMessageContaining("PRIVATE KEY");
        Files.write(file("utf16.pem"), Files.readString(file("sec1.pem")).getBytes(StandardCharsets.UTF_16));
        refusedKey("utf16.pem", "UTF-16");
        Files.write(file("empty.pem"), new byte[0]);
        refusedKey("empty.pem", "empty");
        Files.writeString(file("two.pem"), Files.readString(file("sec1.pem")) + Files.readString(file("pkcs8.pem")));
        refusedKey("two.pem", "more than one");
    }

    // a file that is still being written, or was truncated by a full disk
    @Test
    void everyTruncationIsReadOrRefusedWithAReason() throws IOException {
        for (String form :
                List.of("sec1.pem", "pkcs8.der", "sec1.der", "bag.pem", "certificate.pem", "certificate.der")) {
            byte[] whole = Files.readAllBytes(file(form));
            int refused = 0;
            for (int length = 0; length < whole.length; length++) {
                Path cut = Files.write(file("cut"), java.util.Arrays.copyOf(whole, length));
                try {
                    KeyFile.privateKey(cut);
                    KeyFile.certificates(cut);
                } catch (KeyFile.UnreadableException named) {
                    assertThat(named.getMessage()).isNotBlank();
                    refused++;
                }
            }
            assertThat(refused).as(form).isGreaterThan(whole.length / 2);
        }
    }

    @Test
    void namesAreFoundInEitherCase() throws IOException {
        for (String name : List.of(
                "0a11000000000001-ds.pem",
                "0A11000000000001-DS.PEM",
                "0A11000000000001-ds.crt",
                "0a11000000000001-ds.CER",
                "0A11000000000001-ds.DER")) {
            Path file = Files.copy(file("certificate.pem"), folder.resolve(name));
            assertThat(KeyFile.certificate(folder, "0a11000000000001-ds"))
                    .as(name)
                    .contains(file);
            assertThat(KeyFile.namesCertificate(file)).as(name).isTrue();
            Files.delete(file);
        }
        assertThat(KeyFile.certificate(folder, "0a11000000000001-ds")).isEmpty();
        assertThat(KeyFile.namesCertificate(file("readme.txt"))).isFalse();
    }

    private void refusedKey(String name, String message) {
        assertThatThrownBy(() -> KeyFile.privateKey(file(name)))
                .as(name)
                .isInstanceOf(KeyFile.UnreadableException.class)
                .hasMessageContaining(message);
    }

    private static ECPrivateKey key(byte[] pkcs8) throws Exception {
        return (ECPrivateKey) KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    private static String crlf(String name) throws IOException {
        Files.writeString(file("crlf-" + name), Files.readString(file(name)).replace("\n", "\r\n"));
        return "crlf-" + name;
    }

    private static Path file(String name) {
        return folder.resolve(name);
    }

    private static void run(String arguments) throws Exception {
        assertThat(openssl(arguments.split(" "))).as(arguments).isZero();
    }

    private static int openssl(String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(60, TimeUnit.SECONDS) ? process.exitValue() : -1;
        } catch (IOException none) {
            return -1;
        }
    }
}
