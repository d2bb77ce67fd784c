package org.postern.catalogue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads files with certificates or a private key in the formats of common tools: PEM (RFC 7468) with any text around
 * its blocks and any line ends, or DER; a private key as PKCS#8 (RFC 5958) or in the older format for elliptic curves
 * (RFC 5915). The caller checks whether the content is a valid certificate or key. An encrypted key is refused with a
 * message that states so, since its password is not available.
 */
public final class KeyFile {

    private static final long MAX_BYTES = 65_536;
    private static final List<String> CERTIFICATE_ENDINGS = List.of(".pem", ".crt", ".cer", ".der");
    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";
    private static final byte SEQUENCE = 0x30;
    private static final byte INTEGER = 0x02;
    private static final byte OCTETS = 0x04;
    /** Version 0 and the algorithm: a key on the curve P-256 (RFC 5480). */
    private static final byte[] PKCS8_P256 = {
        INTEGER,
        1,
        0,
        SEQUENCE,
        0x13,
        6,
        7,
        0x2A,
        (byte) 0x86,
        0x48,
        (byte) 0xCE,
        0x3D,
        2,
        1,
        6,
        8,
        0x2A,
        (byte) 0x86,
        0x48,
        (byte) 0xCE,
        0x3D,
        3,
        1,
        7
    };

    private KeyFile() {}

    /** The file has another format. The message states the reason, for display, without any of its content. */
    public static final class UnreadableException extends IOException {

        private static final long serialVersionUID = 1L;

        private UnreadableException(String message) {
            super(message);
        }

        /** The reason why the file cannot be read. */
        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }

    /**
     * True for the name of a certificate file: {@code .pem}, {@code .crt}, {@code .cer} or {@code .der}, in any case.
     */
    public static boolean namesCertificate(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return CERTIFICATE_ENDINGS.stream().anyMatch(name::endsWith);
    }

    /** The certificate file with this name and any of the endings; name and ending may be in lower or upper case. */
    public static Optional<Path> certificate(Path folder, String name) {
        return CERTIFICATE_ENDINGS.stream()
                .flatMap(ending -> find(folder, name, ending).stream())
                .findFirst();
    }

    /**
     * The file with this name and ending, each in lower or upper case; for EUI-64 and suffix, also with only the EUI-64
     * in upper case.
     */
    public static Optional<Path> find(Path folder, String name, String ending) {
        int dash = name.indexOf('-');
        String upper = name.toUpperCase(Locale.ROOT);
        List<String> forms =
                dash < 0 ? List.of(name, upper) : List.of(name, upper, upper.substring(0, dash) + name.substring(dash));
        for (String written : forms) {
            for (String end : List.of(ending, ending.toUpperCase(Locale.ROOT))) {
                Path file = folder.resolve(written + end);
                if (Files.isRegularFile(file)) {
                    return Optional.of(file);
                }
            }
        }
        return Optional.empty();
    }

    /**
     * The certificates of a file in DER, in the order of the file; at least one.
     *
     * @throws UnreadableException where there is none
     */
    public static List<byte[]> certificates(Path file) throws IOException {
        byte[] content = content(file);
        if (isDer(content)) {
            return List.of(content);
        }
        List<byte[]> found = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (Block block : blocks(content)) {
            if (List.of("CERTIFICATE", "X509 CERTIFICATE").contains(block.label)) {
                found.add(decoded(block.body));
            } else {
                others.add(block.label);
            }
        }
        if (found.isEmpty()) {
            throw new UnreadableException(
                    others.isEmpty() ? noPem(content) : "no certificate in it, but " + String.join(", ", others));
        }
        return found;
    }

    /**
     * The only private key of a file, as PKCS#8 DER; the caller may wipe it.
     *
     * @throws UnreadableException where there is none or more than one, or where it is encrypted
     */
    public static byte[] privateKey(Path file) throws IOException {
        byte[] content = content(file);
        if (isDer(content)) {
            return pkcs8(content);
        }
        byte[] found = null;
        List<String> others = new ArrayList<>();
        for (Block block : blocks(content)) {
            if (block.label.equals("ENCRYPTED PRIVATE KEY") || block.body.contains("ENCRYPTED")) {
                throw encrypted();
            }
            if (block.label.equals("PRIVATE KEY") || block.label.equals("EC PRIVATE KEY")) {
                if (found != null) {
                    throw new UnreadableException("more than one private key in it");
                }
                found = pkcs8(decoded(block.body));
            } else {
                others.add(block.label);
            }
        }
        if (found == null) {
            throw new UnreadableException(
                    others.isEmpty()
                            ? noPem(content)
                            : "no private key of an elliptic curve in it, but " + String.join(", ", others));
        }
        return found;
    }

