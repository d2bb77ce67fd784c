package org.postern.duis.internal;

import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * The octets of a document with a current position, and the digest of its canonical form. Octets that are already
 * canonical are added to the digest in ranges, without copying.
 */
final class PlainText {

    private static final byte TEXT = 1;
    private static final byte BLANK = 2;
    private static final byte NAME = 3;
    private static final byte NAME_START = 4;
    private static final byte[] KINDS = kinds();

    private final byte[] xml;
    private final @Nullable MessageDigest digest;
    /** Next octet to be read. */
    private int at;
    /** First octet that is not in the digest yet. */
    private int undigested;
    /** Hash of the name read last. */
    private int hash;

    PlainText(byte[] xml, @Nullable MessageDigest digest) {
        this.xml = xml;
        this.digest = digest;
    }

    /** The kind of each octet. The kinds of names may also occur in text. Zero: markup, or not plain. */
    private static byte[] kinds() {
        byte[] kinds = new byte[256];
        for (int c = 0x21; c < 0x7F; c++) {
            kinds[c] = TEXT;
        }
        kinds['<'] = 0;
        kinds['>'] = 0;
        kinds['&'] = 0;
        kinds[' '] = BLANK;
        kinds['\n'] = BLANK;
        kinds['\t'] = BLANK;
        for (int c = 0; c < 26; c++) {
            kinds['A' + c] = NAME_START;
            kinds['a' + c] = NAME_START;
        }
        for (int c = '0'; c <= '9'; c++) {
            kinds[c] = NAME;
        }
        kinds['_'] = NAME_START;
        kinds['-'] = NAME;
        kinds['.'] = NAME;
        return kinds;
    }

    byte[] octets() {
        return xml;
    }

    int at() {
        return at;
    }

    int hash() {
        return hash;
    }

    /** The octet at the position; {@link NotPlain} at the end of the document. */
    int peek() {
        if (at >= xml.length) {
            throw NotPlain.INSTANCE;
        }
        return xml[at];
    }

    /** The octet after the position. */
    int peekSecond() {
        if (at + 1 >= xml.length) {
            throw NotPlain.INSTANCE;
        }
        return xml[at + 1];
    }

    boolean ended() {
        return at == xml.length;
    }

    void skip(int octets) {
        at += octets;
    }

    /** Skips the octet at the position, which has to be this one. */
    void expect(int octet) {
        if (peek() != octet) {
            throw NotPlain.INSTANCE;
        }
        at++;
    }

    /** Skips these octets, which have to be at the position. */
    void expect(byte[] octets) {
        if (!skips(octets)) {
            throw NotPlain.INSTANCE;
        }
    }

    /** Skips these octets if they are at the position. */
    boolean skips(byte[] octets) {
        return skips(octets, 0, octets.length);
    }

    /** Skips the octets of this range if they are at the position. */
    boolean skips(byte[] octets, int from, int to) {
        int length = to - from;
        if (length > xml.length - at) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (xml[at + i] != octets[from + i]) {
                return false;
            }
        }
        at += length;
        return true;
    }

    /** Skips white space, if there is any. */
    void skipBlanks() {
        while (at < xml.length && KINDS[xml[at] & 0xFF] == BLANK) {
            at++;
        }
    }

    /** Skips a name without a colon. */
    void skipName() {
        int i = at;
        if (i >= xml.length || KINDS[xml[i] & 0xFF] != NAME_START) {
            throw NotPlain.INSTANCE;
        }
        int sum = 0;
        while (i < xml.length && KINDS[xml[i] & 0xFF] >= NAME) {
            sum = 31 * sum + xml[i++];
        }
        hash = sum;
        at = i;
    }

    /**
     * Skips text up to the next markup.
     *
     * @return whether all of it was white space
     */
    boolean skipText() {
        skipBlanks();
        int i = at;
        while (i < xml.length && KINDS[xml[i] & 0xFF] != 0) {
            i++;
        }
        boolean blank = i == at;
        at = i;
        return blank;
    }

    /**
     * Skips {@code ="value"}.
     *
     * @return position of the value, which ends before the closing quote
     */
    int skipValue() {
        expect('=');
        expect('"');
        int from = at;
        for (int c = peek(); c != '"'; c = peek()) {
            if (c < ' ' || c > '~' || c == '<' || c == '&') {
                throw NotPlain.INSTANCE;
            }
            at++;
        }
        at++;
        return from;
    }

    /** Excludes the octets up to the position from the digest; other octets can be added instead. */
    void leaveOut() {
        undigested = at;
    }

    /** Adds the octets up to this position to the digest, unchanged. */
    void digestUpTo(int end) {
        if (digest != null) {
            digest.update(xml, undigested, end - undigested);
        }
        undigested = end;
    }

    /** Adds octets to the digest that differ from those in the document. */
    void digestInstead(byte[] octets, int from, int length) {
        if (digest != null) {
            digest.update(octets, from, length);
        }
    }
}
