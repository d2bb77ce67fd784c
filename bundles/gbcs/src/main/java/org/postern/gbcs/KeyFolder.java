package org.postern.gbcs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.ecprovider.EcException;
import org.postern.ecprovider.EcProvider;

/**
 * Keys and certificates from a folder of PEM files, for the command line, simulators and tests: {@code <eui>-ds.pem},
 * {@code <eui>-ka.pem}, {@code <eui>-pp-ka.pem} and beside each, where held, the PKCS#8 private key {@code .key}; the EUI in 16
 * lower-case hex digits. Files are read when first asked for and then kept. The appliance keeps its keys in a vault instead.
 */
public final class KeyFolder implements PartyKeys {

    private final Path folder;
    private final EcProvider ec;
    private final GbcsCrypto crypto;
    private final Map<String, Optional<X509Certificate>> certificates = new ConcurrentHashMap<>();
    private final Map<String, Optional<PrivateKey>> privateKeys = new ConcurrentHashMap<>();

    public KeyFolder(Path folder, EcProvider ec, GbcsCrypto crypto) {
        this.folder = Objects.requireNonNull(folder, "folder");
        this.ec = Objects.requireNonNull(ec, "ec");
        this.crypto = Objects.requireNonNull(crypto, "crypto");
    }

    /** @throws PosternException PST-3070 where the file is there but is no certificate */
    @Override
    public Optional<X509Certificate> certificate(Eui64 party, KeyUse use) {
        return certificates.computeIfAbsent(name(party, use), this::readCertificate);
    }

    @Override
    public Optional<byte[]> agree(Eui64 own, KeyUse use, X509Certificate peer) {
        return privateKey(own, use).map(key -> crypto.agree(key, peer));
    }

    /**
     * The private key, in the provider's own form, where the folder holds it.
     *
     * @throws PosternException PST-3071 where the file is there but is no P-256 key
     */
    public Optional<PrivateKey> privateKey(Eui64 own, KeyUse use) {
        return privateKeys.computeIfAbsent(name(own, use), this::readKey);
    }

    private static String name(Eui64 party, KeyUse use) {
        return party.fileName() + (use == KeyUse.DIGITAL_SIGNATURE ? "-ds" : use == KeyUse.KEY_AGREEMENT ? "-ka" : "-pp-ka");
    }

    private Optional<X509Certificate> readCertificate(String name) {
        Path file = folder.resolve(name + ".pem");
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of((X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in));
        } catch (IOException | CertificateException e) {
            throw new PosternException(GbcsFault.CERTIFICATE_FILE.fault(name + ".pem", "cannot be read"), e);
        }
    }

    private Optional<PrivateKey> readKey(String name) {
        Path file = folder.resolve(name + ".key");
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            String text = Files.readString(file).replaceAll("-----[A-Z ]+-----", "");
            byte[] pkcs8 = Base64.getMimeDecoder().decode(text);
            try {
                return Optional.of(ec.privateKey(pkcs8));
            } finally {
                Arrays.fill(pkcs8, (byte) 0);
            }
        } catch (IOException | EcException | IllegalArgumentException e) {
            throw new PosternException(GbcsFault.KEY_FILE.fault(name + ".key", "cannot be read"), e);
        }
    }
}
