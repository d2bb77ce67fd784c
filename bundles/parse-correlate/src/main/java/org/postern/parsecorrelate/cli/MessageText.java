package org.postern.parsecorrelate.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Reads a GBCS message from a file: hex if the file has only hex digits and begins with DD or DF, otherwise base64.
 * White space is ignored.
 */
final class MessageText {

    private static final long MAX_BYTES = 16L << 20;
    private static final Pattern HEX = Pattern.compile("[Dd][DdFf][0-9A-Fa-f]*");

    private MessageText() {}

    /** @throws IllegalArgumentException with a readable reason, if the text is neither */
    static byte[] read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IllegalArgumentException("the file is larger than 16 MiB");
        }
        return bytes(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
    }

    static byte[] bytes(String text) {
        String packed = text.replaceAll("\\s+", "");
        if (packed.isEmpty()) {
            throw new IllegalArgumentException("the file is empty");
        }
        if (HEX.matcher(packed).matches()) {
            if (packed.length() % 2 != 0) {
                throw new IllegalArgumentException("an odd number of hex digits");
            }
            return HexFormat.of().parseHex(packed);
        }
        try {
            return Base64.getDecoder().decode(packed);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("neither hex nor base64");
        }
    }
}