    /** One PEM block, with the text between its two delimiter lines. */
    private record Block(String label, String body) {}

    private static List<Block> blocks(byte[] content) throws UnreadableException {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        List<Block> found = new ArrayList<>();
        int at = text.indexOf(BEGIN);
        while (at >= 0) {
            int label = at + BEGIN.length();
            int body = text.indexOf(DASHES, label);
            String name = body < 0 ? "" : text.substring(label, body);
            String last = "-----END " + name + DASHES;
            int end = body < 0 ? -1 : text.indexOf(last, body);
            if (end < 0 || !name.matches("[A-Z0-9 ]{1,40}")) {
                throw new UnreadableException("a PEM block without end: the file is truncated");
            }
            found.add(new Block(name, text.substring(body + DASHES.length(), end)));
            at = text.indexOf(BEGIN, end + last.length());
        }
        return found;
    }

    private static byte[] content(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new UnreadableException("larger than " + MAX_BYTES + " bytes");
        }
        return Files.readAllBytes(file);
    }

    private static String noPem(byte[] content) {
        if (content.length == 0) {
            return "the file is empty";
        }
        boolean utf16 = content.length > 1
                && ((content[0] & 0xFF) == 0xFE && (content[1] & 0xFF) == 0xFF
                        || (content[0] & 0xFF) == 0xFF && (content[1] & 0xFF) == 0xFE);
        return utf16 ? "UTF-16 text: write it as plain ASCII" : "neither PEM nor DER";
    }

    private static byte[] decoded(String base64) throws UnreadableException {
        try {
            return Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            throw new UnreadableException("a PEM block that is not base64");
        }
    }

    /** The key as PKCS#8; the older format of an elliptic curve key is converted. */
    private static byte[] pkcs8(byte[] der) throws UnreadableException {
        int header = isDer(der) ? header(der) : der.length;
        if (der.length < header + 5) {
            throw new UnreadableException("a truncated private key");
        }
        if (der[header] == SEQUENCE) {
            throw encrypted();
        }
        boolean version =
                der[header] == INTEGER && der[header + 1] == 1 && (der[header + 2] == 0 || der[header + 2] == 1);
        if (!version || der[header + 3] != SEQUENCE && der[header + 3] != OCTETS) {
            throw new UnreadableException("not a private key");
        }
        if (der[header + 3] == SEQUENCE) {
            return der;
        }
        byte[] key = joined(header(OCTETS, der.length), der);
        byte[] made = joined(header(SEQUENCE, PKCS8_P256.length + key.length), joined(PKCS8_P256, key));
        Arrays.fill(key, (byte) 0);
        return made;
    }

    private static UnreadableException encrypted() {
        return new UnreadableException(
                "the private key is encrypted; store it without a password, in a folder that nobody else can read");
    }

    /** True where the content is exactly one SEQUENCE. */
    private static boolean isDer(byte[] content) {
        if (content.length < 4 || content[0] != SEQUENCE) {
            return false;
        }
        int first = content[1] & 0xFF;
        int octets = first < 0x80 ? 0 : first - 0x80;
        if (octets > 3 || first == 0x80) {
            return false;
        }
        int length = octets == 0 ? first : 0;
        for (int i = 0; i < octets; i++) {
            length = length << 8 | content[2 + i] & 0xFF;
        }
        return content.length == 2 + octets + length;
    }

    private static int header(byte[] der) {
        int first = der[1] & 0xFF;
        return first < 0x80 ? 2 : 2 + first - 0x80;
    }

    private static byte[] header(byte tag, int length) {
        if (length < 0x80) {
            return new byte[] {tag, (byte) length};
        }
        return length < 0x100
                ? new byte[] {tag, (byte) 0x81, (byte) length}
                : new byte[] {tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }
}
