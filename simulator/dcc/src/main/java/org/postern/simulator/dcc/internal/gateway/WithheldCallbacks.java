package org.postern.simulator.dcc.internal.gateway;

import java.util.Arrays;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToIntFunction;

/**
 * Signed documents that are withheld and then sent together, to see how many a User can receive: an alert storm, or the
 * answers after an outage of the DCC. Each is sent until it is acknowledged; how long each acknowledgement took is
 * recorded.
 */
final class WithheldCallbacks {

    /** A document and what is to be done once it is acknowledged. */
    private record Held(byte[] document, Runnable acknowledged) {}

    private static final int GROWTH = 1024;

    private final Queue<Held> held = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final Object lock = new Object();
    private long[] micros = new long[GROWTH];
    private int acknowledged;
    private volatile boolean holding;

    /** From now on documents are withheld; figures of earlier sendings are reset. */
    void hold() {
        synchronized (lock) {
            acknowledged = 0;
        }
        failures.set(0);
        holding = true;
    }

    /** Whether the document was withheld. */
    boolean take(byte[] document, Runnable then) {
        if (!holding) {
            return false;
        }
        held.add(new Held(document, then));
        count.incrementAndGet();
        return true;
    }

    /**
     * Sends all that is held, on threads of its own.
     *
     * @param senders documents that are sent at the same time
     * @param perSecond at most; 0 for as fast as they are acknowledged
     * @param exchange sends one; gives the HTTP status, 0 where there was none
     */
    void release(int senders, double perSecond, ToIntFunction<byte[]> exchange) {
        holding = false;
        AtomicLong turn = new AtomicLong();
        long start = System.nanoTime();
        for (int i = 0; i < senders; i++) {
            Thread thread = new Thread(
                    () -> {
                        for (Held next = held.poll(); next != null; next = held.poll()) {
                            if (perSecond > 0) {
                                awaitTurn(start + (long) (turn.getAndIncrement() / perSecond * 1e9));
                            }
                            send(next, exchange);
                        }
                    },
                    "simulator-release-" + i);
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static void awaitTurn(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private void send(Held one, ToIntFunction<byte[]> exchange) {
        long begun = System.nanoTime();
        if (exchange.applyAsInt(one.document()) / 100 != 2) {
            failures.incrementAndGet();
            held.add(one);
            return;
        }
        note((System.nanoTime() - begun) / 1000);
        count.decrementAndGet();
        one.acknowledged().run();
    }

    private void note(long took) {
        synchronized (lock) {
            if (acknowledged == micros.length) {
                micros = Arrays.copyOf(micros, acknowledged * 2);
            }
            micros[acknowledged++] = took;
        }
    }

    /**
     * {@code held}, {@code acknowledged}, {@code failures} and microseconds to the acknowledgement: {@code p50},
     * {@code p99}, {@code max}.
     */
    String json() {
        long[] sorted;
        synchronized (lock) {
            sorted = Arrays.copyOf(micros, acknowledged);
        }
        Arrays.sort(sorted);
        return String.format(
                Locale.ROOT,
                "{\"held\":%d,\"acknowledged\":%d,\"failures\":%d,\"p50\":%d,\"p99\":%d,\"max\":%d}",
                count.get(),
                sorted.length,
                failures.get(),
                part(sorted, 0.5),
                part(sorted, 0.99),
                part(sorted, 1));
    }

    private static long part(long[] sorted, double part) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(sorted.length * part) - 1];
    }
}
