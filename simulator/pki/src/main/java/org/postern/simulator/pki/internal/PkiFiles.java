package org.postern.simulator.pki.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

/** Writes certificates, keys and key stores; what is secret is readable by its owner only. */
final class PkiFiles {

    private PkiFiles() {}

    static void certificate(Path folder, String name, X509Certificate certificate) throws IOException {
        try {
            Files.writeString(folder.resolve(name + ".pem"), pem("CERTIFICATE", certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IOException("certificate " + name, e);
        }
    }

    static void key(Path folder, String name, PrivateKey key) throws IOException {
        secret(
                folder.resolve(name + ".key"),
                pem("PRIVATE KEY", key.getEncoded()).getBytes(StandardCharsets.US_ASCII));
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    /** A new random password in a file of its own. */
    static char[] password(Path file) throws IOException {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        String text = HexFormat.of().formatHex(bytes);
        secret(file, text.getBytes(StandardCharsets.US_ASCII));
        return text.toCharArray();
    }

    static void keyStore(
            Path file, char[] password, Map<String, CertificateMaker.Credential> entries, X509Certificate... chain)
            throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (var entry : entries.entrySet()) {
                Certificate[] path = new Certificate[1 + chain.length];
                path[0] = entry.getValue().certificate();
                System.arraycopy(chain, 0, path, 1, chain.length);
                store.setKeyEntry(entry.getKey(), entry.getValue().key(), password, path);
            }
            store(file, password, store);
        } catch (GeneralSecurityException e) {
            throw new IOException("key store " + file.getFileName(), e);
        }
    }

    static void trustStore(Path file, char[] password, X509Certificate... trusted) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (int i = 0; i < trusted.length; i++) {
                store.setCertificateEntry("ca" + i, trusted[i]);
            }
            store(file, password, store);
        } catch (GeneralSecurityException e) {
            throw new IOException("trust store " + file.getFileName(), e);
        }
    }

    private static void store(Path file, char[] password, KeyStore store) throws IOException, GeneralSecurityException {
        secret(file, new byte[0]);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, password);
        }
    }

    private static void secret(Path file, byte[] content) throws IOException {
        Files.deleteIfExists(file);
        if (Files.getFileStore(file.getParent()).supportsFileAttributeView("posix")) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.write(file, content);
    }
}
