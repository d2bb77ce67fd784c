package org.postern.gbcs;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/**
 * An immutable sequence of bytes: a view of an array that is no longer modified. Bytes are copied on input and output,
 * except within this package, where the decoder returns views of the message that it read.
 */
public final class Bytes {

    /** No bytes. */
    public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

    final byte[] array;
    final int offset;
    final int length;

    private Bytes(byte[] array, int offset, int length) {
        this.array = array;
        this.offset = offset;
        this.length = length;
    }

    /** A copy of all the bytes. */
    public static Bytes of(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Bytes(bytes.clone(), 0, bytes.length);
    }

    /** The bytes of a text in hex; white space between pairs is permitted. */
    public static Bytes ofHex(String hex) {
        return window(HexFormat.of().parseHex(hex.replaceAll("\\s", "")));
    }

    /** The text in UTF-8, which is ASCII for ASCII text. */
    public static Bytes ofText(String text) {
        return window(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Takes ownership: the caller must not modify the array afterwards. */
    static Bytes window(byte[] array) {
        return new Bytes(array, 0, array.length);
    }

    /** Takes ownership of the range: the caller must not modify the array afterwards. */
    static Bytes window(byte[] array, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, array.length);
        return length == 0 ? EMPTY : new Bytes(array, offset, length);
    }

    /** Number of bytes. */
    public int length() {
        return length;
    }

    /** True where there are none. */
    public boolean isEmpty() {
        return length == 0;
    }

    /** The byte at the index, 0 to 255. */
    public int at(int index) {
        Objects.checkIndex(index, length);
        return array[offset + index] & 0xFF;
    }

    /** Unsigned big-endian number of 1 to 8 bytes at the index. */
    public long number(int index, int size) {
        Objects.checkFromIndexSize(index, size, length);
        long value = 0;
        for (int i = 0; i < size; i++) {
            value = value << 8 | array[offset + index + i] & 0xFF;
        }
        return value;
    }

    /** Unsigned little-endian number of 1 to 8 bytes at the index, as in ZCL payloads. */
    public long littleEndian(int index, int size) {
        Objects.checkFromIndexSize(index, size, length);
        long value = 0;
        for (int i = size - 1; i >= 0; i--) {
            value = value << 8 | array[offset + index + i] & 0xFF;
        }
        return value;
    }

    /** A part, without copying. */
    public Bytes slice(int from, int size) {
        Objects.checkFromIndexSize(from, size, length);
        return size == 0 ? EMPTY : new Bytes(array, offset + from, size);
    }

    /** All bytes from the index on, without copying. */
    public Bytes from(int index) {
        return slice(index, length - index);
    }

    /** A copy. */
    public byte[] toArray() {
        return Arrays.copyOfRange(array, offset, offset + length);
    }

    /** Copies all bytes into the target at the position. */
    public void copyTo(byte[] target, int position) {
        System.arraycopy(array, offset, target, position, length);
    }

    /** The bytes as text. */
    public String text(Charset charset) {
        return new String(array, offset, length, charset);
    }

    /** Upper-case hex digits. */
    public String hex() {
        return HexFormat.of().withUpperCase().formatHex(array, offset, offset + length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes b
                && Arrays.equals(array, offset, offset + length, b.array, b.offset, b.offset + b.length);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = 0; i < length; i++) {
            hash = 31 * hash + array[offset + i];
        }
        return hash;
    }

    /** Only the length: the bytes may be personal data, which must not be logged by accident. */
    @Override
    public String toString() {
        return length + " bytes";
    }
}
