package org.postern.hsmpkcs11.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.security.auth.login.LoginException;
import org.postern.hsm.KeyBinding;
import org.postern.hsm.KeyVaultException;
import org.postern.hsm.KeyVaultException.Kind;

/** One login to the token with the keys found there: made once, kept, and made anew only when the token dropped it. */
final class TokenSession {

    // the agreed value has to come out of the token, because the codec derives keys from it that no mechanism offers
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

    private final Provider provider;
    private final KeyStore store;
    private final Map<String, PrivateKey> keys = new HashMap<>();

    TokenSession(Path library, int slotIndex, char[] pin) {
        try {
            provider = configure(library, slotIndex);
            store = KeyStore.getInstance("PKCS11", provider);
            store.load(null, pin);
        } catch (IOException e) {
            if (hasCause(e, LoginException.class)) {
                throw new KeyVaultException(Kind.PIN_REJECTED, "pinFile", "holds the token's user PIN", "the token refused it: " + reason(e),
                        "put the right PIN into the file and restart the vault; it is not tried again by itself, since tokens lock", e);
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

    /** Fetches the private keys of the bindings, once. */
    void fetch(List<KeyBinding> bindings) {
        for (KeyBinding binding : bindings) {
            try {
                if (store.getKey(binding.entry(), null) instanceof PrivateKey key) {
                    keys.put(binding.entry(), key);
                } else {
                    throw new KeyVaultException(Kind.NO_SUCH_KEY, binding.alias(), "every configured entry is on the token",
                            "entry " + binding.entry() + " is not, or its certificate lacks",
                            "import the key with its certificate under the same CKA_ID and label");
                }
            } catch (GeneralSecurityException | ProviderException e) {
                throw offline(e);
            }
        }
    }

    PrivateKey key(String entry) {
        return keys.get(entry);
    }

    X509Certificate certificate(KeyBinding binding) {
        try {
            return (X509Certificate) store.getCertificate(binding.entry());
        } catch (GeneralSecurityException | ProviderException e) {
            throw offline(e);
        }
    }

    static KeyVaultException offline(Exception why) {
        return new KeyVaultException(Kind.TOKEN_OFFLINE, "token", "the token answers", reason(why), "check the token; the vault tries again by itself", why);
    }

    /** The innermost message: the CKR_ name, where the token gave one. */
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
