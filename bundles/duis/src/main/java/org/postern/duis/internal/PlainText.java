package org.postern.duis.internal;

import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * The octets of a document with a position in them, and the digest of its canonical form: octets that are canonical as
 * they stand go into the digest range by range, without a copy.
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

    /** What an octet may be: part of a name is part of a text, too. Zero: not plain, or markup. */
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

    /** The octet at the position; not plain at the end. */
    int peek() {
        if (at >= xml.length) {
            throw NotPlain.INSTANCE;
        }
        return xml[at];
    }

    /** The octet that follows the one at the position. */
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

    /** Passes the octet, which must be that one. */
    void expect(int octet) {
        if (peek() != octet) {
            throw NotPlain.INSTANCE;
        }
        at++;
    }

    /** Passes those octets, which must be there. */
    void expect(byte[] octets) {
        if (!skips(octets)) {
            throw NotPlain.INSTANCE;
        }
    }

    /** Passes those octets if they are there. */
    boolean skips(byte[] octets) {
        return skips(octets, 0, octets.length);
    }

    /** Passes the octets of that range if they are there. */
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

    /** Passes blanks, if there are any. */
    void skipBlanks() {
        while (at < xml.length && KINDS[xml[at] & 0xFF] == BLANK) {
            at++;
        }
    }

    /** Passes a name without a colon. */
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
     * Passes text up to the next markup.
     *
     * @return whether it was blank all along
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

    /** Passes {@code ="value"}; the value stands between the two positions before the closing quote. */
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

    /** Leaves the octets up to the position out of the digest, for whatever is put in instead. */
    void leaveOut() {
        undigested = at;
    }

    /** Takes the octets up to there into the digest as they stand. */
    void digestUpTo(int end) {
        if (digest != null) {
            digest.update(xml, undigested, end - undigested);
        }
        undigested = end;
    }

    /** Takes octets into the digest that are not in the document in this form. */
    void digestInstead(byte[] octets, int from, int length) {
        if (digest != null) {
            digest.update(octets, from, length);
        }
    }
}
