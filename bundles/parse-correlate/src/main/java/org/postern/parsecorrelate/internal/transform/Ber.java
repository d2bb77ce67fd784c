package org.postern.parsecorrelate.internal.transform;

/** Lengths and counts in BER and DER: the short form below 128, otherwise the long form with the fewest bytes. */
final class Ber {

    private Ber() {}

    static byte[] length(int length) {
        if (length < 0x80) {
            return new byte[] {(byte) length};
        }
        if (length < 0x100) {
            return new byte[] {(byte) 0x81, (byte) length};
        }
        if (length < 0x10000) {
            return new byte[] {(byte) 0x82, (byte) (length >> 8), (byte) length};
        }
        return new byte[] {(byte) 0x83, (byte) (length >> 16), (byte) (length >> 8), (byte) length};
    }
}
