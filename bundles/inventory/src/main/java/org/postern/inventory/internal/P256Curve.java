package org.postern.inventory.internal;

import java.math.BigInteger;
import java.util.Arrays;

/** Checks the equation of the curve, since the parser of the JDK accepts any pair of numbers as a point. */
final class P256Curve {

    private static final BigInteger P =
            new BigInteger("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF", 16);
    private static final BigInteger B =
            new BigInteger("5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B", 16);
    private static final BigInteger THREE = BigInteger.valueOf(3);
    private static final int FIELD_BYTES = 32;

    private P256Curve() {}

    /** True where x and y, 32 bytes each from the offset, are a point on the curve. */
    static boolean holds(byte[] bytes, int offset) {
        BigInteger x = new BigInteger(1, Arrays.copyOfRange(bytes, offset, offset + FIELD_BYTES));
        BigInteger y = new BigInteger(1, Arrays.copyOfRange(bytes, offset + FIELD_BYTES, offset + 2 * FIELD_BYTES));
        BigInteger right = x.multiply(x).subtract(THREE).multiply(x).add(B).mod(P);
        return x.compareTo(P) < 0 && y.compareTo(P) < 0 && y.multiply(y).mod(P).equals(right);
    }
}
