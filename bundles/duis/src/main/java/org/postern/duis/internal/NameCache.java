package org.postern.duis.internal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A cache of names, so that the strings of known names are reused. It has a fixed number of slots, and the hash of a
 * name determines its slot: unknown names replace others, but cannot fill the memory or slow down a look-up.
 * Thread-safe: entries are immutable, and an entry that was replaced by another thread is created again.
 */
final class NameCache {

    private static final int SLOTS = 1024;
    private static final int MAX_LENGTH = 80;

    private static final class Entry {
        private final byte[] octets;
        private final String name;

        private Entry(byte[] octets) {
            this.octets = octets;
            this.name = new String(octets, StandardCharsets.ISO_8859_1);
        }
    }

    private final Entry[] entries = new Entry[SLOTS];

    /** The ASCII octets of the range as a string. {@code hash} is any hash of these octets. */
    String name(byte[] source, int from, int to, int hash) {
        int slot = (hash ^ hash >>> 16) & SLOTS - 1;
        Entry entry = entries[slot];
        if (entry == null || !Arrays.equals(entry.octets, 0, entry.octets.length, source, from, to)) {
            entry = new Entry(Arrays.copyOfRange(source, from, to));
            if (to - from <= MAX_LENGTH) {
                entries[slot] = entry;
            }
        }
        return entry.name;
    }
}
