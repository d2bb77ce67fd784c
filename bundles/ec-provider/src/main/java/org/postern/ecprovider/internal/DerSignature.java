package org.postern.ecprovider.internal;

import java.math.BigInteger;
import java.security.SignatureException;
import java.util.Arrays;

/**
 * Converts between the forms of an ECDSA signature: {@code SEQUENCE { r INTEGER, s INTEGER }} and r||s of 32 bytes
 * each.
 */
final class DerSignature {

    private static final int HALF = 32;

    private DerSignature() {}

    static byte[] toRaw(byte[] der) throws SignatureException {
        byte[] raw = new byte[2 * HALF];
        int at = 2;
        if (der.length < 8 || der[0] != 0x30 || (der[1] & 0xFF) != der.length - 2) {
            throw new SignatureException("not a DER signature");
        }
        for (int half = 0; half < 2; half++) {
            if (at + 2 > der.length || der[at] != 0x02 || der[at + 1] <= 0 || at + 2 + der[at + 1] > der.length) {
                throw new SignatureException("not a DER signature");
            }
            int length = der[at + 1];
            byte[] number = Arrays.copyOfRange(der, at + 2, at + 2 + length);
            int skip = Math.max(0, length - HALF);
            System.arraycopy(number, skip, raw, half * HALF + HALF - (length - skip), length - skip);
            at += 2 + length;
        }
        return raw;
    }

    static byte[] fromRaw(byte[] raw) {
        byte[] r = new BigInteger(1, Arrays.copyOfRange(raw, 0, HALF)).toByteArray();
        byte[] s = new BigInteger(1, Arrays.copyOfRange(raw, HALF, 2 * HALF)).toByteArray();
        byte[] der = new byte[6 + r.length + s.length];
        der[0] = 0x30;
        der[1] = (byte) (4 + r.length + s.length);
        der[2] = 0x02;
        der[3] = (byte) r.length;
        System.arraycopy(r, 0, der, 4, r.length);
        der[4 + r.length] = 0x02;
        der[5 + r.length] = (byte) s.length;
        System.arraycopy(s, 0, der, 6 + r.length, s.length);
        return der;
    }
}
