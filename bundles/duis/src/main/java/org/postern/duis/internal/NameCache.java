package org.postern.duis.internal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Names met before, so that their strings need not be made again. It holds a fixed number of them, each in the one
 * place that its hash gives it: foreign names displace others and can neither fill memory nor slow a look-up down. Safe
 * for many threads: an entry never changes, and one that is displaced at the wrong moment is only made anew.
 */
final class NameCache {

    private static final int PLACES = 1024;
    private static final int LONGEST = 80;

    private static final class Entry {
        private final byte[] octets;
        private final String name;

        private Entry(byte[] octets) {
            this.octets = octets;
            this.name = new String(octets, StandardCharsets.ISO_8859_1);
        }
    }

    private final Entry[] entries = new Entry[PLACES];

    /** The ASCII octets of the range as a string; {@code hash} is any function of them. */
    String name(byte[] source, int from, int to, int hash) {
        int place = (hash ^ hash >>> 16) & PLACES - 1;
        Entry entry = entries[place];
        if (entry == null || !Arrays.equals(entry.octets, 0, entry.octets.length, source, from, to)) {
            entry = new Entry(Arrays.copyOfRange(source, from, to));
            if (to - from <= LONGEST) {
                entries[place] = entry;
            }
        }
        return entry.name;
    }
}
