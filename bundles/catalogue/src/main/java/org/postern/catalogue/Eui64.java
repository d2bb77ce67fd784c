package org.postern.catalogue;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An EUI-64 identifier: of a device, of a User in one User Role, or of the DCC's Access Control Broker.
 *
 * <p>Two written forms are in use: sixteen hex digits (GBCS, file names) and eight dash-separated pairs (DUIS). Both
 * are read without regard to case; {@link #hex()} and {@link #dashed()} always write upper case.
 *
 * @param value the eight bytes, most significant first
 */
public record Eui64(long value) implements Comparable<Eui64> {

    private static final Pattern HEX = Pattern.compile("[0-9A-Fa-f]{16}");
    private static final Pattern DASHED = Pattern.compile("[0-9A-Fa-f]{2}(-[0-9A-Fa-f]{2}){7}");

    /**
     * Reads either written form.
     *
     * @throws PosternException PST-1001 where the text is neither sixteen hex digits nor eight dashed pairs
     */
    public static Eui64 parse(String text) {
        if (text != null && HEX.matcher(text).matches()) {
            return new Eui64(Long.parseUnsignedLong(text, 16));
        }
        if (text != null && DASHED.matcher(text).matches()) {
            return new Eui64(Long.parseUnsignedLong(text.replace("-", ""), 16));
        }
        throw new PosternException(CatalogueFault.NOT_AN_EUI64.fault("EUI-64", "not an EUI-64"));
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

    /** Eight upper-case pairs joined by dashes, as DUIS writes it. */
    public String dashed() {
        return HexFormat.ofDelimiter("-").withUpperCase().formatHex(toBytes());
    }

    @Override
    public int compareTo(Eui64 other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return dashed();
    }

    /** Sixteen lower-case hex digits, as certificate file names carry it. */
    public String fileName() {
        return hex().toLowerCase(Locale.ROOT);
    }
}
