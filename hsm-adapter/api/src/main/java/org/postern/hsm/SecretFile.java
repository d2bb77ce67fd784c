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

/** A file that contains one secret (a PIN or password): one line in UTF-8. The line end is not part of the secret. */
public final class SecretFile {

    private static final int LIMIT = 1024;

    private SecretFile() {}

    /**
     * Reads the secret. The caller wipes the array.
     *
     * @param setting name of the setting that names the file, for the message of an exception
     * @param strict whether a file is refused that users other than its owner and group can read or change
     * @throws KeyVaultException BAD_SETTING; the message never shows the content
     */
    public static char[] read(String setting, Path file, boolean strict) {
        byte[] bytes = null;
        try {
            if (Files.size(file) > LIMIT) {
                throw bad(setting, "the file is too long", null);
            }
            if (strict && file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
                if (permissions.contains(PosixFilePermission.OTHERS_READ)
                        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
                    throw bad(setting, "every user of this machine can read or change the file", null);
                }
            }
            bytes = Files.readAllBytes(file);
            int length = bytes.length;
            while (length > 0 && (bytes[length - 1] == '\n' || bytes[length - 1] == '\r')) {
                length--;
            }
            if (length == 0) {
                throw bad(setting, "the file is empty", null);
            }
            CharBuffer text = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes, 0, length));
            char[] secret = new char[text.remaining()];
            text.get(secret);
            if (text.hasArray()) {
                Arrays.fill(text.array(), '\0');
            }
            return secret;
        } catch (IOException e) {
            throw bad(setting, "the file cannot be read", e);
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
                "names a file with one line, the secret, that other users cannot read (mode 0640 or stricter)",
                cause,
                "write the secret to the file and check its owner and mode",
                why);
    }
}
