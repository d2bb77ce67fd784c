package org.postern.intake.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Collections;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.postern.appliance.SecretFile;
import org.postern.catalogue.Fault;
import org.postern.catalogue.FilePrint;
import org.postern.catalogue.PartHealth;
import org.postern.catalogue.PosternException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS key of the HTTP interface. It is read again when its files change, and the new key is used from the next
 * connection on. A change takes effect when two consecutive polls find the same files, so that both files have been
 * replaced. If the files do not match, the last good key stays in use.
 */
final class HttpKeys extends X509ExtendedKeyManager implements PartHealth {

    private static final Logger LOG = LoggerFactory.getLogger(HttpKeys.class);
    private static final byte[] TRIAL = {'P', 'o', 's', 't', 'e', 'r', 'n'};
    private static final String RULE =
            "a PKCS#12 store with a private key and its certificates, which its password opens";

    private final Path store;
    private final Path passwordFile;
    private volatile X509ExtendedKeyManager inUse;
    private volatile Fault trouble;
    private String used;
    private String settling;

    /**
     * Reads the files.
     *
     * @throws PosternException PST-7324 if they cannot be used
     */
    HttpKeys(Path store, Path passwordFile) {
        this.store = store;
        this.passwordFile = passwordFile;
        used = FilePrint.of(store, passwordFile);
        settling = used;
        inUse = read(store, passwordFile);
    }

    /** Checks the files for a change. */
    synchronized void poll() {
        String now = FilePrint.of(store, passwordFile);
        if (now.equals(used) || !now.equals(settling)) {
            settling = now;
            return;
        }
        used = now;
        try {
            inUse = read(store, passwordFile);
            trouble = null;
            LOG.info("The key files of the HTTP interface have changed and are in use");
        } catch (PosternException e) {
            trouble = e.fault();
            LOG.error("{}; the last good key of the HTTP interface stays in use", e.fault());
        }
    }

    /**
     * Reads a key store and tries its keys against their certificates.
     *
     * @throws PosternException PST-7324 if it cannot be used
     */
    static X509ExtendedKeyManager read(Path file, Path passwordFile) {
        try (InputStream in = Files.newInputStream(file)) {
            char[] password = SecretFile.read(passwordFile).toCharArray();
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, password);
            boolean found = false;
            for (String alias : Collections.list(keys.aliases())) {
                if (keys.isKeyEntry(alias)) {
                    found = true;
                    fit(keys, alias, password);
                }
            }
            if (!found) {
                throw bad("the store has no private key", null);
            }
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(keys, password);
            for (KeyManager manager : factory.getKeyManagers()) {
                if (manager instanceof X509ExtendedKeyManager x509) {
                    return x509;
                }
            }
            throw bad("no key that TLS can use", null);
        } catch (PosternException e) {
            throw e;
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            // RuntimeException: the store reader may throw it for a damaged store
            throw bad(e.getClass().getSimpleName(), e);
        }
    }

    private static void fit(KeyStore keys, String alias, char[] password) throws GeneralSecurityException {
        if (!(keys.getKey(alias, password) instanceof PrivateKey key)
                || !(keys.getCertificate(alias) instanceof X509Certificate own)) {
            throw bad("entry " + alias + " is not a private key with a certificate", null);
        }
        String algorithm = switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> key.getAlgorithm();
        };
        Signature signature = Signature.getInstance(algorithm);
        if (algorithm.equals("RSASSA-PSS")) {
            signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        }
        signature.initSign(key);
        signature.update(TRIAL);
        byte[] value = signature.sign();
        signature.initVerify(own.getPublicKey());
        signature.update(TRIAL);
        boolean fits;
        try {
            fits = signature.verify(value);
        } catch (SignatureException e) {
            fits = false;
        }
        if (!fits) {
            throw bad("the key is not the one of certificate serial " + own.getSerialNumber(), null);
        }
    }

    private static PosternException bad(String cause, Exception why) {
        return new PosternException(IntakeFault.HTTP_KEYS.fault("org.postern.intake/httpKeyStore", RULE, cause), why);
    }

    @Override
    public String part() {
        return "http interface";
    }

    @Override
    public Optional<Fault> trouble() {
        return Optional.ofNullable(trouble);
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        return inUse.chooseEngineServerAlias(keyType, issuers, engine);
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return inUse.chooseServerAlias(keyType, issuers, socket);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return inUse.getServerAliases(keyType, issuers);
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return inUse.getClientAliases(keyType, issuers);
    }

    @Override
    public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
        return inUse.chooseClientAlias(keyType, issuers, socket);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return inUse.getCertificateChain(alias);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return inUse.getPrivateKey(alias);
    }
}
