package org.postern.catalogue;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An EUI-64 identifier of a device, of a User in one User Role, or of the Access Control Broker (ACB) of the DCC.
 *
 * <p>There are two notations: sixteen hex digits (GBCS, file names) and eight dash-separated pairs (DUIS). Both are
 * case-insensitive when parsed; {@link #hex()} and {@link #dashed()} always write upper case.
 *
 * @param value the eight bytes, most significant first
 */
public record Eui64(long value) implements Comparable<Eui64> {

    private static final Pattern HEX = Pattern.compile("[0-9A-Fa-f]{16}");
    private static final String DIGITS = "0123456789ABCDEF";
    /** Characters of the dashed form. */
    static final int DASHED_LENGTH = 23;

    private static final int PAIR = 3;

    /**
     * Parses either notation.
     *
     * @throws PosternException PST-1001 where the text is neither sixteen hex digits nor eight dashed pairs
     */
    public static Eui64 parse(String text) {
        if (text != null && HEX.matcher(text).matches()) {
            return new Eui64(Long.parseUnsignedLong(text, 16));
        }
        if (text != null && text.length() == DASHED_LENGTH && isDashed(text, 0)) {
            return dashed(text, 0);
        }
        throw new PosternException(CatalogueFault.NOT_AN_EUI64.fault("EUI-64", "not an EUI-64"));
    }

    /**
     * Whether the text has eight dashed pairs at this position. Called for every request and response, so it uses no
     * regular expression.
     */
    static boolean isDashed(String text, int at) {
        if (text.length() - at < DASHED_LENGTH) {
            return false;
        }
        for (int i = 0; i < DASHED_LENGTH; i++) {
            char c = text.charAt(at + i);
            if (i % PAIR == 2 ? c != '-' : hex(c) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Parses the eight dashed pairs at this position, which have to exist. */
    static Eui64 dashed(String text, int at) {
        long value = 0;
        for (int i = 0; i < DASHED_LENGTH; i++) {
            if (i % PAIR != 2) {
                value = value << 4 | hex(text.charAt(at + i));
            }
        }
        return new Eui64(value);
    }

    /** The value of a hex digit in either case; negative for other characters. */
    private static int hex(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int letter = c | 0x20;
        return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
    }

    /** Reads eight bytes, big-endian, at the offset. */
    public static Eui64 of(byte[] bytes, int offset) {
        return new Eui64(ByteBuffer.wrap(bytes, offset, Long.BYTES).getLong());
    }

    /** The eight bytes, most significant first. */
    public byte[] toBytes() {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    /** Sixteen upper-case hex digits. */
    public String hex() {
        return HexFormat.of().withUpperCase().toHexDigits(value);
    }

    /** Eight upper-case pairs separated by dashes, the notation of DUIS. */
    public String dashed() {
        char[] text = new char[DASHED_LENGTH];
        int shift = Long.SIZE;
        for (int i = 0; i < DASHED_LENGTH; i++) {
            text[i] = i % PAIR == 2 ? '-' : DIGITS.charAt((int) (value >>> (shift -= 4)) & 0xF);
        }
        return new String(text);
    }

    @Override
    public int compareTo(Eui64 other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return dashed();
    }

    /** Sixteen lower-case hex digits, the notation of certificate file names. */
    public String fileName() {
        return hex().toLowerCase(Locale.ROOT);
    }
}
