package org.postern.hsmpkcs11.internal;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.postern.hsm.KeyVaultException;
import org.postern.hsm.KeyVaultException.Kind;

/**
 * Runs calls of the token's library with a timeout. A call of native code cannot be interrupted, so each runs on a
 * separate thread that can be abandoned; otherwise a token that hangs would block every caller. A call that exceeds the
 * timeout is abandoned and counted, and a result that it returns later is wiped. While the token does not respond,
 * calls are refused immediately, except for one that tests the token at intervals.
 */
final class BoundedCalls {

    /** Maximum number of concurrent calls, since a token processes few at a time; further callers wait. */
    static final int MAX_CONCURRENT = 16;
    /** Maximum number of threads that may hang in the library; beyond it no further call is made. */
    static final int MAX_HANGING = 64;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(30);

    private final String token;
    private final Duration timeout;
    private final LongSupplier nanos;
    private final ExecutorService threads;
    private final Semaphore permits = new Semaphore(MAX_CONCURRENT, true);
    private final AtomicInteger hanging = new AtomicInteger();
    private final AtomicLong abandoned = new AtomicLong();
    /** Null while the token responds. */
    private final AtomicReference<Outage> outage = new AtomicReference<>();

    /**
     * A period in which the token does not respond; the next call is attempted at {@code nextAt}. Times are in
     * nanoseconds.
     */
    private record Outage(long since, long nextAt, Duration pause) {}

    /**
     * @param token label of the token, for messages
     * @param timeout how long a caller waits: for a permit, and then again for the result
     * @param nanos a monotonic clock in nanoseconds
     */
    BoundedCalls(String token, Duration timeout, LongSupplier nanos) {
        this.token = token;
        this.timeout = timeout;
        this.nanos = nanos;
        AtomicInteger number = new AtomicInteger();
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "postern-token-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * The result of the work.
     *
     * @throws KeyVaultException TOKEN_OFFLINE where it exceeds the timeout; otherwise the exception of the work
     */
    byte[] call(Callable<byte[]> work) {
        admit();
        try {
            if (!permits.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw offline(
                        MAX_CONCURRENT + " calls are in progress and none returned within " + timeout.toSeconds()
                                + " s",
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw offline("interrupted while waiting for the token", e);
        }
        Call call = new Call();
        threads.execute(() -> call.run(work));
        try {
            byte[] result = call.result.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            outage.set(null);
            return result;
        } catch (ExecutionException e) {
            outage.set(null);
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw offline(TokenSession.reason(e), e.getCause());
        } catch (TimeoutException e) {
            call.abandon();
            beginOutage();
            throw offline("the token did not respond within " + timeout.toSeconds() + " s; the call is abandoned", e);
        } catch (InterruptedException e) {
            call.abandon();
            Thread.currentThread().interrupt();
            throw offline("interrupted while waiting for the token", e);
        }
    }

    private void admit() {
        Outage now = outage.get();
        if (now == null) {
            return;
        }
        long time = nanos.getAsLong();
        boolean mayTry = time - now.nextAt() >= 0
                && hanging.get() < MAX_HANGING
                && outage.compareAndSet(
                        now,
                        new Outage(
                                now.since(),
                                time + timeout.toNanos() + nextPause(now).toNanos(),
                                nextPause(now)));
        if (!mayTry) {
            throw offline(
                    "the token has not responded for " + TimeUnit.NANOSECONDS.toSeconds(time - now.since()) + " s, "
                            + hanging.get() + " calls hang in its library"
                            + (hanging.get() < MAX_HANGING ? "" : "; restart Postern when the token works again"),
                    null);
        }
    }

    private static Duration nextPause(Outage now) {
        Duration twice = now.pause().multipliedBy(2);
        return twice.compareTo(MAX_PAUSE) < 0 ? twice : MAX_PAUSE;
    }

    private void beginOutage() {
        long time = nanos.getAsLong();
        outage.compareAndSet(null, new Outage(time, time + FIRST_PAUSE.toNanos(), FIRST_PAUSE));
    }

    /** Counters and gauges, by metric name. */
    Map<String, Long> figures() {
        return Map.of("postern_vault_calls_abandoned_total", abandoned.get(), "postern_vault_calls_hanging", (long)
                hanging.get());
    }

    private KeyVaultException offline(String cause, @Nullable Throwable why) {
        return new KeyVaultException(
                Kind.TOKEN_OFFLINE,
                "token " + token,
                "the token responds",
                cause,
                "check the token; the vault retries by itself",
                why);
    }

    /** One call. It ends with its result or with the timeout of its caller, whichever comes first. */
    private final class Call {

        private final CompletableFuture<byte[]> result = new CompletableFuture<>();
        private boolean callerLeft;
        private boolean done;

        void run(Callable<byte[]> work) {
            byte[] value = null;
            try {
                value = work.call();
                if (!result.complete(value)) {
                    Arrays.fill(value, (byte) 0);
                }
            } catch (Exception | Error e) {
                result.completeExceptionally(e);
            } finally {
                ended();
            }
        }

        private synchronized void ended() {
            done = true;
            if (callerLeft) {
                hanging.decrementAndGet();
            } else {
                permits.release();
            }
        }

        /** Releases the permit for other callers, while the thread stays in the library. */
        synchronized void abandon() {
            if (!result.completeExceptionally(new CancellationException()) && !result.isCompletedExceptionally()) {
                Arrays.fill(result.join(), (byte) 0);
            }
            if (!done) {
                callerLeft = true;
                abandoned.incrementAndGet();
                hanging.incrementAndGet();
                permits.release();
            }
        }
    }
}
