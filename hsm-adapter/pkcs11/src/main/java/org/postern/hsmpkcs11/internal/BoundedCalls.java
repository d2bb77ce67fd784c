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
 * Calls into the token's library, each on a thread that may be given up: a call into native code cannot be interrupted,
 * and a token that hangs would hold every caller. A call that does not come back in time is abandoned and counted, and
 * what it gives after all is wiped. While the token does not answer, callers are refused at once but for one that
 * tries, now and then.
 */
final class BoundedCalls {

    /** Calls at the same time; a token does few at once, and further callers wait for a place. */
    static final int AT_ONCE = 16;
    /** Threads that may hang in the library before no more are risked. */
    static final int MOST_HANGING = 64;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final String token;
    private final Duration patience;
    private final LongSupplier nanos;
    private final ExecutorService threads;
    private final Semaphore places = new Semaphore(AT_ONCE, true);
    private final AtomicInteger hanging = new AtomicInteger();
    private final AtomicLong abandoned = new AtomicLong();
    /** Null while the token answers. */
    private final AtomicReference<Silence> silence = new AtomicReference<>();

    /** The token has not answered; the next caller that tries does so at {@code nextAt}. */
    private record Silence(long since, long nextAt, Duration pause) {}

    /**
     * @param token the token's label, for people
     * @param patience how long a caller waits, for a place and for the answer each
     * @param nanos a monotonic clock in nanoseconds
     */
    BoundedCalls(String token, Duration patience, LongSupplier nanos) {
        this.token = token;
        this.patience = patience;
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
     * @throws KeyVaultException TOKEN_OFFLINE where it does not come in time; what the work throws, else
     */
    byte[] call(Callable<byte[]> work) {
        admit();
        try {
            if (!places.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw offline(
                        AT_ONCE + " calls are under way and none came back within " + patience.toSeconds() + " s",
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw offline("interrupted while waiting for the token", e);
        }
        Call call = new Call();
        threads.execute(() -> call.run(work));
        try {
            byte[] result = call.result.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            silence.set(null);
            return result;
        } catch (ExecutionException e) {
            silence.set(null);
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw offline(TokenSession.reason(e), e.getCause());
        } catch (TimeoutException e) {
            call.abandon();
            quiet();
            throw offline("it does not answer within " + patience.toSeconds() + " s; the call is abandoned", e);
        } catch (InterruptedException e) {
            call.abandon();
            Thread.currentThread().interrupt();
            throw offline("interrupted while waiting for the token", e);
        }
    }

    private void admit() {
        Silence now = silence.get();
        if (now == null) {
            return;
        }
        long time = nanos.getAsLong();
        boolean mayTry = time - now.nextAt() >= 0
                && hanging.get() < MOST_HANGING
                && silence.compareAndSet(
                        now,
                        new Silence(
                                now.since(),
                                time + patience.toNanos() + longer(now).toNanos(),
                                longer(now)));
        if (!mayTry) {
            throw offline(
                    "it has not answered for " + TimeUnit.NANOSECONDS.toSeconds(time - now.since()) + " s, "
                            + hanging.get() + " calls hang in it"
                            + (hanging.get() < MOST_HANGING ? "" : "; restart Postern when the token is back"),
                    null);
        }
    }

    private static Duration longer(Silence now) {
        Duration twice = now.pause().multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }

    private void quiet() {
        long time = nanos.getAsLong();
        silence.compareAndSet(null, new Silence(time, time + FIRST_PAUSE.toNanos(), FIRST_PAUSE));
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
                "the token answers",
                cause,
                "check the token; the vault tries again by itself",
                why);
    }

    /** One call: whoever is first, its result or its caller's patience, decides what becomes of it. */
    private final class Call {

        private final CompletableFuture<byte[]> result = new CompletableFuture<>();
        private boolean left;
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
            if (left) {
                hanging.decrementAndGet();
            } else {
                places.release();
            }
        }

        /** Gives the place to others: the thread stays in the library for as long as that takes. */
        synchronized void abandon() {
            if (!result.completeExceptionally(new CancellationException()) && !result.isCompletedExceptionally()) {
                Arrays.fill(result.join(), (byte) 0);
            }
            if (!done) {
                left = true;
                abandoned.incrementAndGet();
                hanging.incrementAndGet();
                places.release();
            }
        }
    }
}
