package org.postern.parsecorrelate.internal.transform;

/** Length of a DER object from its first bytes. */
final class DerLength {

    private DerLength() {}

    /** Length of tag, length and value together, or -1 if the length cannot be read. */
    static int total(byte[] der) {
        int first = der[1] & 0xFF;
        if (first < 0x80) {
            return 2 + first;
        }
        int bytes = first & 0x7F;
        if (bytes == 0 || bytes > 3 || der.length < 2 + bytes) {
            return -1;
        }
        int length = 0;
        for (int i = 0; i < bytes; i++) {
            length = length << 8 | der[2 + i] & 0xFF;
        }
        return 2 + bytes + length;
    }
}
