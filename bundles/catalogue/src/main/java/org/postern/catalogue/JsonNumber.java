package org.postern.catalogue;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * The representation of numbers in JSON output: JSON numbers where every reader can represent them, and strings where a
 * reader that uses IEEE 754 doubles would lose digits (RFC 8259 section 6), which is for absolute values above 2^53 -
 * 1.
 */
public final class JsonNumber {

    private static final BigInteger SAFE = BigInteger.ONE.shiftLeft(53).subtract(BigInteger.ONE);

    private JsonNumber() {}

    /** True where the number has to be written as a string. */
    public static boolean isText(Number number) {
        if (number instanceof Integer || number instanceof Short || number instanceof Byte) {
            return false;
        }
        if (number instanceof Double || number instanceof Float) {
            return !Double.isFinite(number.doubleValue());
        }
        BigDecimal value = new BigDecimal(number.toString());
        return value.toBigInteger().abs().compareTo(SAFE) > 0;
    }

    /** The JSON text, with quotes where they are needed. */
    public static String json(Number number) {
        return isText(number) ? '"' + number.toString() + '"' : number.toString();
    }
}
