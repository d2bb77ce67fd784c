package org.postern.parsecorrelate.internal.mmc;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** The smallest and the largest value that an element of MMC can hold. */
final class Bounds {

    /** Any value. */
    static final Bounds NONE = new Bounds(null, null);

    private final @Nullable BigInteger min;
    private final @Nullable BigInteger max;
    private final boolean longs;
    private final long lowest;
    private final long highest;

    /**
     * @param min smallest value, included; null for no bound
     * @param max largest value, included; null for no bound
     */
    Bounds(@Nullable BigInteger min, @Nullable BigInteger max) {
        this.min = min;
        this.max = max;
        if (min != null && min.bitLength() < Long.SIZE && max != null && max.bitLength() < Long.SIZE) {
            this.longs = true;
            this.lowest = min.longValue();
            this.highest = max.longValue();
        } else {
            this.longs = false;
            this.lowest = Long.MIN_VALUE;
            this.highest = Long.MAX_VALUE;
        }
    }

    static Bounds of(long min, long max) {
        return new Bounds(BigInteger.valueOf(min), BigInteger.valueOf(max));
    }

    /** The number in decimal digits. Throws {@link UnexpectedValueException} if it is out of bounds. */
    String digits(Source s) {
        boolean out = longs && s.isLong() ? s.whole() < lowest || s.whole() > highest : outside(s);
        if (out) {
            throw new UnexpectedValueException("the value " + Conversions.digits(s) + " is out of range");
        }
        return Conversions.digits(s);
    }

    /** The number. Throws {@link UnexpectedValueException} if it is out of bounds. */
    BigInteger check(BigInteger number) {
        if (outside(number)) {
            throw new UnexpectedValueException("the value " + number + " is out of range");
        }
        return number;
    }

    /** The number. Throws {@link UnexpectedValueException} if it is out of bounds. */
    long check(long number) {
        if (longs ? number < lowest || number > highest : bounded() && outside(BigInteger.valueOf(number))) {
            throw new UnexpectedValueException("the value " + number + " is out of range");
        }
        return number;
    }

    private boolean bounded() {
        return min != null || max != null;
    }

    private boolean outside(Source s) {
        return bounded() && outside(s.number());
    }

    private boolean outside(BigInteger number) {
        return min != null && number.compareTo(min) < 0 || max != null && number.compareTo(max) > 0;
    }
}
