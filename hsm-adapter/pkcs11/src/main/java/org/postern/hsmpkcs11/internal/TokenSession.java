package org.postern.hsmpkcs11.internal;

import com.sun.jna.NativeLong;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.security.auth.login.LoginException;
import org.postern.hsm.KeyBinding;
import org.postern.hsm.KeyVaultException;
import org.postern.hsm.KeyVaultException.Kind;
import org.postern.hsmpkcs11.internal.Cryptoki.Attribute;

/** One login to the token, with the keys found there. It is used until the token drops it. */
final class TokenSession {

    // the agreed value has to leave the token, because no mechanism of a token offers the key derivation that the codec
    // needs
    private static final String CONFIGURATION = """
            name = postern
            library = %s
            slotListIndex = %d
            attributes(*,CKO_PRIVATE_KEY,CKK_EC) = {
              CKA_SIGN = true
              CKA_DERIVE = true
              CKA_SENSITIVE = true
              CKA_EXTRACTABLE = false
            }
            attributes(generate,CKO_SECRET_KEY,CKK_GENERIC_SECRET) = {
              CKA_SENSITIVE = false
              CKA_EXTRACTABLE = true
            }
            """;

    private final Cryptoki cryptoki;
    private final int slotIndex;
    private final Provider provider;
    private final KeyStore store;
    private final Map<String, PrivateKey> keys = new HashMap<>();

    TokenSession(Path library, String label, char[] pin) {
        cryptoki = new Cryptoki(library);
        slotIndex = cryptoki.slotIndex(label);
        try {
            provider = configure(library, slotIndex);
            store = KeyStore.getInstance("PKCS11", provider);
            store.load(null, pin);
        } catch (IOException e) {
            if (hasCause(e, LoginException.class)) {
                throw new KeyVaultException(
                        Kind.PIN_REJECTED,
                        "pinFile",
                        "contains the user PIN of the token",
                        "the token refused it: " + reason(e),
                        "write the correct PIN to the file and restart the vault; a refused PIN is not retried: tokens lock",
                        e);
            }
            throw offline(e);
        } catch (GeneralSecurityException | ProviderException e) {
            throw offline(e);
        }
    }

    private static Provider configure(Path library, int slotIndex) throws IOException {
        Path file = Files.createTempFile("pkcs11-", ".conf");
        try {
            Files.writeString(file, String.format(CONFIGURATION, library, slotIndex));
            return Security.getProvider("SunPKCS11").configure(file.toString());
        } finally {
            Files.delete(file);
        }
    }

    Provider provider() {
        return provider;
    }

    KeyStore store() {
        return store;
    }

    /** Fetches the private keys of the bindings. Called once. */
    void fetch(List<KeyBinding> bindings) {
        NativeLong session = cryptoki.openSession(slotIndex, false);
        try {
            bindings.forEach(binding -> requireUnique(cryptoki, session, binding));
        } finally {
            cryptoki.closeSession(session);
        }
        for (KeyBinding binding : bindings) {
            try {
                if (store.getKey(binding.entry(), null) instanceof PrivateKey key) {
                    keys.put(binding.entry(), key);
                } else {
                    throw new KeyVaultException(
                            Kind.NO_SUCH_KEY,
                            binding.alias(),
                            "every configured entry is on the token",
                            "entry " + binding.entry() + " is missing, or has no certificate",
                            "import the key with its certificate under the same CKA_ID and label");
                }
            } catch (GeneralSecurityException | ProviderException e) {
                throw offline(e);
            }
        }
    }

    /**
     * Checks that a label refers to one certificate and that exactly one key has its CKA_ID. The key store of the JDK
     * gives duplicates other names, and it is undefined which of two keys it uses.
     */
    private static void requireUnique(Cryptoki cryptoki, NativeLong session, KeyBinding binding) {
        List<NativeLong> certificates = cryptoki.find(
                session,
                Attribute.of(Cryptoki.CKA_CLASS, Cryptoki.CERTIFICATE),
                Attribute.of(Cryptoki.CKA_LABEL, binding.entry().getBytes(StandardCharsets.UTF_8)));
        int keys = certificates.isEmpty()
                ? 0
                : cryptoki.find(
                                session,
                                Attribute.of(Cryptoki.CKA_CLASS, Cryptoki.PRIVATE_KEY),
                                Attribute.of(
                                        Cryptoki.CKA_ID, cryptoki.value(session, certificates.get(0), Cryptoki.CKA_ID)))
                        .size();
        if (certificates.size() > 1 || keys > 1) {
            List<String> serials = certificates.stream()
                    .map(each -> serial(cryptoki.value(session, each, Cryptoki.CKA_VALUE)))
                    .sorted()
                    .toList();
            throw new KeyVaultException(
                    Kind.KEY_TWICE,
                    binding.alias(),
                    "the label " + binding.entry() + " refers to one key and one certificate",
                    "certificates with serial " + String.join(" and ", serials) + ", and " + keys
                            + " private keys under one CKA_ID",
                    "remove the key and the certificate that are not to be used; the vault retries by itself");
        }
    }

    private static String serial(byte[] der) {
        try {
            return ((X509Certificate)
                            CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der)))
                    .getSerialNumber()
                    .toString();
        } catch (CertificateException e) {
            return "(unreadable)";
        }
    }

    PrivateKey key(String entry) {
        return Objects.requireNonNull(keys.get(entry), "the key of every binding was fetched");
    }

    X509Certificate certificate(KeyBinding binding) {
        try {
            return Objects.requireNonNull(
                    (X509Certificate) store.getCertificate(binding.entry()), "an entry with a key has its certificate");
        } catch (GeneralSecurityException | ProviderException e) {
            throw offline(e);
        }
    }

    static KeyVaultException offline(Exception why) {
        return new KeyVaultException(
                Kind.TOKEN_OFFLINE,
                "token",
                "the token responds",
                reason(why),
                "check the token; the vault retries by itself",
                why);
    }

    /** The message of the root cause: the CKR_ name where the token returned one. */
    static String reason(Throwable why) {
        Throwable inner = why;
        while (inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner.getMessage() == null ? inner.getClass().getSimpleName() : inner.getMessage();
    }

    private static boolean hasCause(Throwable e, Class<? extends Throwable> type) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (type.isInstance(t)) {
                return true;
            }
        }
        return false;
    }
}
