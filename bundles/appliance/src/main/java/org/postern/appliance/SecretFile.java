package org.postern.appliance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/**
 * A secret in a file of its own that only the owner can read. It is created at the first use: Postern ships no default
 * password.
 *
 * <p>The file holds one line of text. To change a secret, write another line and restart the part that uses it.
 */
public final class SecretFile {

    private static final int RANDOM_BYTES = 24;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_ONLY_FOLDER = PosixFilePermissions.fromString("rwx------");

    private SecretFile() {}

    /**
     * Reads the secret, or makes a random one (192 bits, 32 characters of base64url) if there is no such file yet.
     *
     * @param file the secret's file; its folder is made with mode 700 if absent
     * @return the secret
     * @throws UncheckedIOException if the file can be neither read nor written, or is empty
     */
    public static String readOrCreate(Path file) {
        try {
            if (Files.exists(file)) {
                return read(file);
            }
            Path folder = file.toAbsolutePath().getParent();
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder.getParent());
                Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY_FOLDER));
            }
            byte[] random = new byte[RANDOM_BYTES];
            new SecureRandom().nextBytes(random);
            String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
            write(file, secret + "\n");
            return secret;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read or create the secret file " + file, e);
        }
    }

    /**
     * Reads a secret that must exist.
     *
     * @param file the secret's file
     * @return its first line, without surrounding blanks
     * @throws UncheckedIOException if it is absent, unreadable or empty
     */
    public static String read(Path file) {
        try {
            String secret =
                    Files.readString(file).lines().findFirst().orElse("").strip();
            if (secret.isEmpty()) {
                throw new IOException("empty secret file");
            }
            return secret;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the secret file " + file, e);
        }
    }

    /**
     * Writes under another name with the right mode from the start, syncs, then renames: a reader never sees half a
     * secret.
     */
    static void write(Path file, String content) throws IOException {
        Path draft = Files.createTempFile(
                file.toAbsolutePath().getParent(), ".secret", ".tmp", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            channel.write(StandardCharsets.UTF_8.encode(content));
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
