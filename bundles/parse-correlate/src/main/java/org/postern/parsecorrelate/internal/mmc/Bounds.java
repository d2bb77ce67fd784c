package org.postern.parsecorrelate.internal.mmc;

import java.math.BigInteger;

/** The least and the greatest value that an element of MMC can hold. */
final class Bounds {

    /** Any value. */
    static final Bounds NONE = new Bounds(null, null);

    private final BigInteger min;
    private final BigInteger max;
    private final boolean longs;
    private final long lowest;
    private final long highest;

    /** @param min and max: both in; null for none */
    Bounds(BigInteger min, BigInteger max) {
        this.min = min;
        this.max = max;
        this.longs = min != null && min.bitLength() < Long.SIZE && max.bitLength() < Long.SIZE;
        this.lowest = longs ? min.longValue() : Long.MIN_VALUE;
        this.highest = longs ? max.longValue() : Long.MAX_VALUE;
    }

    static Bounds of(long min, long max) {
        return new Bounds(BigInteger.valueOf(min), BigInteger.valueOf(max));
    }

    /** The number in decimal digits. Throws {@link Mismatch} where it is out of the bounds. */
    String digits(Source s) {
        boolean out =
                min != null && (longs && s.isLong() ? s.whole() < lowest || s.whole() > highest : outside(s.number()));
        if (out) {
            throw new Mismatch("the value " + Conversions.digits(s) + " is out of range");
        }
        return Conversions.digits(s);
    }

    /** The number. Throws {@link Mismatch} where it is out of the bounds. */
    BigInteger check(BigInteger number) {
        if (min != null && outside(number)) {
            throw new Mismatch("the value " + number + " is out of range");
        }
        return number;
    }

    /** The number. Throws {@link Mismatch} where it is out of the bounds. */
    long check(long number) {
        if (min != null && (longs ? number < lowest || number > highest : outside(BigInteger.valueOf(number)))) {
            throw new Mismatch("the value " + number + " is out of range");
        }
        return number;
    }

    private boolean outside(BigInteger number) {
        return number.compareTo(min) < 0 || number.compareTo(max) > 0;
    }
}
