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
 * The one writer. Units of work that are waiting when it is free share one transaction, and so one fsync; a unit that
 * fails is rolled back and does not touch the others: then each of its group is run once more, so a unit may have no
 * effect but on the database. A future completes only after the commit. A unit whose caller has given up before its
 * turn is not run.
 *
 * <p>No timer is waited for where somebody waits: a lone unit is committed at once, and while that commit runs the next
 * ones gather. Units that nobody waits for ({@link #behind}) wait for such a group, and no longer than their time.
 */
final class GroupCommit implements AutoCloseable {

    /** What is done within the transaction. */
    interface Unit<T> {
        @Nullable
        T run(Connection connection) throws SQLException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final int QUEUE = 20_000;
    private static final String ENDED = "its writer has ended";

    @SuppressWarnings("StaticAssignmentOfThrowable") // memory may be what is missing when it is needed
    private static final LedgerException FAILED = undecided("the writer failed, and could not clear up", null);

    private static final long OFFER_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** How long a group waits for those that wrote together with the ones of the last group. */
    private static final long GATHER_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Database database;
    private final WriteQueue queue;
    private final LongSupplier nanos;
    private final AtomicLong commits = new AtomicLong();
    private final AtomicLong units = new AtomicLong();
    private final Thread thread;
    private volatile String refused = "";
    /** The writer's own, as the connection: whether the present group may be on disk by now. */
    private boolean committing;

    private @Nullable Connection connection;

    /**
     * @param largestGroup most units of one transaction
     * @param behind how long a unit that nobody waits for stays in the queue at most while the writer is free
     * @param nanos a monotonic clock in nanoseconds
     */
    GroupCommit(Database database, int largestGroup, Duration behind, LongSupplier nanos) {
        this(database, largestGroup, behind, nanos, task -> new Thread(task, "postern-ledger-writer"));
    }

    /** @param threads makes the writer's thread */
    GroupCommit(Database database, int largestGroup, Duration behind, LongSupplier nanos, ThreadFactory threads) {
        this.database = database;
        this.nanos = nanos;
        queue = new WriteQueue(QUEUE, largestGroup, behind.toNanos(), GATHER_NANOS, nanos);
        thread = threads.newThread(this::work);
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Has a unit written and waits for it.
     *
     * @param patience how long at most, besides what a full queue takes
     * @throws LedgerException UNAVAILABLE where it is not written and never will be; UNDECIDED where that is not known
     */
    <T> T write(Unit<T> unit, Duration patience) {
        return write(unit, false, patience);
    }

    /** @param first true where it goes before others, see {@link WriteQueue} */
    <T> T write(Unit<T> unit, boolean first, Duration patience) {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException(
                    "what follows a write on the writer's thread may not wait for another write");
        }
        PendingWrite<T> waiting = handedIn(unit, first, true);
        try {
            return waited(waiting.future(), patience.toNanos());
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        } catch (TimeoutException e) {
            String cause = "the database has not taken the write within " + patience.toSeconds() + " s";
            throw waiting.giveUp() ? unavailable(cause, e) : undecided(cause, e);
        }
    }

    /** An interrupt does not end the wait, since the write goes on: it is there again afterwards. */
    private static <T> T waited(CompletableFuture<T> future, long nanos) throws ExecutionException, TimeoutException {
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

    /** Hands a unit in. */
    <T> CompletableFuture<T> submit(Unit<T> unit) {
        return handedIn(unit, false, true).future();
    }

    /**
     * Hands a unit in that nobody waits for: it is taken into the next group that somebody waits for, or after its time
     * is committed without one. The future tells of every failure.
     *
     * @param first true where later writes of the same request may go before others
     */
    <T> CompletableFuture<T> behind(Unit<T> unit, boolean first) {
        try {
            return handedIn(unit, first, false).future();
        } catch (LedgerException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private <T> PendingWrite<T> handedIn(Unit<T> unit, boolean first, boolean hurried) {
        if (database.silent()) {
            throw unavailable("the database does not answer", null);
        }
        if (!thread.isAlive() && !queue.closing()) {
            // nobody would take it: its caller is told at once, and not after it has waited
            throw unavailable(ENDED, null);
        }
        PendingWrite<T> waiting = new PendingWrite<>(unit, first, hurried, nanos.getAsLong());
        try {
            // the writer itself would wait for room that only it can make
            if (!queue.offer(waiting, Thread.currentThread() == thread ? 0 : OFFER_NANOS)) {
                throw queue.closing() ? closed() : unavailable("more writes wait than the ledger can take", null);
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

    /** Units committed since start; those that failed within a group that was committed are none of them. */
    long units() {
        return units.get();
    }

    /** Why the database took no write when it was last asked to; empty where it did. */
    String refused() {
        return thread.isAlive() || queue.closing() ? refused : ENDED;
    }

    private void work() {
        try {
            while (!queue.ended()) {
                List<PendingWrite<?>> group = List.of();
                try {
                    group = queue.take(LOOK_NANOS);
                    if (!group.isEmpty()) {
                        commit(group);
                    }
                } catch (InterruptedException e) {
                    // nothing of ours interrupts the writer: what waits is still to be written, and close ends it by
                    // the queue
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
     * The machine, not a unit, is at fault: its connection is given up, and health says so until a write is on disk.
     * What fails in here as well must not end the only thread that writes.
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
            // without a word in the log, which may be what failed, and nothing is made anew; who has been told is not
            // told again
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
            if (!together(open, group)) {
                group.removeIf(waiting -> !waiting.take());
                for (PendingWrite<?> waiting : group) {
                    within(open, waiting);
                }
            }
            if (group.isEmpty()) {
                open.rollback();
                return;
            }
            committing = true;
            open.commit();
            taken();
            Optional<LedgerException> trouble = database.trouble();
            if (trouble.isPresent()) {
                // it is on a disk, but perhaps in a file that nobody will find again: nobody is told that it counts
                group.forEach(waiting -> waiting.fail(trouble.get()));
            } else {
                commits.incrementAndGet();
                units.addAndGet(
                        group.stream().filter(waiting -> !waiting.failed()).count());
            }
        } catch (SQLException e) {
            refused = Database.words(e);
            LOG.error("ledger: a transaction of {} writes failed ({})", group.size(), refused);
            database.failed(e);
            disconnect();
            String cause = "the database did not take the write: " + refused;
            boolean answerLost = committing && Database.ofTheConnection(e);
            group.forEach(waiting ->
                    waiting.fail(answerLost && !waiting.failed() ? undecided(cause, e) : unavailable(cause, e)));
        }
        complete(group);
    }

    /** Those first who go before others: to wake each caller takes its time. */
    private static void complete(List<PendingWrite<?>> group) {
        group.stream().filter(PendingWrite::first).forEach(PendingWrite::complete);
        group.stream().filter(waiting -> !waiting.first()).forEach(PendingWrite::complete);
    }

    private void taken() {
        if (!refused.isEmpty()) {
            refused = "";
            LOG.info("the ledger's database takes writes again");
        }
    }

    /**
     * Runs a whole group without a savepoint for each unit, which costs as much as many a unit; nearly all groups end
     * well. Where a unit fails, nothing of the group has happened, and each is run anew within a savepoint of its own.
     * Where a write comes meanwhile that goes before others, it is run next, and what is left of the group waits for
     * the next one.
     *
     * @return false where one failed
     */
    private boolean together(Connection open, List<PendingWrite<?>> group) throws SQLException {
        try {
            int done = 0;
            while (done < group.size()) {
                if (done > 0 && queue.urged()) {
                    queue.overtake(group, done);
                }
                if (group.get(done).take()) {
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
            if (e instanceof SQLException sql && Database.ofTheDisk(sql)) {
                throw sql;
            }
            return true;
        }
    }

    private static RuntimeException failed(Exception e) {
        return e instanceof RuntimeException own ? own : failure(e);
    }

    private static void within(Connection open, PendingWrite<?> waiting) throws SQLException {
        Savepoint before = open.setSavepoint();
        try {
            waiting.run(open);
            open.releaseSavepoint(before);
        } catch (SQLException e) {
            waiting.fail(failure(e));
            try {
                open.rollback(before);
            } catch (SQLException gone) {
                // what came first tells more
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
        if (e instanceof SQLException sql && Database.ofTheData(sql)) {
            return new LedgerException(
                    LedgerException.Kind.NOT_HOLDABLE,
                    "ledger",
                    "data that the columns can hold",
                    "refused with " + Database.words(sql),
                    "correct the data",
                    sql);
        }
        return unavailable("the database did not take or answer it", e);
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
        // first: one that cannot even be released is not used again
        connection = null;
        if (given != null) {
            try {
                database.release(given);
            } catch (SQLException e) {
                LOG.debug("closing the writer's connection", e);
            }
        }
    }

    static LedgerException unavailable(String cause, @Nullable Throwable why) {
        return new LedgerException(
                LedgerException.Kind.UNAVAILABLE,
                "ledger",
                "every write is on disk before it counts",
                cause,
                "try again; see that the database runs and its disk has room",
                why);
    }

    static LedgerException undecided(String cause, @Nullable Throwable why) {
        return new LedgerException(
                LedgerException.Kind.UNDECIDED,
                "ledger",
                "every write is on disk before it counts",
                cause,
                "hand the same in again under the same key, or look for it first",
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
