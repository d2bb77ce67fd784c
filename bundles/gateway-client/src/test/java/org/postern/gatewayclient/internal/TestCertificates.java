package org.postern.gatewayclient.internal;

import java.io.OutputStream;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.postern.gatewayclient.TlsFiles;

/** A certification authority for one test, and the TLS files of the members that it certifies. */
final class TestCertificates {

    private static final char[] PASSWORD = "test-password".toCharArray();

    private final Path folder;
    private final String name;
    private final KeyPair keys = pair();
    private final X509Certificate root;
    private long serial = 1;

    TestCertificates(Path folder, String name) throws Exception {
        this.folder = folder;
        this.name = name;
        this.root = certificate("CN=" + name, keys, true, List.of());
        Files.writeString(folder.resolve("password"), "test-password\n");
        store(name + "-trust", trust -> trust.setCertificateEntry("root", root));
    }

    private interface Fill {
        void into(KeyStore store) throws Exception;
    }

    private Path store(String file, Fill fill) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        fill.into(store);
        Path path = folder.resolve(file + ".p12");
        try (OutputStream out = Files.newOutputStream(path)) {
            store.store(out, PASSWORD);
        }
        return path;
    }

    private static KeyPair pair() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private X509Certificate certificate(String subject, KeyPair pair, boolean authority, List<GeneralName> names)
            throws Exception {
        Instant now = Instant.now();
        var builder = new JcaX509v3CertificateBuilder(
                new X500Name("CN=" + name),
                BigInteger.valueOf(serial++),
                Date.from(now.minusSeconds(3600)),
                Date.from(now.plusSeconds(86_400)),
                new X500Name(subject),
                pair.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
        if (!names.isEmpty()) {
            builder.addExtension(
                    Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new)));
        }
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    }

    /** Someone certified here who trusts that authority; for the given host names and addresses. */
    TlsFiles member(String subject, TestCertificates trusted, String... hosts) throws Exception {
        KeyPair pair = pair();
        List<GeneralName> names = java.util.Arrays.stream(hosts)
                .map(h -> new GeneralName(h.matches("[0-9.]+") ? GeneralName.iPAddress : GeneralName.dNSName, h))
                .toList();
        X509Certificate certificate = certificate("CN=" + subject, pair, false, names);
        Path store = store(
                name + "-" + subject,
                s -> s.setKeyEntry("key", pair.getPrivate(), PASSWORD, new Certificate[] {certificate, root}));
        return new TlsFiles(
                store,
                folder.resolve("password"),
                folder.resolve(trusted.name + "-trust.p12"),
                folder.resolve("password"),
                List.of("TLSv1.3", "TLSv1.2"),
                List.of());
    }

    /** Overwrites a member's key store with a certificate and a key that do not belong together. */
    void renewWithWrongKey(String subject, String... hosts) throws Exception {
        List<GeneralName> names = java.util.Arrays.stream(hosts)
                .map(h -> new GeneralName(GeneralName.dNSName, h))
                .toList();
        X509Certificate certificate = certificate("CN=" + subject, pair(), false, names);
        store(
                name + "-" + subject,
                s -> s.setKeyEntry("key", pair().getPrivate(), PASSWORD, new Certificate[] {certificate, root}));
    }

    /** A context for the sockets of a test. */
    static SSLContext context(TlsFiles files) {
        TlsMaterial material = new TlsMaterial("test", files);
        return material.context(material.trustManager());
    }

    /** A context that sends its certificate also to a server that does not list its authority. */
    static SSLContext alwaysSendingCertificate(TlsFiles files) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (java.io.InputStream in = Files.newInputStream(files.keyStore())) {
            store.load(in, PASSWORD);
        }
        X509ExtendedKeyManager manager = new X509ExtendedKeyManager() {
            @Override
            public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
                return "key";
            }

            @Override
            public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
                return "key";
            }

            @Override
            public String[] getClientAliases(String type, Principal[] issuers) {
                return new String[] {"key"};
            }

            @Override
            public String[] getServerAliases(String type, Principal[] issuers) {
                return null;
            }

            @Override
            public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
                return null;
            }

            @Override
            public X509Certificate[] getCertificateChain(String alias) {
                try {
                    return new X509Certificate[] {(X509Certificate) store.getCertificate("key")};
                } catch (KeyStoreException e) {
                    throw new IllegalStateException(e);
                }
            }

            @Override
            public PrivateKey getPrivateKey(String alias) {
                try {
                    return (PrivateKey) store.getKey("key", PASSWORD);
                } catch (GeneralSecurityException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                new KeyManager[] {manager},
                new javax.net.ssl.TrustManager[] {new TlsMaterial("test", files).trustManager()},
                null);
        return context;
    }

    /** A context with the trust store of the files and without a key. */
    static SSLContext withoutKey(TlsFiles files) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new javax.net.ssl.TrustManager[] {new TlsMaterial("test", files).trustManager()}, null);
        return context;
    }
}
