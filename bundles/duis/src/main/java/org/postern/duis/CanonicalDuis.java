package org.postern.duis;

import java.util.Arrays;
import org.postern.duis.internal.CanonicalWriter;

/**
 * An unsigned DUIS document that is already in canonical form. Only {@link DuisWriter} creates it. The digest of a
 * signature is therefore the SHA-256 of these bytes, without canonicalisation.
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

    /** The buffer itself, for {@link DuisSigner}, which only reads it: the document, followed by unused bytes. */
    byte[] shared() {
        return bytes;
    }

    /** Length of the document in bytes. */
    int length() {
        return length;
    }

    @Override
    public String toString() {
        return "CanonicalDuis[" + length + " bytes]";
    }
}
