package org.postern.parsecorrelate.internal.correlate;

import java.util.Arrays;

/**
 * The region in which two byte arrays differ: between their common prefix and their common suffix.
 *
 * @param from first byte that differs
 * @param end end of the differing part in the expected bytes
 * @param gotEnd end of the differing part in the received bytes
 * @param sameLength true if both arrays have the same length
 */
record Region(int from, int end, int gotEnd, boolean sameLength) {

    static Region of(byte[] expected, byte[] got) {
        int prefix = Arrays.mismatch(expected, got);
        if (prefix < 0) {
            return new Region(expected.length, expected.length, got.length, true);
        }
        int maxSuffix = Math.min(expected.length, got.length) - prefix;
        int suffix = 0;
        while (suffix < maxSuffix && expected[expected.length - 1 - suffix] == got[got.length - 1 - suffix]) {
            suffix++;
        }
        return new Region(prefix, expected.length - suffix, got.length - suffix, expected.length == got.length);
    }

    boolean touches(int start, int stop) {
        return start < end && stop > from;
    }

    boolean onlyAdds() {
        return end == from && gotEnd > from;
    }

    byte[] added(byte[] got) {
        return Arrays.copyOfRange(got, from, Math.max(from, gotEnd));
    }

    /** The received bytes that correspond to the expected bytes from start to stop. */
    byte[] received(byte[] got, int start, int stop) {
        if (sameLength) {
            return Arrays.copyOfRange(got, start, stop);
        }
        // positions before the difference count from the beginning, positions after it from the end
        int first = start <= from ? start : Math.min(start, gotEnd);
        int last = stop >= end ? stop + gotEnd - end : Math.min(stop, gotEnd);
        first = Math.max(0, Math.min(first, got.length));
        return Arrays.copyOfRange(got, first, Math.max(first, Math.min(last, got.length)));
    }
}
