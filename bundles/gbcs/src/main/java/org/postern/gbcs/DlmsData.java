package org.postern.gbcs;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * One DLMS data value (IEC 62056-6-2, Data). All differences between possible encodings are preserved, so encoding
 * returns the original bytes.
 */
public sealed interface DlmsData {

    /** The tag of its encoding. */
    DlmsTag tag();

    /** Null data. */
    record Null() implements DlmsData {
        /**
         * The only instance. It is not a constant of the interface, because two threads that initialise the interface
         * and this record at the same time would be deadlocked.
         */
        public static final DlmsData VALUE = new Null();

        @Override
        public DlmsTag tag() {
            return DlmsTag.NULL;
        }
    }

    /** Array: elements of one type. */
    record Array(List<DlmsData> elements) implements DlmsData {
        public Array {
            elements = List.copyOf(elements);
        }

        @Override
        public DlmsTag tag() {
            return DlmsTag.ARRAY;
        }
    }

    /** Structure: elements of any types. */
    record Structure(List<DlmsData> elements) implements DlmsData {
        public Structure {
            elements = List.copyOf(elements);
        }

        @Override
        public DlmsTag tag() {
            return DlmsTag.STRUCTURE;
        }
    }

    /**
     * Boolean.
     *
     * @param raw the encoded byte: 0 is false, any other value true; GBCS uses FF for true
     */
    record Bool(int raw) implements DlmsData {
        public Bool {
            if (raw < 0 || raw > 0xFF) {
                throw new IllegalArgumentException("boolean byte " + raw);
            }
        }

        public boolean value() {
            return raw != 0;
        }

        @Override
        public DlmsTag tag() {
            return DlmsTag.BOOLEAN;
        }
    }

    /** Bit string, most significant bit first, zero padded to whole bytes. */
    record BitString(int bits, Bytes bytes) implements DlmsData {
        public BitString {
            if (bits < 0 || bytes.length() != (bits + 7) / 8) {
                throw new IllegalArgumentException(bits + " bits in " + bytes.length() + " bytes");
            }
            if (bits % 8 != 0 && (bytes.at(bytes.length() - 1) & 0xFF >> bits % 8) != 0) {
                throw new IllegalArgumentException("padding bits must be zero");
            }
        }

        /** The bit at the index, counted from the most significant of the first byte. */
        public boolean bit(int index) {
            Objects.checkIndex(index, bits);
            return (bytes.at(index / 8) & 0x80 >> index % 8) != 0;
        }

        @Override
        public DlmsTag tag() {
            return DlmsTag.BIT_STRING;
        }
    }

    /**
     * Integer, enumeration or BCD. A UINT64 is stored in two's complement: read it with
     * {@link Long#toUnsignedString(long)}.
     */
    record Whole(DlmsTag tag, long value) implements DlmsData {
        public Whole {
            if (!tag.whole()) {
                throw new IllegalArgumentException(tag + " is not a whole number");
            }
            int bits = tag.size() * 8;
            if (bits < 64
                    && (tag.signed()
                            ? value < -(1L << bits - 1) || value >= 1L << bits - 1
                            : value < 0 || value >= 1L << bits)) {
                throw new IllegalArgumentException(value + " does not fit " + tag);
            }
        }
    }

    /**
     * Octet string, visible string or UTF-8 string; and the raw bytes of FLOAT32, FLOAT64, DATE_TIME, DATE and TIME.
     */
    record Octets(DlmsTag tag, Bytes bytes) implements DlmsData {
        public Octets {
            Objects.requireNonNull(bytes, "bytes");
            boolean text = tag == DlmsTag.OCTET_STRING || tag == DlmsTag.VISIBLE_STRING || tag == DlmsTag.UTF8_STRING;
            boolean fixed = tag == DlmsTag.FLOAT32
                    || tag == DlmsTag.FLOAT64
                    || tag == DlmsTag.DATE_TIME
                    || tag == DlmsTag.DATE
                    || tag == DlmsTag.TIME;
            if (!text && !(fixed && bytes.length() == tag.size())) {
                throw new IllegalArgumentException(bytes.length() + " bytes as " + tag);
            }
        }

        /** The bytes read as UTF-8. */
        public String text() {
            return bytes.text(StandardCharsets.UTF_8);
        }
    }

    /**
     * Compact array: one type description and values without tags.
     *
     * @param type type of each element
     * @param contents the packed values
     * @param elements the values, decoded
     */
    record CompactArray(TypeDescription type, Bytes contents, List<DlmsData> elements) implements DlmsData {
        public CompactArray {
            elements = List.copyOf(elements);
        }

        @Override
        public DlmsTag tag() {
            return DlmsTag.COMPACT_ARRAY;
        }
    }

