package org.postern.gbcs.internal;

import java.util.Arrays;
import org.postern.gbcs.Bytes;

/** Writes to a byte array that grows as needed. */
final class ByteWriter {

    private byte[] array = new byte[256];
    private int size;

    private void ensureSpace(int more) {
        if (size + more > array.length) {
            array = Arrays.copyOf(array, Math.max(size + more, array.length * 2));
        }
    }

    int size() {
        return size;
    }

    ByteWriter u8(int value) {
        ensureSpace(1);
        array[size++] = (byte) value;
        return this;
    }

    ByteWriter number(long value, int bytes) {
        ensureSpace(bytes);
        for (int i = bytes - 1; i >= 0; i--) {
            array[size++] = (byte) (value >> 8 * i);
        }
        return this;
    }

    ByteWriter bytes(Bytes bytes) {
        ensureSpace(bytes.length());
        bytes.copyTo(array, size);
        size += bytes.length();
        return this;
    }

    ByteWriter zeros(int count) {
        ensureSpace(count);
        size += count;
        return this;
    }

    ByteWriter append(ByteWriter other) {
        ensureSpace(other.size);
        System.arraycopy(other.array, 0, array, size, other.size);
        size += other.size;
        return this;
    }

    /** A BER length or count in the fewest bytes. */
    ByteWriter ber(int value) {
        if (value < 0x80) {
            return u8(value);
        }
        int bytes = value < 0x100 ? 1 : value < 0x1_0000 ? 2 : value < 0x100_0000 ? 3 : 4;
        return u8(0x80 | bytes).number(value, bytes);
    }

    byte[] toArray() {
        return Arrays.copyOf(array, size);
    }
}
