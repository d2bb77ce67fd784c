package org.postern.gbcs;

import java.math.BigInteger;
import java.util.List;
import java.util.Objects;

/**
 * A node of strict DER: one identifier byte (tag numbers up to 30), minimal length, value. An X.509 certificate is one
 * node with its original bytes, because its signature covers them.
 */
public sealed interface DerNode {

    int BOOLEAN = 0x01;
    int INTEGER = 0x02;
    int BIT_STRING = 0x03;
    int OCTET_STRING = 0x04;
    int NULL = 0x05;
    int OID = 0x06;
    int ENUMERATED = 0x0A;
    int UTF8_STRING = 0x0C;
    int GENERALIZED_TIME = 0x18;
    int SEQUENCE = 0x30;
    int SET = 0x31;

    /** Identifier byte: 02 INTEGER, 30 SEQUENCE, 81 primitive context tag 1, A2 constructed context tag 2. */
    int tag();

    /** Primitive value. */
    record Primitive(int tag, Bytes content) implements DerNode {
        public Primitive {
            Objects.requireNonNull(content, "content");
            if (tag < 1 || tag > 0xFF || (tag & 0x20) != 0 || (tag & 0x1F) == 0x1F) {
                throw new IllegalArgumentException("primitive tag " + tag);
            }
        }

        /** The content as a signed number; for INTEGER, ENUMERATED and implicitly tagged integers. */
        public BigInteger number() {
            return new BigInteger(content.toArray());
        }
    }

    /**
     * Constructed value.
     *
     * @param wide the length has the form {@code 82 00xx} although {@code 81 xx} would be sufficient. Devices use this
     *     form for sequences of 128 to 255 bytes in the responses and alerts of CS02a to CS02g. It is preserved there,
     *     and refused in commands
     */
    record Constructed(int tag, List<DerNode> children, boolean wide) implements DerNode {
        public Constructed(int tag, List<DerNode> children) {
            this(tag, children, false);
        }

        public Constructed {
            children = List.copyOf(children);
            if (tag < 0 || tag > 0xFF || (tag & 0x20) == 0 || (tag & 0x1F) == 0x1F) {
                throw new IllegalArgumentException("constructed tag " + tag);
            }
        }
    }

    /** An X.509 certificate: the complete SEQUENCE with tag and length. */
    record Certificate(Bytes encoded) implements DerNode {
        public Certificate {
            Objects.requireNonNull(encoded, "encoded");
        }

        @Override
        public int tag() {
            return SEQUENCE;
        }
    }

    /** Children of a constructed node; empty for other nodes. */
    default List<DerNode> children() {
        return List.of();
    }

    /** The node at the path of indices. */
    default DerNode at(int... path) {
        DerNode node = this;
        for (int index : path) {
            node = node.children().get(index);
        }
        return node;
    }

    /**
     * The number of an INTEGER, ENUMERATED or implicitly tagged integer that fits in a long. Throws
     * {@link IllegalStateException} for other nodes.
     */
    default long asLong() {
        if (this instanceof Primitive p
                && p.content().length() <= 9
                && p.content().length() > 0) {
            return p.number().longValue();
        }
        throw new IllegalStateException("no number under tag " + Integer.toHexString(tag()));
    }

    /** The content bytes of a primitive node. Throws {@link IllegalStateException} for other nodes. */
    default Bytes asBytes() {
        if (this instanceof Primitive p) {
            return p.content();
        }
        throw new IllegalStateException("no primitive under tag " + Integer.toHexString(tag()));
    }

    static DerNode sequence(DerNode... children) {
        return new Constructed(SEQUENCE, List.of(children));
    }

    static DerNode sequence(List<? extends DerNode> children) {
        return new Constructed(SEQUENCE, List.copyOf(children));
    }

    static DerNode integer(long value) {
        return new Primitive(INTEGER, Bytes.window(BigInteger.valueOf(value).toByteArray()));
    }

    /** An unsigned 64-bit number as a minimal INTEGER, the form of Originator Counters. */
    static DerNode unsigned(long value) {
        return new Primitive(INTEGER, Bytes.window(unsignedNumber(value).toByteArray()));
    }

    /** An unsigned 64-bit number under an implicit context tag such as 83. */
    static DerNode unsigned(int tag, long value) {
        return new Primitive(tag, Bytes.window(unsignedNumber(value).toByteArray()));
    }

    static DerNode enumerated(long value) {
        return new Primitive(ENUMERATED, Bytes.window(BigInteger.valueOf(value).toByteArray()));
    }

    static DerNode octets(Bytes bytes) {
        return new Primitive(OCTET_STRING, bytes);
    }

    /** BIT STRING from its content: the byte with the number of unused bits, and the bits. */
    static DerNode bits(Bytes content) {
        return new Primitive(BIT_STRING, content);
    }

    /** GeneralizedTime from its text, {@code YYYYMMDDhhmmssZ}. */
    static DerNode time(String text) {
        return new Primitive(GENERALIZED_TIME, Bytes.ofText(text));
    }

    static DerNode nothing() {
        return new Primitive(NULL, Bytes.EMPTY);
    }

    private static BigInteger unsignedNumber(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }
}
