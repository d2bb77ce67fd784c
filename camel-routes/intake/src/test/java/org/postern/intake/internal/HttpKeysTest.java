package org.postern.intake.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.PosternException;

class HttpKeysTest {

    private static final String PASSWORD = "changeit";

    @TempDir
    Path folder;

    private Path store;
    private Path passwordFile;

    /** Creates a store with one key with keytool. */
    static Path store(Path file, String name) throws Exception {
        return store(file, name, "-keyalg", "EC", "-groupname", "secp256r1");
    }

    private static Path store(Path file, String name, String... kind) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "interface",
                "-dname",
                "CN=" + name,
                "-storetype",
                "PKCS12",
                "-validity",
                "2",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD));
        command.addAll(List.of(kind));
        Process tool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(tool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(tool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(tool.exitValue()).as(printed).isZero();
        return file;
    }

    private static KeyStore load(Path file) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    @BeforeEach
    void make() throws Exception {
        store = store(folder.resolve("interface.p12"), "first");
        passwordFile = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
    }

    private void replace(Path by) throws Exception {
        Files.move(by, store, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The subject of the certificate for the next handshake. */
    private static String name(HttpKeys keys) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new javax.net.ssl.KeyManager[] {keys}, null, null);
        SSLEngine engine = context.createSSLEngine();
        String alias = keys.chooseEngineServerAlias("EC", null, engine);
        assertThat(keys.getPrivateKey(alias)).isNotNull();
        return keys.getCertificateChain(alias)[0].getSubjectX500Principal().getName();
    }

    @Test
    void aReplacedKeyIsUsedOnceTwoPollsFindTheSameFiles() throws Exception {
        HttpKeys keys = new HttpKeys(store, passwordFile);
        assertThat(name(keys)).isEqualTo("CN=first");
        replace(store(folder.resolve("next.p12"), "second"));
        keys.poll();
        assertThat(name(keys)).as("the password file may not be replaced yet").isEqualTo("CN=first");
        keys.poll();
        assertThat(name(keys)).isEqualTo("CN=second");
        assertThat(keys.trouble()).isEmpty();
    }

    @Test
    void filesThatDoNotMatchLeaveTheLastGoodKeyInUseAndAreReported() throws Exception {
        HttpKeys keys = new HttpKeys(store, passwordFile);
        Path right = Files.copy(store, folder.resolve("right.p12"));

        KeyStore swapped = load(store);
        PrivateKey other = (PrivateKey)
                load(store(folder.resolve("other.p12"), "other")).getKey("interface", PASSWORD.toCharArray());
        swapped.setKeyEntry("interface", other, PASSWORD.toCharArray(), swapped.getCertificateChain("interface"));
        Path mixed = folder.resolve("mixed.p12");
        try (OutputStream out = Files.newOutputStream(mixed)) {
            swapped.store(out, PASSWORD.toCharArray());
        }
        Path noKey = folder.resolve("nokey.p12");
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("ca", swapped.getCertificate("interface"));
        try (OutputStream out = Files.newOutputStream(noKey)) {
            trust.store(out, PASSWORD.toCharArray());
        }
        for (Path wrong : List.of(mixed, noKey, Files.writeString(folder.resolve("garbage.p12"), "garbage"))) {
            replace(Files.copy(wrong, folder.resolve("moved")));
            keys.poll();
            keys.poll();
            assertThat(name(keys)).as(wrong.toString()).isEqualTo("CN=first");
            assertThat(keys.trouble())
                    .hasValueSatisfying(fault ->
                            assertThat(fault.toString()).startsWith("PST-7324").contains("httpKeyStore"));
        }
        Files.delete(store);
        keys.poll();
        keys.poll();
        assertThat(name(keys)).isEqualTo("CN=first");
        assertThat(keys.trouble()).isPresent();

        replace(right);
        keys.poll();
        keys.poll();
        assertThat(keys.trouble()).isEmpty();
    }

    @Test
    void everyKindOfKeyThatTlsSupportsIsAccepted() throws Exception {
        for (List<String> kind :
                List.of(List.of("-keyalg", "RSA"), List.of("-keyalg", "RSASSA-PSS"), List.of("-keyalg", "Ed25519"))) {
            Path file = store(folder.resolve(kind.get(1) + ".p12"), "any", kind.toArray(String[]::new));
            assertThat(HttpKeys.read(file, passwordFile).getPrivateKey("interface"))
                    .as(kind.toString())
                    .isNotNull();
        }
    }

    @Test
    void aWrongPasswordIsReportedAtOnceAndBeforeTheSettingIsAccepted() throws Exception {
        Files.writeString(passwordFile, "another");
        assertThatThrownBy(() -> new HttpKeys(store, passwordFile))
                .isInstanceOfSatisfying(
                        PosternException.class,
                        e -> assertThat(e.fault().code()).isEqualTo("PST-7324"));
        Map<String, List<String>> proposed = Map.of(
                "httpKeyStore",
                List.of(store.toString()),
                "httpKeyStorePasswordFile",
                List.of(passwordFile.toString()));
        assertThat(new HttpKeysCheck().against(proposed))
                .hasValueSatisfying(objection -> assertThat(objection.key()).isEqualTo("httpKeyStore"));
        Files.writeString(passwordFile, PASSWORD);
        assertThat(new HttpKeysCheck().against(proposed)).isEmpty();
        assertThat(new HttpKeysCheck().against(Map.of())).isEmpty();
    }
}
