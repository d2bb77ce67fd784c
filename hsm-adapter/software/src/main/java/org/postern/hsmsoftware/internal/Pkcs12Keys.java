package org.postern.hsmsoftware.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postern.ecprovider.EcException;
import org.postern.ecprovider.EcProvider;
import org.postern.hsm.AbstractKeyVault.FoundKey;
import org.postern.hsm.AbstractKeyVault.RawKey;
import org.postern.hsm.KeyBinding;
import org.postern.hsm.KeyVaultException;
import org.postern.hsm.KeyVaultException.Kind;

/** Reads the configured entries from one PKCS#12 file, or from all {@code .p12} files of a folder. */
final class Pkcs12Keys {

    private final Path place;
    private final EcProvider ec;

    Pkcs12Keys(Path place, EcProvider ec) {
        this.place = place;
        this.ec = ec;
    }

    List<FoundKey> find(List<KeyBinding> bindings, char[] password) {
        Map<String, KeyStore> byEntry = new HashMap<>();
        Map<String, Path> fileOf = new HashMap<>();
        for (Path file : files()) {
            KeyStore store = load(file, password);
            for (String entry : entries(store)) {
                String name = entry.toLowerCase(Locale.ROOT);
                KeyStore before = byEntry.put(name, store);
                Path where = fileOf.put(name, file);
                if (before != null) {
                    throw new KeyVaultException(
                            Kind.KEY_TWICE,
                            "keyStore",
                            "an entry name occurs once in all files",
                            "entry " + entry + ": in "
                                    + where.getFileName() + ", certificate serial " + serial(before, entry)
                                    + ", and in " + file.getFileName()
                                    + ", certificate serial " + serial(store, entry),
                            "remove or rename one of them; the vault retries by itself");
                }
            }
        }
        List<FoundKey> found = new ArrayList<>();
        for (KeyBinding binding : bindings) {
            KeyStore store = byEntry.get(binding.entry().toLowerCase(Locale.ROOT));
            if (store == null) {
                throw new KeyVaultException(
                        Kind.NO_SUCH_KEY,
                        binding.alias(),
                        "every configured entry is in the key files",
                        "there is no entry " + binding.entry(),
                        "list the entries with: keytool -list -keystore FILE");
            }
            found.add(key(store, binding, password));
        }
        return found;
    }

    private static List<String> entries(KeyStore store) {
        try {
            List<String> keys = new ArrayList<>();
            for (String entry : Collections.list(store.aliases())) {
                if (store.isKeyEntry(entry)) {
                    keys.add(entry);
                }
            }
            return keys;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a loaded key store lists its entries", e);
        }
    }

    private static String serial(KeyStore store, String entry) {
        try {
            return store.getCertificate(entry) instanceof X509Certificate certificate
                    ? certificate.getSerialNumber().toString()
                    : "none";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a loaded key store shows its certificates", e);
        }
    }

    private FoundKey key(KeyStore store, KeyBinding binding, char[] password) {
        byte[] pkcs8 = null;
        try {
            PrivateKey key = (PrivateKey) store.getKey(binding.entry(), password);
            pkcs8 = key.getEncoded();
            PrivateKey own = ec.privateKey(pkcs8);
            return new FoundKey(binding, (X509Certificate) store.getCertificate(binding.entry()), raw(own));
        } catch (UnrecoverableKeyException e) {
            throw new KeyVaultException(
                    Kind.PIN_REJECTED,
                    binding.alias(),
                    "the password of the entry is that of the key file",
                    "the entry has another password",
                    "import the entry again, with the password of the key file",
                    e);
        } catch (GeneralSecurityException | EcException | ClassCastException e) {
            throw new KeyVaultException(
                    Kind.BAD_SETTING,
                    binding.alias(),
                    "the entry holds a P-256 private key and its certificate",
                    "the entry holds something else",
                    "import the correct key",
                    e);
        } finally {
            if (pkcs8 != null) {
                Arrays.fill(pkcs8, (byte) 0);
            }
        }
    }

    private RawKey raw(PrivateKey own) {
        return new RawKey() {
            @Override
            public byte[] sign(byte[] input, int offset, int length) {
                return ec.sign(own, input, offset, length);
            }

            @Override
            public byte[] agree(PublicKey peer) {
                return ec.agree(own, peer);
            }
        };
    }

    private List<Path> files() {
        if (Files.isRegularFile(place)) {
            return List.of(place);
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> folder = Files.newDirectoryStream(place, "*.p12")) {
            folder.forEach(files::add);
        } catch (IOException e) {
            throw offline("the folder cannot be read", e);
        }
        if (files.isEmpty()) {
            throw offline("the folder contains no .p12 file", null);
        }
        files.sort(null);
        return files;
    }

    private static KeyStore load(Path file, char[] password) {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password);
            return store;
        } catch (IOException | GeneralSecurityException e) {
            if (e.getCause() instanceof UnrecoverableKeyException) {
                throw new KeyVaultException(
                        Kind.PIN_REJECTED,
                        "passwordFile",
                        "contains the password of every key file",
                        "the password is not that of " + file.getFileName(),
                        "write the correct password to the file",
                        e);
            }
            throw offline(file.getFileName() + " is not a readable PKCS#12 file", e);
        }
    }

    private static KeyVaultException offline(String cause, @Nullable Exception why) {
        return new KeyVaultException(
                Kind.TOKEN_OFFLINE,
                "keyStore",
                "names a PKCS#12 file, or a folder of them",
                cause,
                "correct the path or the permissions",
                why);
    }
}
