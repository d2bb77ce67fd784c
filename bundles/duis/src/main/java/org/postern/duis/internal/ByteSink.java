package org.postern.duis.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Sha256;

/** Takes the UTF-8 octets of a canonical form: into a digest, or into an array. */
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

    /** Octets that are in the buffer: all of them where it collects. */
    int length() {
        return length;
    }

    void write(int octet) {
        if (length == buffer.length) {
            room(1);
        }
        buffer[length++] = (byte) octet;
    }

    /** Makes room for that many octets, which may be more than the buffer holds. */
    private void room(int more) {
        if (digest != null) {
            digest.update(buffer, 0, length);
            length = 0;
        }
        if (more > buffer.length - length) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + more));
        }
    }

    void octets(byte[] octets) {
        if (octets.length > buffer.length - length) {
            if (digest != null && octets.length > buffer.length) {
                room(0);
                digest.update(octets);
                return;
            }
            room(octets.length);
        }
        System.arraycopy(octets, 0, buffer, length, octets.length);
        length += octets.length;
    }

    void ascii(String text) {
        int more = text.length();
        if (more > buffer.length - length) {
            room(more);
        }
        byte[] target = buffer;
        int at = length;
        for (int i = 0; i < more; i++) {
            target[at + i] = (byte) text.charAt(i);
        }
        length = at + more;
    }

    /**
     * Takes characters from there on as long as they are printable ASCII and none of markup's four, and, into a digest,
     * as long as the buffer holds them.
     *
     * @return where it stopped: the length where all of them were taken
     */
    int plain(String text, int from) {
        int more = text.length() - from;
        if (digest != null) {
            more = Math.min(more, buffer.length);
        }
        if (more > buffer.length - length) {
            room(more);
        }
        byte[] target = buffer;
        int at = length - from;
        int end = from + more;
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
     * Takes a name: letters, digits and the three marks that names of DUIS may have, no digit or mark but the
     * underscore first.
     *
     * @return false where it is none; what was taken is then of no use
     */
    boolean name(String name) {
        int more = name.length();
        if (more > buffer.length - length) {
            room(more);
        }
        byte[] target = buffer;
        int at = length;
        for (int i = 0; i < more; i++) {
            char c = name.charAt(i);
            boolean start = c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '_';
            if (!start && (i == 0 || !(c >= '0' && c <= '9' || c == '.' || c == '-'))) {
                return false;
            }
            target[at + i] = (byte) c;
        }
        length = at + more;
        return more > 0;
    }

    /** Takes once more what it collected between the two places. */
    void again(int from, int to) {
        int more = to - from;
        if (more > buffer.length - length) {
            room(more);
        }
        System.arraycopy(buffer, from, buffer, length, more);
        length += more;
    }

    /** One code point that needs no escape. */
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

    /** A number in four octets, the most significant first. */
    void number(int value) {
        write(value >>> 24);
        write(value >>> 16);
        write(value >>> 8);
        write(value);
    }

    /** A text in UTF-8 as {@link String#getBytes} makes it, led by the number of its octets. */
    void counted(String text) {
        int places = Integer.BYTES + text.length();
        if (places <= buffer.length) {
            if (places > buffer.length - length) {
                room(places);
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
        MessageDigest sink = Objects.requireNonNull(digest, "a collector makes no digest");
        sink.update(buffer, 0, length);
        length = 0;
        return sink.digest();
    }

    /** The buffer itself, for a collector that takes no more. */
    byte[] shared() {
        return buffer;
    }

    byte[] toArray() {
        return Arrays.copyOf(buffer, length);
    }
}
