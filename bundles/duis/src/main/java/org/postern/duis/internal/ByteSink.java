package org.postern.duis.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Sha256;

/** Receives the UTF-8 octets of a canonical form and adds them to a digest or to an array. */
final class ByteSink {

    private final @Nullable MessageDigest digest;
    private byte[] buffer;
    private int length;

    private ByteSink(@Nullable MessageDigest digest, int size) {
        this.digest = digest;
        this.buffer = new byte[size];
    }

    static ByteSink digesting() {
        return new ByteSink(Sha256.start(), 4096);
    }

    static ByteSink collecting() {
        return new ByteSink(null, 4096);
    }

    /** Number of octets in the buffer: of all octets, if they are collected. */
    int length() {
        return length;
    }

    void write(int octet) {
        if (length == buffer.length) {
            makeSpace(1);
        }
        buffer[length++] = (byte) octet;
    }

    /** Makes space for this number of octets, which may exceed the size of the buffer. */
    private void makeSpace(int count) {
        if (digest != null) {
            digest.update(buffer, 0, length);
            length = 0;
        }
        if (count > buffer.length - length) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + count));
        }
    }

    void octets(byte[] octets) {
        if (octets.length > buffer.length - length) {
            if (digest != null && octets.length > buffer.length) {
                makeSpace(0);
                digest.update(octets);
                return;
            }
            makeSpace(octets.length);
        }
        System.arraycopy(octets, 0, buffer, length, octets.length);
        length += octets.length;
    }

    void ascii(String text) {
        int count = text.length();
        if (count > buffer.length - length) {
            makeSpace(count);
        }
        byte[] target = buffer;
        int at = length;
        for (int i = 0; i < count; i++) {
            target[at + i] = (byte) text.charAt(i);
        }
        length = at + count;
    }

    /**
     * Adds characters from an index on, as long as they are printable ASCII and not one of {@code & < > "}. For a
     * digest, it also stops when the buffer is full.
     *
     * @return index of the first character that was not added; the length of the text where all were added
     */
    int plain(String text, int from) {
        int count = text.length() - from;
        if (digest != null) {
            count = Math.min(count, buffer.length);
        }
        if (count > buffer.length - length) {
            makeSpace(count);
        }
        byte[] target = buffer;
        int at = length - from;
        int end = from + count;
        int i = from;
        for (; i < end; i++) {
            char c = text.charAt(i);
            if (c < ' ' || c >= 0x7F || c == '&' || c == '<' || c == '>' || c == '"') {
                break;
            }
            target[at + i] = (byte) c;
        }
        length = at + i;
        return i;
    }

    /**
     * Adds a name. It consists of letters, digits and the characters {@code _ . -}, and begins with a letter or an
     * underscore.
     *
     * @return false where the text is not such a name; the content of the sink is then undefined
     */
    boolean name(String name) {
        int count = name.length();
        if (count > buffer.length - length) {
            makeSpace(count);
        }
        byte[] target = buffer;
        int at = length;
        for (int i = 0; i < count; i++) {
            char c = name.charAt(i);
            boolean start = c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '_';
            if (!start && (i == 0 || !(c >= '0' && c <= '9' || c == '.' || c == '-'))) {
                return false;
            }
            target[at + i] = (byte) c;
        }
        length = at + count;
        return count > 0;
    }

    /** Adds again the octets between the two positions. */
    void repeat(int from, int to) {
        int count = to - from;
        if (count > buffer.length - length) {
            makeSpace(count);
        }
        System.arraycopy(buffer, from, buffer, length, count);
        length += count;
    }

    /** Adds one code point that needs no escape. */
    void codePoint(int c) {
        if (c < 0x80) {
            write(c);
        } else if (c < 0x800) {
            write(0xC0 | c >> 6);
            write(0x80 | c & 0x3F);
        } else if (c < 0x10000) {
            write(0xE0 | c >> 12);
            write(0x80 | c >> 6 & 0x3F);
            write(0x80 | c & 0x3F);
        } else {
            write(0xF0 | c >> 18);
            write(0x80 | c >> 12 & 0x3F);
            write(0x80 | c >> 6 & 0x3F);
            write(0x80 | c & 0x3F);
        }
    }

    void text(String text) {
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            codePoint(c);
            i += Character.charCount(c);
        }
    }

    /** Adds a number as four octets, the most significant first. */
    void number(int value) {
        write(value >>> 24);
        write(value >>> 16);
        write(value >>> 8);
        write(value);
    }

    /** Adds a text in UTF-8, encoded as by {@link String#getBytes}, preceded by the number of its octets. */
    void lengthPrefixed(String text) {
        int places = Integer.BYTES + text.length();
        if (places <= buffer.length) {
            if (places > buffer.length - length) {
                makeSpace(places);
            }
            int start = length;
            number(text.length());
            if (plain(text, 0) == text.length()) {
                return;
            }
            length = start;
        }
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        number(octets.length);
        octets(octets);
    }

    byte[] digestValue() {
        MessageDigest sink = Objects.requireNonNull(digest, "a sink that collects has no digest");
        sink.update(buffer, 0, length);
        length = 0;
        return sink.digest();
    }

    /** The buffer itself; nothing may be added afterwards. */
    byte[] shared() {
        return buffer;
    }

    byte[] toArray() {
        return Arrays.copyOf(buffer, length);
    }
}
