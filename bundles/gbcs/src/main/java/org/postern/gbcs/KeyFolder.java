package org.postern.gbcs;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.KeyFile;
import org.postern.catalogue.PosternException;
import org.postern.ecprovider.EcException;
import org.postern.ecprovider.EcProvider;

/**
 * Keys and certificates from a folder of files in the formats of {@link KeyFile}, for the command line, simulators and
 * tests: {@code <eui>-ds.pem}, {@code <eui>-ka.pem}, {@code <eui>-pp-ka.pem} (or {@code .crt}, {@code .cer},
 * {@code .der}), each optionally with the private key {@code .key}. The EUI has 16 hex digits; names may be in lower or
 * upper case. Files are read when they are first needed and then cached. The appliance uses a key vault instead.
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

    /** @throws PosternException PST-3070 where the file exists but is not a certificate */
    @Override
    public Optional<X509Certificate> certificate(Eui64 party, KeyUse use) {
        return certificates.computeIfAbsent(name(party, use), this::readCertificate);
    }

    @Override
    public Optional<byte[]> agree(Eui64 own, KeyUse use, X509Certificate peer) {
        return privateKey(own, use).map(key -> crypto.agree(key, peer));
    }

    /**
     * The private key in the form of the provider, if the folder contains it.
     *
     * @throws PosternException PST-3071 where the file exists but is not a P-256 key
     */
    public Optional<PrivateKey> privateKey(Eui64 own, KeyUse use) {
        return privateKeys.computeIfAbsent(name(own, use), this::readKey);
    }

    private static String name(Eui64 party, KeyUse use) {
        return party.fileName()
                + (use == KeyUse.DIGITAL_SIGNATURE ? "-ds" : use == KeyUse.KEY_AGREEMENT ? "-ka" : "-pp-ka");
    }

    private Optional<X509Certificate> readCertificate(String name) {
        Optional<Path> file = KeyFile.certificate(folder, name);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of((X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(
                            KeyFile.certificates(file.get()).get(0))));
        } catch (IOException | CertificateException e) {
            throw new PosternException(
                    GbcsFault.CERTIFICATE_FILE.fault(String.valueOf(file.get().getFileName()), cause(e)), e);
        }
    }

    private Optional<PrivateKey> readKey(String name) {
        Optional<Path> file = KeyFile.find(folder, name, ".key");
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            byte[] pkcs8 = KeyFile.privateKey(file.get());
            try {
                return Optional.of(ec.privateKey(pkcs8));
            } finally {
                Arrays.fill(pkcs8, (byte) 0);
            }
        } catch (IOException | EcException e) {
            throw new PosternException(
                    GbcsFault.KEY_FILE.fault(String.valueOf(file.get().getFileName()), cause(e)), e);
        }
    }

    private static String cause(Exception e) {
        return e instanceof KeyFile.UnreadableException named ? named.getMessage() : "the file cannot be read";
    }
}
