package org.postern.gbcs;

import org.postern.catalogue.PosternException;

/**
 * A COSEM logical name of six bytes.
 *
 * @param value the six bytes, most significant first, 0 to FFFFFFFFFFFF
 */
public record Obis(long value) {

    public Obis {
        if (value < 0 || value > 0xFFFF_FFFF_FFFFL) {
            throw new IllegalArgumentException("OBIS of more than six bytes");
        }
    }

    /**
     * Parses a text such as {@code 0-1:94.44.128.22.255}; the sixth field may be omitted and is then 255.
     *
     * @throws PosternException PST-3090 for any other form
     */
    public static Obis parse(String text) {
        String[] parts = text.split("[-:.]");
        long value = 0;
        try {
            if (parts.length < 5 || parts.length > 6) {
                throw new NumberFormatException();
            }
            for (int i = 0; i < 6; i++) {
                int field = i < parts.length ? Integer.parseInt(parts[i]) : 255;
                if (field < 0 || field > 255) {
                    throw new NumberFormatException();
                }
                value = value << 8 | field;
            }
            return new Obis(value);
        } catch (NumberFormatException e) {
            throw new PosternException(GbcsFault.NOT_AN_OBIS_CODE.fault("OBIS", "not an OBIS code"), e);
        }
    }

    /** Reads six bytes. */
    public static Obis of(Bytes bytes) {
        if (bytes.length() != 6) {
            throw new IllegalArgumentException("OBIS of " + bytes.length() + " bytes");
        }
        return new Obis(bytes.number(0, 6));
    }

    /** The field at the index, 0 (A) to 5 (F). */
    public int field(int index) {
        return (int) (value >> (8 * (5 - index))) & 0xFF;
    }

    public Bytes bytes() {
        byte[] b = new byte[6];
        for (int i = 0; i < 6; i++) {
            b[i] = (byte) field(i);
        }
        return Bytes.window(b);
    }

    /** All six fields: {@code 0-0:94.44.0.1}. */
    @Override
    public String toString() {
        return field(0) + "-" + field(1) + ":" + field(2) + "." + field(3) + "." + field(4) + "." + field(5);
    }
}
