package org.postern.benchmarks.appliance;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Requests between their first byte and their result: how many, and how long each took. A request is known by a running
 * number, which is its correlation id. Safe between the thread that hands in and the one that takes results.
 */
final class InFlight {

    /** More than can be in flight at the same time, a power of two. */
    private static final int SLOTS = 1 << 17;

    private final AtomicLongArray begun = new AtomicLongArray(SLOTS);
    private final AtomicLong handedIn = new AtomicLong();
    private final AtomicLong finished = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong unexpected = new AtomicLong();
    private final AtomicLong alerts = new AtomicLong();
    private final Latencies whole = new Latencies();
    private final Latencies answers = new Latencies();

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
        whole.add(nanos - start);
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

    /** The appliance answered the hand-in after so long. */
    void answered(long nanos) {
        answers.add(nanos);
    }

    /** Forgets how long requests took so far. */
    void restart() {
        whole.restart();
        answers.restart();
    }

    /** From hand-in to result. */
    Latencies whole() {
        return whole;
    }

    /** From hand-in to the answer of the interface. */
    Latencies answers() {
        return answers;
    }
}
