package org.postern.gbcs.internal;

import java.util.Arrays;
import org.postern.gbcs.Bytes;

/** A growing array of bytes to write to. */
final class Out {

    private byte[] array = new byte[256];
    private int size;

    private void room(int more) {
        if (size + more > array.length) {
            array = Arrays.copyOf(array, Math.max(size + more, array.length * 2));
        }
    }

    int size() {
        return size;
    }

    Out u8(int value) {
        room(1);
        array[size++] = (byte) value;
        return this;
    }

    Out number(long value, int bytes) {
        room(bytes);
        for (int i = bytes - 1; i >= 0; i--) {
            array[size++] = (byte) (value >> 8 * i);
        }
        return this;
    }

    Out bytes(Bytes bytes) {
        room(bytes.length());
        bytes.copyTo(array, size);
        size += bytes.length();
        return this;
    }

    Out zeros(int count) {
        room(count);
        size += count;
        return this;
    }

    Out append(Out other) {
        room(other.size);
        System.arraycopy(other.array, 0, array, size, other.size);
        size += other.size;
        return this;
    }

    /** A BER length or count in the fewest bytes. */
    Out ber(int value) {
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
