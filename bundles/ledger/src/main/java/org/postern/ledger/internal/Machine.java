package org.postern.ledger.internal;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;

/**
 * The runtime environment of the ledger. It is a parameter so that a simulation can replace it.
 *
 * @param random source of the random part of durable ids
 * @param nanos a monotonic clock in nanoseconds
 * @param schedulers creates the schedulers of the ledger's periodic checks, by thread name; they are closed with the
 *     ledger
 * @param databases may wrap the data source of the database
 * @param locks the operating system's list of file locks; if it does not exist, only the files are checked
 * @param asyncDelay how long an asynchronous write may wait for a write that a caller waits for
 */
public record Machine(
        RandomGenerator random,
        LongSupplier nanos,
        Function<String, ScheduledExecutorService> schedulers,
        UnaryOperator<DataSource> databases,
        Path locks,
        Duration asyncDelay) {

    private static final Path LOCKS = Path.of("/proc/locks");
    private static final Duration ASYNC_DELAY = Duration.ofMillis(20);

    public Machine {
        Objects.requireNonNull(random, "random");
        Objects.requireNonNull(nanos, "nanos");
        Objects.requireNonNull(schedulers, "schedulers");
        Objects.requireNonNull(databases, "databases");
        Objects.requireNonNull(locks, "locks");
        Objects.requireNonNull(asyncDelay, "asyncDelay");
    }

    /** The real environment of this process. */
    static Machine present() {
        return new Machine(
                new SecureRandom(), System::nanoTime, Machine::daemon, UnaryOperator.identity(), LOCKS, ASYNC_DELAY);
    }

    private static ScheduledExecutorService daemon(String name) {
        return Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }
}
