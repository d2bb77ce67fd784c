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
 * What the ledger has of the machine that it runs on, handed in so that a simulation can give another one.
 *
 * @param random for the ids of what is stored
 * @param nanos a monotonic clock in nanoseconds
 * @param schedulers makes what runs the ledger's own looks, by the name of its thread; closed with the ledger
 * @param databases puts something between the ledger and its database; what it gives back is used in its place
 * @param locks the system's list of file locks; where there is none, the files alone are watched
 * @param behind how long a write that nobody waits for may wait for one that somebody waits for
 */
public record Machine(
        RandomGenerator random,
        LongSupplier nanos,
        Function<String, ScheduledExecutorService> schedulers,
        UnaryOperator<DataSource> databases,
        Path locks,
        Duration behind) {

    private static final Path LOCKS = Path.of("/proc/locks");
    private static final Duration BEHIND = Duration.ofMillis(20);

    public Machine {
        Objects.requireNonNull(random, "random");
        Objects.requireNonNull(nanos, "nanos");
        Objects.requireNonNull(schedulers, "schedulers");
        Objects.requireNonNull(databases, "databases");
        Objects.requireNonNull(locks, "locks");
        Objects.requireNonNull(behind, "behind");
    }

    /** The one that this process runs on. */
    static Machine present() {
        return new Machine(
                new SecureRandom(), System::nanoTime, Machine::daemon, UnaryOperator.identity(), LOCKS, BEHIND);
    }

    private static ScheduledExecutorService daemon(String name) {
        return Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }
}
