package org.postern.simulator.devices.internal.measure;

/**
 * Numbers that look random and are a function of a seed and a place alone, so that each can be computed without the
 * others.
 */
public final class SeededRandom {

    private SeededRandom() {}

    /** A seed of its own for the place. */
    public static long seed(long seed, long place) {
        long z = seed + 0x9E37_79B9_7F4A_7C15L * (place + 1);
        z = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31;
    }

    /** A seed of its own for the name. */
    public static long seed(long seed, String name) {
        return seed(seed, name.hashCode());
    }

    /** 0 to bound - 1. */
    public static int below(long seed, long place, int bound) {
        return (int) Long.remainderUnsigned(seed(seed, place), bound);
    }
}
