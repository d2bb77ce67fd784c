package org.postern.benchmarks.appliance;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Requests between their first byte and their result: how many, and how long each took. A request is known by a running number, which is
 * its correlation id. Safe between the thread that hands in and the one that takes results.
 */
final class InFlight {

    /** More than can be in flight at the same time, a power of two. */
    private static final int SLOTS = 1 << 17;
    /** Steps of 1/16 of a power of two: an error of 6 % at most. */
    private static final int STEPS = 16;
    private static final int BUCKETS = 64 * STEPS;

    private final AtomicLongArray begun = new AtomicLongArray(SLOTS);
    private final AtomicLong handedIn = new AtomicLong();
    private final AtomicLong finished = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong unexpected = new AtomicLong();
    private final AtomicLong alerts = new AtomicLong();
    private final AtomicIntegerArray latencies = new AtomicIntegerArray(BUCKETS);

    /** Number of a request that is about to be handed in. */
    long begin(long nanos) {
        long number = handedIn.getAndIncrement();
        begun.set((int) (number % SLOTS), nanos);
        return number;
    }

    /** Its result came, for the first time or again. */
    void finish(long number, long nanos) {
        long start = begun.getAndSet((int) (number % SLOTS), 0);
        if (start == 0) {
            unexpected.incrementAndGet();
            return;
        }
        finished.incrementAndGet();
        latencies.incrementAndGet(bucket(Math.max(1, (nanos - start) / 1000)));
    }

    /** It was not taken. */
    void refuse(long number) {
        begun.set((int) (number % SLOTS), 0);
        refused.incrementAndGet();
    }

    /** An alert came. */
    void alert() {
        alerts.incrementAndGet();
    }

    long alerts() {
        return alerts.get();
    }

    long open() {
        return handedIn.get() - finished.get() - refused.get();
    }

    long finished() {
        return finished.get();
    }

    long refused() {
        return refused.get();
    }

    /** Results of requests that had one already, or were never handed in. */
    long unexpected() {
        return unexpected.get();
    }

    /** Forgets how long requests took so far. */
    void restart() {
        for (int i = 0; i < BUCKETS; i++) {
            latencies.set(i, 0);
        }
    }

    /** Microseconds within which that part (0 to 1) of the requests since the last restart had their result; 0 where there were none. */
    long percentile(double part) {
        int[] counts = new int[BUCKETS];
        Arrays.setAll(counts, latencies::get);
        long most = (long) Math.ceil(Arrays.stream(counts).asLongStream().sum() * part);
        long seen = 0;
        for (int i = 0; i < BUCKETS; i++) {
            seen += counts[i];
            if (seen >= most && seen > 0) {
                return upper(i);
            }
        }
        return 0;
    }

    static int bucket(long micros) {
        int power = 63 - Long.numberOfLeadingZeros(micros);
        long within = power < 4 ? (micros << (4 - power)) - STEPS : (micros >> (power - 4)) - STEPS;
        return power * STEPS + (int) within;
    }

    /** The largest value in a bucket. */
    static long upper(int bucket) {
        int power = bucket / STEPS;
        long mantissa = bucket % STEPS + STEPS + 1L;
        return power < 4 ? Math.max(1, (mantissa >> (4 - power))) : (mantissa << (power - 4)) - 1;
    }
}
