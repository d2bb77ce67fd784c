package org.postern.duis;

import java.util.Arrays;
import org.postern.duis.internal.CanonicalWriter;

/**
 * An unsigned DUIS document whose bytes are their own canonical form, as only {@link DuisWriter} makes it: what a
 * signature covers is then the SHA-256 of these bytes, and nothing needs to be canonicalised to sign.
 */
public final class CanonicalDuis {

    private final byte[] bytes;
    private final int length;

    CanonicalDuis(CanonicalWriter writer) {
        this.bytes = writer.shared();
        this.length = writer.length();
    }

    /** The document: UTF-8, no XML declaration, no white space between elements. */
    public byte[] toArray() {
        return Arrays.copyOf(bytes, length);
    }

    /** For {@link DuisSigner}, which only reads: the document, and room behind it. */
    byte[] shared() {
        return bytes;
    }

    /** How many bytes the document has. */
    int length() {
        return length;
    }

    @Override
    public String toString() {
        return "CanonicalDuis[" + length + " bytes]";
    }
}
