package org.postern.parsecorrelate.internal.mmc;

import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postern.gbcs.Bytes;

/**
 * A node of a decoded message: the same interface for DLMS data, DER and ZigBee fields, so that the same kinds of rows
 * read all three.
 */
interface Source {

    /** The node at that step, or null if there is none. A negative number counts from the end. */
    @Nullable
    Source at(String step);

    /** The node at that step. Throws {@link UnexpectedValueException} if there is none. */
    default Source require(String step) {
        Source found = at(step);
        if (found == null) {
            throw new UnexpectedValueException("element " + step + " is expected");
        }
        return found;
    }

    /** Elements of a list; empty for anything else. */
    default List<Source> list() {
        return List.of();
    }

    /** The number. Throws {@link UnexpectedValueException} if this is not a number. */
    default BigInteger number() {
        throw new UnexpectedValueException("a number is expected");
    }

    /**
     * The number, or the lowest 64 bits of a number that does not fit into a long. Throws
     * {@link UnexpectedValueException} if this is not a number.
     */
    default long whole() {
        return number().longValue();
    }

    /** True if {@link #whole} is the complete number, which is nearly always so; no BigInteger is needed then. */
    default boolean isLong() {
        return number().bitLength() < Long.SIZE;
    }

    /**
     * The bytes of a string; a number of a fixed size as its bytes, most significant first. Throws
     * {@link UnexpectedValueException}.
     */
    default Bytes bytes() {
        throw new UnexpectedValueException("bytes are expected");
    }

    /**
     * Bits of a bit string, most significant bit of the first byte first. Throws {@link UnexpectedValueException} if
     * this is not a bit string.
     */
    default boolean[] bits() {
        throw new UnexpectedValueException("bits are expected");
    }

    /** True if there is null data at that step ({@code .} for this node itself): an entry without a value. */
    default boolean isNull(String step) {
        return false;
    }

    /** True if this is a list, array, structure or sequence. */
    default boolean isList() {
        return false;
    }

    /** The number as an int. */
    default int small() {
        long n = whole();
        if (n != (int) n || !isLong()) {
            throw new UnexpectedValueException("the number is too large");
        }
        return (int) n;
    }

    /** Element of the list at the step. */
    static @Nullable Source element(List<? extends Source> list, String step) {
        int i = index(step, list.size());
        return i < 0 ? null : list.get(i);
    }

    /** The index that a step names; a negative step counts from the end; -1 if the list has no such element. */
    static int index(String step, int size) {
        boolean fromEnd = step.charAt(0) == '-';
        int value = 0;
        for (int i = fromEnd ? 1 : 0; i < step.length(); i++) {
            int digit = step.charAt(i) - '0';
            if (digit < 0 || digit > 9 || value > 100_000) {
                return -1;
            }
            value = value * 10 + digit;
        }
        int index = fromEnd ? size - value : value;
        return index >= 0 && index < size ? index : -1;
    }

    /**
     * A few fields by name, with linear search.
     *
     * @param names names of the layout; must not be modified
     * @param values values in the same positions; null if there is none
     */
    record Fields(String[] names, Source[] values) implements Source {

        @Override
        public @Nullable Source at(String step) {
            for (int i = 0; i < names.length; i++) {
                if (names[i].equals(step)) {
                    return values[i];
                }
            }
            return null;
        }

        /** Removes a field. */
        void drop(String name) {
            for (int i = 0; i < names.length; i++) {
                if (names[i].equals(name)) {
                    values[i] = null;
                }
            }
        }
    }

    /** A list made of sources. */
    record Listed(List<Source> elements) implements Source {
        @Override
        public @Nullable Source at(String step) {
            return element(elements, step);
        }

        @Override
        public List<Source> list() {
            return elements;
        }

        @Override
        public boolean isList() {
            return true;
        }
    }

    /** A number of the given size in bytes. */
    record Num(long value, int size) implements Source {

        @Override
        public @Nullable Source at(String step) {
            return null;
        }

        @Override
        public BigInteger number() {
            return BigInteger.valueOf(value);
        }

        @Override
        public long whole() {
            return value;
        }

        @Override
        public boolean isLong() {
            return true;
        }

        @Override
        public Bytes bytes() {
            byte[] b = new byte[size];
            for (int i = 0; i < size; i++) {
                b[size - 1 - i] = (byte) (value >> 8 * i);
            }
            return Bytes.of(b);
        }
    }

    /**
     * An unsigned number of eight bytes that does not fit into a long.
     *
     * @param value its bits
     */
    record Unsigned(long value) implements Source {
        @Override
        public BigInteger number() {
            return new BigInteger(Long.toUnsignedString(value));
        }

        @Override
        public Bytes bytes() {
            return new Num(value, Long.BYTES).bytes();
        }

        @Override
        public @Nullable Source at(String step) {
            return null;
        }
    }

    /** Bytes. */
    record Octets(Bytes value) implements Source {
        @Override
        public @Nullable Source at(String step) {
            return null;
        }

        @Override
        public Bytes bytes() {
            return value;
        }
    }
}
