package org.postern.duis;

import org.postern.duis.internal.CanonicalWriter;

/**
 * An unsigned DUIS document whose bytes are their own canonical form, as only {@link DuisWriter} makes it: what a
 * signature covers is then the SHA-256 of these bytes, and nothing needs to be canonicalised to sign.
 */
public final class CanonicalDuis {

    private final byte[] bytes;

    CanonicalDuis(CanonicalWriter writer) {
        this.bytes = writer.toArray();
    }

    /** The document: UTF-8, no XML declaration, no white space between elements. */
    public byte[] toArray() {
        return bytes.clone();
    }

    /** For {@link DuisSigner}, which only reads. */
    byte[] shared() {
        return bytes;
    }

    @Override
    public String toString() {
        return "CanonicalDuis[" + bytes.length + " bytes]";
    }
}
