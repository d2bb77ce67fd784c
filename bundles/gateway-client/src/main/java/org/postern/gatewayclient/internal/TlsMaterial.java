package org.postern.gatewayclient.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.PosternException;
import org.postern.gatewayclient.GatewayFault;
import org.postern.gatewayclient.TlsFiles;

/** Key and trust managers made from the TLS files, read once. Each fault names the setting (PST-7001). */
final class TlsMaterial {

    private static final byte[] TEST_DATA = "Postern key test".getBytes(StandardCharsets.UTF_8);
    private static final Set<String> PROTOCOLS = Set.of("TLSv1.3", "TLSv1.2");

    private final String pid;
    private final TlsFiles files;
    private final KeyManager[] keyManagers;
    private final X509ExtendedTrustManager trustManager;
    private final X509Certificate certificate;

    TlsMaterial(String pid, TlsFiles files) {
        this.pid = pid;
        this.files = files;
        if (files.protocols().isEmpty() || !PROTOCOLS.containsAll(files.protocols())) {
            throw setting("protocols", "TLSv1.3, TLSv1.2 or both", "something else", null);
        }
        char[] password = password("keyStorePasswordFile", files.keyStorePassword());
        try {
            KeyStore keys = load("keyStore", files.keyStore(), password);
            certificate = checkedCertificate(keys, password);
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(keys, password);
            keyManagers = factory.getKeyManagers();
        } catch (GeneralSecurityException e) {
            throw setting(
                    "keyStore",
                    "a PKCS#12 store that can be opened with its password",
                    e.getClass().getSimpleName(),
                    e);
        } finally {
            Arrays.fill(password, '\0');
        }
        trustManager = trust();
    }

    private X509ExtendedTrustManager trust() {
        char[] password = password("trustStorePasswordFile", files.trustStorePassword());
        try {
            KeyStore anchors = load("trustStore", files.trustStore(), password);
            if (anchors.size() == 0) {
                throw setting("trustStore", "at least one authority", "an empty store", null);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(anchors);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager x509) {
                    return x509;
                }
            }
            throw new IllegalStateException("the PKIX factory returned no X.509 trust manager");
        } catch (GeneralSecurityException e) {
            throw setting(
                    "trustStore",
                    "a PKCS#12 store that can be opened with its password",
                    e.getClass().getSimpleName(),
                    e);
        } finally {
            Arrays.fill(password, '\0');
        }
    }

    /** Our certificate, after a test signature has shown that the private key belongs to it. */
    private X509Certificate checkedCertificate(KeyStore keys, char[] password) throws GeneralSecurityException {
        X509Certificate first = null;
        for (String alias : Collections.list(keys.aliases())) {
            if (!keys.isKeyEntry(alias)) {
                continue;
            }
            if (!(keys.getCertificate(alias) instanceof X509Certificate own)
                    || !(keys.getKey(alias, password) instanceof PrivateKey key)) {
                throw setting(
                        "keyStore",
                        "a private key with its certificates",
                        "entry " + alias + " is something else",
                        null);
            }
            String algorithm = "SHA256with" + (key.getAlgorithm().equals("EC") ? "ECDSA" : key.getAlgorithm());
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(TEST_DATA);
            byte[] value = signature.sign();
            signature.initVerify(own.getPublicKey());
            signature.update(TEST_DATA);
            if (!verifies(signature, value)) {
                throw setting(
                        "keyStore",
                        "a private key that belongs to its certificate",
                        "the key does not belong to certificate "
                                + own.getSubjectX500Principal().getName() + " serial " + own.getSerialNumber(),
                        null);
            }
            first = first == null ? own : first;
        }
        if (first == null) {
            throw setting("keyStore", "a private key with its certificates", "no private key", null);
        }
        return first;
    }

    private static boolean verifies(Signature signature, byte[] value) {
        try {
            return signature.verify(value);
        } catch (SignatureException e) {
            return false;
        }
    }

    /** Our own certificate, as a chain of one. */
    X509Certificate[] chain() {
        return new X509Certificate[] {certificate};
    }

    X509ExtendedTrustManager trustManager() {
        return trustManager;
    }

    /** A TLS context with our key and the given trust manager. */
    SSLContext context(TrustManager trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw setting("keyStore", "a key that TLS can use", e.getClass().getSimpleName(), e);
        }
    }

    private KeyStore load(String name, Path file, char[] password) throws GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password);
            return store;
        } catch (IOException e) {
            throw setting(
                    name,
                    "a PKCS#12 store that can be opened with its password",
                    e.getClass().getSimpleName(),
                    e);
        }
    }

    private char[] password(String name, Path file) {
        byte[] bytes = null;
        try {
            bytes = Files.readAllBytes(file);
            CharBuffer text = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes));
            int end = text.length();
            while (end > 0 && Character.isWhitespace(text.charAt(end - 1))) {
                end--;
            }
            char[] password = new char[end];
            text.get(password);
            if (text.hasArray()) {
                Arrays.fill(text.array(), '\0');
            }
            return password;
        } catch (IOException e) {
            throw setting(
                    name, "a readable file with the password", e.getClass().getSimpleName(), e);
        } finally {
            if (bytes != null) {
                Arrays.fill(bytes, (byte) 0);
            }
        }
    }

    private PosternException setting(String name, String rule, String cause, @Nullable Exception e) {
        Path file = switch (name) {
            case "keyStore" -> files.keyStore();
            case "keyStorePasswordFile" -> files.keyStorePassword();
            case "trustStore" -> files.trustStore();
            case "trustStorePasswordFile" -> files.trustStorePassword();
            default -> null;
        };
        // the path of the file, not its content
        return new PosternException(
                GatewayFault.SETTING.fault(
                        pid + "/" + name, rule, file == null ? cause : file.toAbsolutePath() + ": " + cause),
                e);
    }
}
