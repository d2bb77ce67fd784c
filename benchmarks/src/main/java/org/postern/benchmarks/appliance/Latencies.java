package org.postern.benchmarks.appliance;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** How long things took, in microseconds, to within 6 %. Safe between threads. */
final class Latencies {

    /** Steps of 1/64 of a power of two. */
    private static final int BITS = 6;

    private static final int STEPS = 1 << BITS;
    private static final int BUCKETS = 64 * STEPS;

    private final AtomicIntegerArray counts = new AtomicIntegerArray(BUCKETS);

    /** One more took so many nanoseconds. */
    void add(long nanos) {
        counts.incrementAndGet(bucket(Math.max(1, nanos / 1000)));
    }

    /** Forgets all. */
    void restart() {
        for (int i = 0; i < BUCKETS; i++) {
            counts.set(i, 0);
        }
    }

    /** Microseconds within which that part (0 to 1) of them was done; 0 where there were none. */
    long percentile(double part) {
        int[] now = new int[BUCKETS];
        Arrays.setAll(now, counts::get);
        long most = (long) Math.ceil(Arrays.stream(now).asLongStream().sum() * part);
        long seen = 0;
        for (int i = 0; i < BUCKETS; i++) {
            seen += now[i];
            if (seen >= most && seen > 0) {
                return upper(i);
            }
        }
        return 0;
    }

    static int bucket(long micros) {
        int power = 63 - Long.numberOfLeadingZeros(micros);
        long within = power < BITS ? (micros << (BITS - power)) - STEPS : (micros >> (power - BITS)) - STEPS;
        return power * STEPS + (int) within;
    }

    /** The largest value in a bucket. */
    static long upper(int bucket) {
        int power = bucket / STEPS;
        long mantissa = bucket % STEPS + STEPS + 1L;
        return power < BITS ? Math.max(1, mantissa >> (BITS - power)) : (mantissa << (power - BITS)) - 1;
    }
}
