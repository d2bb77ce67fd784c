package org.postern.ledger.internal;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.postern.ledger.LedgerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only writer of the database. Units of work that are pending when it is free share one transaction, and so one
 * fsync. If a unit fails, the group is rolled back and each unit is run again in a savepoint of its own, so that the
 * failure does not affect the others. Therefore a unit must have no effects outside the database. A future completes
 * only after the commit. A unit whose caller has given up before it was started is not run.
 *
 * <p>A unit that a caller waits for is not delayed by a timer: a single unit is committed at once, and further units
 * gather while that commit runs. Asynchronous units ({@link #writeAsync}) wait for such a group, but not longer than
 * the configured time.
 */
final class GroupCommit implements AutoCloseable {

    /** Work done within the transaction. */
    interface Unit<T> {
        @Nullable
        T run(Connection connection) throws SQLException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final int QUEUE = 20_000;
    private static final String ENDED = "its writer has ended";

    @SuppressWarnings(
            "StaticAssignmentOfThrowable") // allocated in advance, because memory may be exhausted when it is needed
    private static final LedgerException FAILED = undecided("the writer failed, and its cleanup failed too", null);

    private static final long OFFER_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** How long a group waits for the callers whose units were in the previous group. */
    private static final long GATHER_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Database database;
    private final WriteQueue queue;
    private final LongSupplier nanos;
    private final AtomicLong commits = new AtomicLong();
    private final AtomicLong units = new AtomicLong();
    private final Thread thread;
    private volatile String refused = "";
    /** Whether the present group may be on disk by now; used only by the writer's thread, as is the connection. */
    private boolean committing;

    private @Nullable Connection connection;

    /**
     * @param largestGroup maximum number of units in one transaction
     * @param asyncDelay maximum time that an asynchronous unit stays in the queue while the writer is idle
     * @param nanos a monotonic clock in nanoseconds
     */
    GroupCommit(Database database, int largestGroup, Duration asyncDelay, LongSupplier nanos) {
        this(database, largestGroup, asyncDelay, nanos, task -> new Thread(task, "postern-ledger-writer"));
    }

    /** @param threads creates the writer's thread */
    GroupCommit(Database database, int largestGroup, Duration asyncDelay, LongSupplier nanos, ThreadFactory threads) {
        this.database = database;
        this.nanos = nanos;
        queue = new WriteQueue(QUEUE, largestGroup, asyncDelay.toNanos(), GATHER_NANOS, nanos);
        thread = threads.newThread(this::work);
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Writes a unit and waits for the commit.
     *
     * @param timeout maximum time to wait, in addition to the time that a full queue takes
     * @throws LedgerException UNAVAILABLE if it has not been and will not be written; UNDECIDED if that is not known
     */
    <T> T write(Unit<T> unit, Duration timeout) {
        return write(unit, false, timeout);
    }

    /** @param prepayment true if it is written before others, see {@link WriteQueue} */
    <T> T write(Unit<T> unit, boolean prepayment, Duration timeout) {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException(
                    "code that runs on the writer's thread after a write must not wait for another write");
        }
        PendingWrite<T> waiting = enqueue(unit, prepayment, true);
        try {
            return await(waiting.future(), timeout.toNanos());
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        } catch (TimeoutException e) {
            String cause = "the database has not completed the write within " + timeout.toSeconds() + " s";
            throw waiting.giveUp() ? unavailable(cause, e) : undecided(cause, e);
        }
    }

    /** An interrupt does not end the wait, because the write continues; the interrupt status is restored afterwards. */
    private static <T> T await(CompletableFuture<T> future, long nanos) throws ExecutionException, TimeoutException {
        long end = System.nanoTime() + nanos;
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Submits a unit. */
    <T> CompletableFuture<T> submit(Unit<T> unit) {
        return enqueue(unit, false, true).future();
    }

    /**
     * Submits a unit asynchronously: it joins the next group that a caller waits for, or is committed without one after
     * a short time. Every failure is reported by the future.
     *
     * @param prepayment true if later writes of the same request may be written before others
     */
    <T> CompletableFuture<T> writeAsync(Unit<T> unit, boolean prepayment) {
        try {
            return enqueue(unit, prepayment, false).future();
        } catch (LedgerException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private <T> PendingWrite<T> enqueue(Unit<T> unit, boolean prepayment, boolean awaited) {
        if (database.silent()) {
            throw unavailable("the database does not answer", null);
        }
        if (!thread.isAlive() && !queue.closing()) {
            // nobody would run the unit, so its caller is refused immediately instead of after the timeout
            throw unavailable(ENDED, null);
        }
        PendingWrite<T> waiting = new PendingWrite<>(unit, prepayment, awaited, nanos.getAsLong());
        try {
            // the writer's own thread must not wait for room that only it can free
            if (!queue.offer(waiting, Thread.currentThread() == thread ? 0 : OFFER_NANOS)) {
                throw queue.closing() ? closed() : unavailable("the queue of pending writes is full", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("interrupted", e);
        }
        return waiting;
    }

    /** Transactions committed since start. */
    long commits() {
        return commits.get();
    }

    /** Units committed since start, without units that failed within a committed group. */
    long units() {
        return units.get();
    }

    /** Why the database did not accept the last write; empty if it did. */
    String refused() {
        return thread.isAlive() || queue.closing() ? refused : ENDED;
    }

    private void work() {
        try {
            while (!queue.ended()) {
                List<PendingWrite<?>> group = List.of();
                try {
                    group = queue.take(POLL_NANOS);
                    if (!group.isEmpty()) {
                        commit(group);
                    }
                } catch (InterruptedException e) {
                    // Postern never interrupts the writer: pending units must still be written, and close ends the
                    // thread through the queue
                } catch (RuntimeException | Error e) {
                    failed(group, e);
                }
            }
            disconnect();
        } finally {
            if (!queue.closing()) {
                queue.rest().forEach(left -> left.future().completeExceptionally(unavailable(ENDED, null)));
            }
        }
    }

    /**
     * Handles a failure that was not caused by a unit: the connection is closed, and the ledger is reported as not
     * healthy until a write succeeds. A further failure in this method must not end the only thread that writes.
     */
    private void failed(List<PendingWrite<?>> group, Throwable why) {
        try {
            refused = why.getClass().getSimpleName();
            String cause = "the writer failed: " + refused;
            group.forEach(waiting ->
                    waiting.fail(committing && !waiting.failed() ? undecided(cause, why) : unavailable(cause, why)));
            group.forEach(PendingWrite::complete);
            disconnect();
            LOG.error("ledger: a transaction of {} writes failed", group.size(), why);
        } catch (RuntimeException | Error again) {
            // nothing is logged, because logging may be what failed, and no object is allocated; a future that is
            // complete already is not affected
            group.forEach(waiting -> waiting.future().completeExceptionally(FAILED));
        }
    }

    private void commit(List<PendingWrite<?>> group) {
        committing = false;
        try {
            Optional<LedgerException> before = database.silent()
                    ? Optional.of(unavailable("the database does not answer", null))
                    : database.trouble();
            if (before.isPresent()) {
                group.forEach(waiting -> waiting.fail(before.get()));
                group.forEach(PendingWrite::complete);
                return;
            }
            Connection open = connected();
            if (!runGroup(open, group)) {
                group.removeIf(waiting -> !waiting.start());
                for (PendingWrite<?> waiting : group) {
                    runInSavepoint(open, waiting);
                }
            }
            if (group.isEmpty()) {
                open.rollback();
                return;
            }
            committing = true;
            open.commit();
            writesAccepted();
            Optional<LedgerException> trouble = database.trouble();
            if (trouble.isPresent()) {
                // the data was written, but perhaps to a deleted file, so the write is not acknowledged
                group.forEach(waiting -> waiting.fail(trouble.get()));
            } else {
                commits.incrementAndGet();
                units.addAndGet(
                        group.stream().filter(waiting -> !waiting.failed()).count());
            }
        } catch (SQLException e) {
            refused = SqlFailures.summary(e);
            LOG.error("ledger: a transaction of {} writes failed ({})", group.size(), refused);
            database.recordFailure(e);
            disconnect();
            String cause = "the database did not accept the write: " + refused;
            boolean answerLost = committing && SqlFailures.isConnectionFailure(e);
            group.forEach(waiting ->
                    waiting.fail(answerLost && !waiting.failed() ? undecided(cause, e) : unavailable(cause, e)));
        }
        complete(group);
    }

    /** Completes the writes of the prepayment lane first, because waking each caller takes time. */
    private static void complete(List<PendingWrite<?>> group) {
        group.stream().filter(PendingWrite::prepayment).forEach(PendingWrite::complete);
        group.stream().filter(waiting -> !waiting.prepayment()).forEach(PendingWrite::complete);
    }

    private void writesAccepted() {
        if (!refused.isEmpty()) {
            refused = "";
            LOG.info("the ledger's database accepts writes again");
        }
    }

    /**
     * Runs a group without a savepoint for each unit, because a savepoint may cost as much as the unit and nearly all
     * groups succeed. If a unit fails, the whole group is rolled back, and the caller runs each unit again in a
     * savepoint of its own. If a write of the prepayment lane arrives in the meantime, it is run next, and the rest of
     * the group is left for the next one.
     *
     * @return false if a unit failed
     */
    private boolean runGroup(Connection open, List<PendingWrite<?>> group) throws SQLException {
        try {
            int done = 0;
            while (done < group.size()) {
                if (done > 0 && queue.prepaymentAwaited()) {
                    queue.overtake(group, done);
                }
                if (group.get(done).start()) {
                    group.get(done++).run(open);
                } else {
                    group.remove(done);
                }
            }
            return true;
        } catch (SQLException | RuntimeException e) {
            try {
                open.rollback();
            } catch (SQLException gone) {
                e.addSuppressed(gone);
                throw e;
            }
            if (group.size() > 1) {
                return false;
            }
            group.get(0).fail(failed(e));
            if (e instanceof SQLException sql && SqlFailures.isDiskFailure(sql)) {
                throw sql;
            }
            return true;
        }
    }

    private static RuntimeException failed(Exception e) {
        return e instanceof RuntimeException own ? own : failure(e);
    }

    private static void runInSavepoint(Connection open, PendingWrite<?> waiting) throws SQLException {
        Savepoint before = open.setSavepoint();
        try {
            waiting.run(open);
            open.releaseSavepoint(before);
        } catch (SQLException e) {
            waiting.fail(failure(e));
            try {
                open.rollback(before);
            } catch (SQLException gone) {
                // the first failure is the more informative one
                e.addSuppressed(gone);
                throw e;
            }
        } catch (RuntimeException e) {
            waiting.fail(e);
            open.rollback(before);
        }
    }

    static RuntimeException failure(Exception e) {
        if (e instanceof LedgerException ledger) {
            return ledger;
        }
        if (e instanceof SQLException sql && SqlFailures.isDataFailure(sql)) {
            return new LedgerException(
                    LedgerException.Kind.NOT_HOLDABLE,
                    "ledger",
                    "data that the columns can store",
                    "refused with " + SqlFailures.summary(sql),
                    "correct the data",
                    sql);
        }
        return unavailable("the database did not accept the write or answer the query", e);
    }

    private Connection connected() throws SQLException {
        Connection open = connection;
        if (open == null || open.isClosed()) {
            open = database.writer();
            connection = open;
        }
        return open;
    }

    private void disconnect() {
        Connection given = connection;
        // cleared first, so that a connection that cannot be released is not used again
        connection = null;
        if (given != null) {
            try {
                database.release(given);
            } catch (SQLException e) {
                LOG.debug("closing the writer's connection failed", e);
            }
        }
    }

    static LedgerException unavailable(String cause, @Nullable Throwable why) {
        return new LedgerException(
                LedgerException.Kind.UNAVAILABLE,
                "ledger",
                "every write is on disk before it is acknowledged",
                cause,
                "try again; make sure that the database is running and its disk has free space",
                why);
    }

    static LedgerException undecided(String cause, @Nullable Throwable why) {
        return new LedgerException(
                LedgerException.Kind.UNDECIDED,
                "ledger",
                "every write is on disk before it is acknowledged",
                cause,
                "submit the same request again with the same correlation id, or query it first",
                why);
    }

    private static LedgerException closed() {
        return new LedgerException(
                LedgerException.Kind.CLOSED,
                "ledger",
                "the ledger is open",
                "it is closing",
                "try again after the restart");
    }

    @Override
    public void close() {
        queue.close();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        queue.rest().forEach(left -> left.future().completeExceptionally(closed()));
    }
}
