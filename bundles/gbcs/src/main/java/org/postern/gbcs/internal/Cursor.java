package org.postern.gbcs.internal;

import org.postern.gbcs.Bytes;
import org.postern.gbcs.DecodeLimits;
import org.postern.gbcs.GbcsFault;
import org.postern.gbcs.GbcsRefusal;

/**
 * Reads a message sequentially, never beyond the end of the current container, and checks the number of steps, nodes
 * and levels against the limits. Not thread-safe; one instance reads one message.
 */
final class Cursor {

    private final Bytes bytes;
    private final DecodeLimits limits;
    private int position;
    private int end;
    private int depth;
    private int nodes;
    private long steps;

    Cursor(Bytes bytes, DecodeLimits limits) {
        this.bytes = bytes;
        this.limits = limits;
        this.end = bytes.length();
        if (bytes.length() > limits.maxMessageBytes()) {
            throw refuse(
                    GbcsFault.BEYOND_LIMIT,
                    0,
                    "at most " + limits.maxMessageBytes() + " bytes",
                    bytes.length() + " bytes");
        }
    }

    int position() {
        return position;
    }

    int remaining() {
        return end - position;
    }

    long steps() {
        return steps;
    }

    private void step() {
        if (++steps > limits.maxSteps()) {
            throw refuse(
                    GbcsFault.BEYOND_LIMIT,
                    position,
                    "at most " + limits.maxSteps() + " decoding steps",
                    "there are more");
        }
    }

    /** Counts one node of the tree. */
    void node() {
        if (++nodes > limits.maxElements()) {
            throw refuse(
                    GbcsFault.BEYOND_LIMIT,
                    position,
                    "at most " + limits.maxElements() + " elements",
                    "there are more");
        }
    }

    void down() {
        if (++depth > limits.maxDepth()) {
            throw refuse(
                    GbcsFault.BEYOND_LIMIT,
                    position,
                    "nested at most " + limits.maxDepth() + " deep",
                    "the nesting is deeper");
        }
    }

    void up() {
        depth--;
    }

    int peek() {
        return peek(0);
    }

    /** The byte at the given distance, or -1 where the container ends before it. */
    int peek(int ahead) {
        return ahead < end - position ? bytes.at(position + ahead) : -1;
    }

    int u8(String what) {
        step();
        need(1, what);
        return bytes.at(position++);
    }

    int u16(String what) {
        return (int) number(2, what);
    }

    long u32(String what) {
        return number(4, what);
    }

    long number(int size, String what) {
        step();
        need(size, what);
        long value = bytes.number(position, size);
        position += size;
        return value;
    }

    Bytes bytes(int size, String what) {
        step();
        need(size, what);
        Bytes part = bytes.slice(position, size);
        position += size;
        return part;
    }

    void expect(int value, String what) {
        int at = position;
        int found = u8(what);
        if (found != value) {
            throw refuse(GbcsFault.BROKEN, at, String.format("%s is %02X", what, value), String.format("%02X", found));
        }
    }

    /** A BER length or count in the fewest bytes; refused where it does not fit in an int. */
    int ber(String what) {
        int at = position;
        int first = u8(what);
        if (first < 0x80) {
            return first;
        }
        int size = first & 0x7F;
        if (size == 0 || size > 4) {
            throw refuse(
                    GbcsFault.BROKEN,
                    at,
                    what + " is definite and in at most four bytes",
                    String.format("%02X", first));
        }
        long value = number(size, what);
        if (value < 0x80 || size > 1 && value < 1L << 8 * (size - 1)) {
            throw refuse(
                    GbcsFault.NOT_CANONICAL, at, what + " in the fewest bytes", value + " in " + (size + 1) + " bytes");
        }
        if (value > Integer.MAX_VALUE) {
            throw refuse(GbcsFault.BEYOND_LIMIT, at, what + " below 2^31", Long.toString(value));
        }
        return (int) value;
    }

    /** A BER length that must not exceed the rest of the container. */
    int length(String what) {
        int at = position;
        int length = ber(what);
        if (length > remaining()) {
            throw refuse(
                    GbcsFault.BROKEN,
                    at,
                    what + " stays inside its container",
                    length + " where " + remaining() + " bytes are left");
        }
        return length;
    }

    /** A number of elements that have at least {@code smallest} bytes each. */
    int count(String what, int smallest) {
        int at = position;
        int count = ber(what);
        if (count > limits.maxElements()) {
            throw refuse(
                    GbcsFault.BEYOND_LIMIT,
                    at,
                    "at most " + limits.maxElements() + " elements",
                    Integer.toString(count));
        }
        if ((long) count * smallest > remaining()) {
            throw refuse(
                    GbcsFault.BROKEN,
                    at,
                    what + " stays inside its container",
                    count + " where " + remaining() + " bytes are left");
        }
        return count;
    }

    /** Returns to an earlier position, to read bytes again. */
    void back(int earlier) {
        position = earlier;
    }

    /** Makes the next {@code length} bytes the current container. The result is passed to {@link #close}. */
    int open(int length, String what) {
        need(length, what);
        int outer = end;
        end = position + length;
        return outer;
    }

    /** Leaves the container, which has to be read completely. */
    void close(int outer, String what) {
        done(what);
        end = outer;
    }

    void done(String what) {
        if (position != end) {
            throw refuse(
                    GbcsFault.BYTES_LEFT_OVER,
                    position,
                    what + " ends with its last field",
                    remaining() + " bytes left over");
        }
    }

    private void need(int size, String what) {
        if (size > end - position) {
            throw refuse(
                    GbcsFault.BROKEN, position, what + " takes " + size + " bytes", (end - position) + " are left");
        }
    }

    GbcsRefusal refuse(GbcsFault kind, int offset, String rule, String cause) {
        return new GbcsRefusal(kind, offset, rule, cause);
    }

    GbcsRefusal unknown(int offset, String rule, int found) {
        return new GbcsRefusal(GbcsFault.UNKNOWN_KIND, offset, rule, String.format("%02X", found));
    }
}
