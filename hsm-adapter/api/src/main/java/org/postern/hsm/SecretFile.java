package org.postern.hsm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postern.hsm.KeyVaultException.Kind;

/** A file that holds one secret (a PIN or password): UTF-8, one line, its end of line not counted. */
public final class SecretFile {

    private static final int LIMIT = 1024;

    private SecretFile() {}

    /**
     * Reads the secret; the caller wipes it.
     *
     * @param setting name of the setting that points to the file, for the error's text
     * @param strict refuse a file that people other than its owner and group can read
     * @throws KeyVaultException BAD_SETTING; the message never shows the content
     */
    public static char[] read(String setting, Path file, boolean strict) {
        byte[] bytes = null;
        try {
            if (Files.size(file) > LIMIT) {
                throw bad(setting, "it is too long", null);
            }
            if (strict && file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
                if (permissions.contains(PosixFilePermission.OTHERS_READ)
                        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
                    throw bad(setting, "everybody on this machine can read or change it", null);
                }
            }
            bytes = Files.readAllBytes(file);
            int length = bytes.length;
            while (length > 0 && (bytes[length - 1] == '\n' || bytes[length - 1] == '\r')) {
                length--;
            }
            if (length == 0) {
                throw bad(setting, "it is empty", null);
            }
            CharBuffer text = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes, 0, length));
            char[] secret = new char[text.remaining()];
            text.get(secret);
            if (text.hasArray()) {
                Arrays.fill(text.array(), '\0');
            }
            return secret;
        } catch (IOException e) {
            throw bad(setting, "it cannot be read", e);
        } finally {
            if (bytes != null) {
                Arrays.fill(bytes, (byte) 0);
            }
        }
    }

    private static KeyVaultException bad(String setting, String cause, @Nullable Throwable why) {
        return new KeyVaultException(
                Kind.BAD_SETTING,
                setting,
                "names a file with one secret line, closed to others (mode 0640 or stricter)",
                cause,
                "put the secret there and check owner and mode",
                why);
    }
}
