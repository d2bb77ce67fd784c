package org.postern.ledger.internal;

import java.security.SecureRandom;
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
 * @param random     for the ids of what is stored
 * @param nanos      a monotonic clock in nanoseconds
 * @param schedulers makes what runs the ledger's own looks, by the name of its thread; closed with the ledger
 * @param databases  puts something between the ledger and its database; what it gives back is used in its place
 */
public record Machine(RandomGenerator random, LongSupplier nanos, Function<String, ScheduledExecutorService> schedulers,
        UnaryOperator<DataSource> databases) {

    public Machine {
        Objects.requireNonNull(random, "random");
        Objects.requireNonNull(nanos, "nanos");
        Objects.requireNonNull(schedulers, "schedulers");
        Objects.requireNonNull(databases, "databases");
    }

    /** The one that this process runs on. */
    static Machine present() {
        return new Machine(new SecureRandom(), System::nanoTime, Machine::daemon, UnaryOperator.identity());
    }

    private static ScheduledExecutorService daemon(String name) {
        return Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }
}