    /**
     * Type of a compact array's elements.
     *
     * @param tag the tag
     * @param count number of elements where the tag is ARRAY
     * @param inner one description where the tag is ARRAY, one per element where it is STRUCTURE, otherwise none
     */
    record TypeDescription(DlmsTag tag, int count, List<TypeDescription> inner) {
        public TypeDescription {
            inner = List.copyOf(inner);
            if (tag == DlmsTag.COMPACT_ARRAY
                    || tag == DlmsTag.ARRAY && inner.size() != 1
                    || tag != DlmsTag.ARRAY && tag != DlmsTag.STRUCTURE && !inner.isEmpty()
                    || tag != DlmsTag.ARRAY && count != 0
                    || count < 0
                    || count > 0xFFFF) {
                throw new IllegalArgumentException("type description of " + tag);
            }
        }
    }

    /** Elements of an array, structure or compact array; empty for other values. */
    default List<DlmsData> elements() {
        return List.of();
    }

    /** The element at the path of indices: {@code at(1, 0)} is the first of the second. */
    default DlmsData at(int... path) {
        DlmsData data = this;
        for (int index : path) {
            data = data.elements().get(index);
        }
        return data;
    }

    /** True for null data. */
    default boolean isNull() {
        return this instanceof Null;
    }

    /**
     * The number of a {@link Whole}, or 0 and 1 of a {@link Bool}. Throws {@link IllegalStateException} for anything
     * else.
     */
    default long asLong() {
        if (this instanceof Whole w) {
            return w.value();
        }
        if (this instanceof Bool b) {
            return b.value() ? 1 : 0;
        }
        throw new IllegalStateException(tag() + " is not a number");
    }

    /** The bytes of {@link Octets} or {@link BitString}. Throws {@link IllegalStateException} for other values. */
    default Bytes asBytes() {
        if (this instanceof Octets o) {
            return o.bytes();
        }
        if (this instanceof BitString b) {
            return b.bytes();
        }
        throw new IllegalStateException(tag() + " contains no bytes");
    }

    static DlmsData array(DlmsData... elements) {
        return new Array(List.of(elements));
    }

    static Structure structure(DlmsData... elements) {
        return new Structure(List.of(elements));
    }

    /** False is encoded as 00, true as FF. */
    static DlmsData bool(boolean value) {
        return new Bool(value ? 0xFF : 0);
    }

    static DlmsData i8(long value) {
        return new Whole(DlmsTag.INT8, value);
    }

    static DlmsData i16(long value) {
        return new Whole(DlmsTag.INT16, value);
    }

    static DlmsData i32(long value) {
        return new Whole(DlmsTag.INT32, value);
    }

    static DlmsData i64(long value) {
        return new Whole(DlmsTag.INT64, value);
    }

    static DlmsData u8(long value) {
        return new Whole(DlmsTag.UINT8, value);
    }

    static DlmsData u16(long value) {
        return new Whole(DlmsTag.UINT16, value);
    }

    static DlmsData u32(long value) {
        return new Whole(DlmsTag.UINT32, value);
    }

    static DlmsData u64(long value) {
        return new Whole(DlmsTag.UINT64, value);
    }

    static DlmsData enumeration(long value) {
        return new Whole(DlmsTag.ENUM, value);
    }

    static DlmsData octets(Bytes bytes) {
        return new Octets(DlmsTag.OCTET_STRING, bytes);
    }

    static DlmsData octets(byte... bytes) {
        return new Octets(DlmsTag.OCTET_STRING, Bytes.of(bytes));
    }

    /** Octet string from hex digits. */
    static DlmsData octetsHex(String hex) {
        return new Octets(DlmsTag.OCTET_STRING, Bytes.ofHex(hex));
    }

    static DlmsData visible(String text) {
        return new Octets(DlmsTag.VISIBLE_STRING, Bytes.ofText(text));
    }

    static DlmsData utf8(String text) {
        return new Octets(DlmsTag.UTF8_STRING, Bytes.ofText(text));
    }

    static DlmsData date(DlmsDateTime time) {
        return new Octets(DlmsTag.OCTET_STRING, time.bytes());
    }

    /** Bit string from a text of 0 and 1. */
    static DlmsData bits(String zerosAndOnes) {
        byte[] b = new byte[(zerosAndOnes.length() + 7) / 8];
        for (int i = 0; i < zerosAndOnes.length(); i++) {
            if (zerosAndOnes.charAt(i) == '1') {
                b[i / 8] |= (byte) (0x80 >> i % 8);
            }
        }
        return new BitString(zerosAndOnes.length(), Bytes.window(b));
    }
}
