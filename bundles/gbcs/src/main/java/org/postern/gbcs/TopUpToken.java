package org.postern.gbcs;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Objects;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;

/**
 * The twenty digits of a prepayment top-up token, UTRN (GBCS, Unique Transaction Reference Number): a 64-bit number (32
 * bits of counter and value, 32 bits of MAC) with an offset that makes it nineteen digits long, and a check digit.
 *
 * <p>The reference data contains only counters whose low 32 bits are zero.
 *
 * @param digits twenty decimal digits with a correct check digit
 */
public record TopUpToken(String digits) {

    /** Unit of the value. */
    public enum Unit {
        PENCE,
        POUNDS
    }

    private static final BigInteger OFFSET = new BigInteger("7394156990786306048");
    /** Maximum value, in pence or pounds: thirteen bits. */
    public static final int MAX_VALUE = 0x1FFF;
    /** Number of counters that a token can distinguish: it contains ten bits of the counter. */
    public static final int COUNTER_WINDOW = 1 << 10;

    private static final int NUMBER_BITS = 57;
    private static final int LENGTH = 20;
    private static final int[] PERMUTATION = {1, 5, 7, 6, 2, 8, 3, 0, 9, 4};
    private static final int[] INVERSE = {1, 2, 6, 7, 5, 8, 3, 0, 9, 4};
    private static final int FIRST_PERMUTATION = 4;

    public TopUpToken {
        Objects.requireNonNull(digits, "digits");
        if (!wellFormed(digits)) {
            throw new PosternException(GbcsFault.UTRN_INVALID.fault("UTRN", "the text is not a valid token"));
        }
        BigInteger number = new BigInteger(digits.substring(0, LENGTH - 1)).subtract(OFFSET);
        if (number.signum() < 0 || number.bitLength() > NUMBER_BITS) {
            throw new PosternException(GbcsFault.UTRN_OUT_OF_RANGE.fault(
                    "UTRN",
                    "nineteen digits that represent a number of " + NUMBER_BITS + " bits",
                    "the number is outside that range"));
        }
    }

    /**
     * Generates a token.
     *
     * @param z shared secret of the supplier's prepayment key and the meter's key-agreement key
     * @param supplier supplier's EUI
     * @param meter meter's EUI
     * @param counter originator counter of the top-up
     * @param value 0 to 8191 pence or pounds
     */
    public static TopUpToken make(
            GbcsCrypto crypto, byte[] z, Eui64 supplier, Eui64 meter, long counter, Unit unit, int value) {
        if (value < 0 || value > MAX_VALUE) {
            throw new PosternException(
                    GbcsFault.UTRN_VALUE.fault("UTRN value", "0 to " + MAX_VALUE, Integer.toString(value)));
        }
        long high = (counter >>> 32 & COUNTER_WINDOW - 1) << 15 | (long) unit.ordinal() << 13 | value;
        byte[] aad = new byte[35];
        aad[0] = 0x11;
        GbcsCrypto.put(aad, 6, supplier.value());
        GbcsCrypto.put(aad, 14, meter.value());
        aad[22] = 1;
        GbcsCrypto.put(aad, 23, counter);
        for (int i = 0; i < 4; i++) {
            aad[31 + i] = (byte) (high >> 8 * (3 - i));
        }
        byte[] key = crypto.deriveKey(z, GbcsCrypto.Purpose.COMMAND_MAC, supplier, counter, meter);
        long low;
        try {
            low = Bytes.window(crypto.fullTag(key, supplier, aad)).number(12, 4);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
        String nineteen = new BigInteger(Long.toUnsignedString(high << 32 | low))
                .add(OFFSET)
                .toString();
        return new TopUpToken(nineteen + checkDigit(nineteen));
    }

    /** True where the text consists of twenty digits with a correct check digit. */
    public static boolean wellFormed(String text) {
        if (text.length() != LENGTH) {
            return false;
        }
        for (int i = 0; i < LENGTH; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return text.charAt(LENGTH - 1) == '0' + checkDigit(text.substring(0, LENGTH - 1));
    }

    /** Value in the unit of the token, 0 to 8191. */
    public int value() {
        return (int) (number() >> 32) & MAX_VALUE;
    }

    /**
     * The unit, according to the value class of the token.
     *
     * @throws PosternException PST-3062 where the class is neither pence nor pounds
     */
    public Unit unit() {
        int valueClass = (int) (number() >> 45) & 3;
        if (valueClass >= Unit.values().length) {
            throw new PosternException(
                    GbcsFault.UTRN_VALUE_CLASS.fault("UTRN value class", Integer.toString(valueClass)));
        }
        return Unit.values()[valueClass];
    }

    /** The ten bits of the counter that the token contains: bits 32 to 41 of the Originator Counter. */
    public int counterBits() {
        return (int) (number() >> 47) & COUNTER_WINDOW - 1;
    }

    /** True where the token may have been generated for this counter, according to its ten bits. */
    public boolean mayBelongTo(long counter) {
        return counterBits() == (counter >>> 32 & COUNTER_WINDOW - 1);
    }

    private long number() {
        return new BigInteger(digits.substring(0, LENGTH - 1)).subtract(OFFSET).longValue();
    }

    /** The check digit of decimal digits: dihedral group of order ten, starting with the fifth permutation. */
    public static int checkDigit(String decimal) {
        int check = 0;
        int round = FIRST_PERMUTATION;
        for (int i = 0; i < decimal.length(); i++) {
            int digit = decimal.charAt(i) - '0';
            for (int p = 0; p < round; p++) {
                digit = PERMUTATION[digit];
            }
            check = multiply(check, digit);
            round = (round + 1) % 8;
        }
        return INVERSE[check];
    }

    private static int multiply(int a, int b) {
        if (a < 5) {
            return b < 5 ? (a + b) % 5 : (a + b - 5) % 5 + 5;
        }
        return b < 5 ? Math.floorMod(a - 5 - b, 5) + 5 : Math.floorMod(a - b, 5);
    }

    /** Omits the digits, because a token is worth money. */
    @Override
    public String toString() {
        return "UTRN";
    }
}
