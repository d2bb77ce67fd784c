package org.postern.inventory.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One element of strict DER, as X.509 uses it: identifier of one byte, minimal definite length, canonical value.
 * Encodings that a lenient parser would accept as well are refused.
 *
 * @param tag identifier byte
 * @param source array that contains the element
 * @param start offset of the identifier byte
 * @param value offset of the first byte of the value
 * @param end offset after the last byte of the value
 */
public record Der(int tag, byte[] source, int start, int value, int end) {

    public static final int BOOLEAN = 0x01;
    public static final int INTEGER = 0x02;
    public static final int BIT_STRING = 0x03;
    public static final int OCTET_STRING = 0x04;
    public static final int NULL = 0x05;
    public static final int OID = 0x06;
    public static final int ENUMERATED = 0x0A;
    public static final int UTC_TIME = 0x17;
    public static final int GENERALIZED_TIME = 0x18;
    public static final int SEQUENCE = 0x30;
    public static final int SET = 0x31;

    private static final int MAX_DEPTH = 16;
    private static final int CONSTRUCTED = 0x20;

    /** The bytes are not strict DER. The message states the deviation, but none of the bytes. */
    public static final class NotDer extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotDer(String message) {
            super(message);
        }

        /** What was found instead. */
        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }

    /**
     * Reads one element that occupies all bytes, and checks it completely.
     *
     * @throws NotDer where it is not strict DER, or further bytes follow
     */
    public static Der read(byte[] bytes) {
        Der element = element(bytes, 0, bytes.length);
        if (element.end != bytes.length) {
            throw new NotDer("further bytes after its end");
        }
        element.check(0);
        return element;
    }

    private static Der element(byte[] source, int at, int limit) {
        if (limit - at < 2) {
            throw new NotDer("a truncated element");
        }
        int tag = source[at] & 0xFF;
        if ((tag & 0x1F) == 0x1F || tag == 0) {
            throw new NotDer("a tag that X.509 does not use");
        }
        int length = source[at + 1] & 0xFF;
        int value = at + 2;
        if (length >= 0x80) {
            int count = length & 0x7F;
            if (count == 0 || count > 2 || limit - value < count) {
                throw new NotDer("an indefinite or oversized length");
            }
            length = 0;
            for (int i = 0; i < count; i++) {
                length = length << 8 | source[value++] & 0xFF;
            }
            if (length < 0x80 || count == 2 && length < 0x100) {
                throw new NotDer("a length that is not minimal");
            }
        }
        if (limit - value < length) {
            throw new NotDer("a truncated element");
        }
        return new Der(tag, source, at, value, value + length);
    }

    /** The children of a constructed element, in order. */
    public List<Der> children() {
        if ((tag & CONSTRUCTED) == 0) {
            throw new NotDer("a primitive element instead of a structure");
        }
        List<Der> children = new ArrayList<>();
        for (int at = value; at < end; ) {
            Der child = element(source, at, end);
            children.add(child);
            at = child.end;
        }
        return children;
    }

    /** The children; their number has to be exactly this one, at least one. */
    public List<Der> children(int count) {
        List<Der> children = children();
        if (children.size() != count) {
            throw new NotDer("a structure with other parts");
        }
        return children;
    }

    /** This element, which has to have this tag. */
    public Der as(int wanted) {
        if (tag != wanted) {
            throw new NotDer("another type than X.509 specifies");
        }
        return this;
    }

    /** The bytes of the value. */
    public byte[] content() {
        return Arrays.copyOfRange(source, value, end);
    }

    /** The bytes of the complete element. */
    public byte[] encoded() {
        return Arrays.copyOfRange(source, start, end);
    }

    private int length() {
        return end - value;
    }

    private void check(int depth) {
        if (depth > MAX_DEPTH) {
            throw new NotDer("elements nested too deeply");
        }
        if ((tag & CONSTRUCTED) != 0) {
            List<Der> children = children();
            for (Der child : children) {
                child.check(depth + 1);
            }
            if (tag == SET) {
                inOrder(children);
            }
            return;
        }
        switch (tag) {
            // FALSE is the default of every BOOLEAN in X.509, and DER does not encode default values
            case BOOLEAN -> must(length() == 1 && source[value] == (byte) 0xFF, "a BOOLEAN that is not canonical");
            case INTEGER, ENUMERATED ->
                must(
                        length() > 0 && (length() == 1 || source[value] != (source[value + 1] < 0 ? (byte) -1 : 0)),
                        "a number that is not minimal");
            case BIT_STRING -> bits();
            case NULL -> must(length() == 0, "a NULL with content");
            case OID -> objectIdentifier();
            case UTC_TIME -> digits(12);
            case GENERALIZED_TIME -> digits(14);
            default -> {
                // octet strings, texts and context tags may have any content
            }
        }
    }

    private static void inOrder(List<Der> children) {
        for (int i = 1; i < children.size(); i++) {
            must(
                    Arrays.compareUnsigned(
                                    children.get(i - 1).encoded(),
                                    children.get(i).encoded())
                            <= 0,
                    "a SET out of order");
        }
    }

    private void bits() {
        must(length() > 0, "a BIT STRING without content");
        int unused = source[value];
        must(
                unused >= 0 && unused <= 7 && (unused == 0 || length() > 1),
                "a BIT STRING with a wrong count of unused bits");
        must(unused == 0 || (source[end - 1] & (1 << unused) - 1) == 0, "a BIT STRING with unused bits that are set");
    }

    private void objectIdentifier() {
        must(length() > 0 && source[end - 1] >= 0, "a truncated OBJECT IDENTIFIER");
        for (int i = value; i < end; i++) {
            boolean first = i == value || source[i - 1] >= 0;
            must(!first || source[i] != (byte) 0x80, "an OBJECT IDENTIFIER that is not minimal");
        }
    }

    private void digits(int count) {
        boolean right = length() == count + 1 && source[end - 1] == 'Z';
        for (int i = value; right && i < end - 1; i++) {
            right = source[i] >= '0' && source[i] <= '9';
        }
        must(right, "a time that is not whole seconds in UTC");
    }

    private static void must(boolean holds, String otherwise) {
        if (!holds) {
            throw new NotDer(otherwise);
        }
    }

    /** Two elements are equal where their bytes are equal. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Der der && Arrays.equals(source, start, end, der.source, der.start, der.end);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded());
    }

    @Override
    public String toString() {
        return "Der[" + Integer.toHexString(tag) + ", " + (end - start) + " bytes]";
    }
}
