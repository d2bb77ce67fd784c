package org.postern.duis.internal;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** Takes the UTF-8 octets of a canonical form: into a digest, or into an array. */
final class ByteSink {

    private final MessageDigest digest;
    private byte[] buffer;
    private int length;

    private ByteSink(MessageDigest digest, int size) {
        this.digest = digest;
        this.buffer = new byte[size];
    }

    static ByteSink digesting() {
        return new ByteSink(sha256(), 4096);
    }

    static ByteSink collecting() {
        return new ByteSink(null, 1024);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    void write(int octet) {
        if (length == buffer.length) {
            if (digest != null) {
                digest.update(buffer, 0, length);
                length = 0;
            } else {
                buffer = Arrays.copyOf(buffer, buffer.length * 2);
            }
        }
        buffer[length++] = (byte) octet;
    }

    void ascii(String text) {
        for (int i = 0; i < text.length(); i++) {
            write(text.charAt(i));
        }
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

    byte[] digestValue() {
        digest.update(buffer, 0, length);
        length = 0;
        return digest.digest();
    }

    byte[] toArray() {
        return Arrays.copyOf(buffer, length);
    }
}
