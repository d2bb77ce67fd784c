package org.postern.ledger.internal;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.postern.ledger.LedgerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer. Units of work that are waiting when it is free share one transaction, and so one fsync; a unit that fails is
 * rolled back to its own savepoint and does not touch the others. A future completes only after the commit. A unit whose
 * caller has given up before its turn is not run.
 *
 * <p>No timer is waited for: a lone unit is committed at once, and while that commit runs the next ones gather.
 */
final class GroupCommit implements AutoCloseable {

    /** What is done within the transaction. */
    interface Unit<T> {
        T run(Connection connection) throws SQLException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final int QUEUE = 20_000;
    private static final long OFFER_SECONDS = 10;

    private static final class Waiting<T> {
        private final Unit<T> unit;
        private final CompletableFuture<T> future = new CompletableFuture<>();
        /** Set once, by the writer that runs it or by the caller that no longer wants it. */
        private final AtomicBoolean claimed = new AtomicBoolean();
        private T result;
        private Throwable failure;

        Waiting(Unit<T> unit) {
            this.unit = unit;
        }

        boolean claim() {
            return claimed.compareAndSet(false, true);
        }

        void run(Connection connection) throws SQLException {
            result = unit.run(connection);
        }

        void complete() {
            if (failure != null) {
                future.completeExceptionally(failure);
            } else {
                future.complete(result);
            }
        }
    }

    private final Database database;
    private final int largestGroup;
    private final BlockingQueue<Waiting<?>> queue = new ArrayBlockingQueue<>(QUEUE);
    private final AtomicLong commits = new AtomicLong();
    private final AtomicLong units = new AtomicLong();
    private final Thread thread;
    private volatile boolean closing;
    private volatile String refused = "";
    /** The writer's own, as the connection: whether the present group may be on disk by now. */
    private boolean committing;
    private Connection connection;

    GroupCommit(Database database, int largestGroup) {
        this.database = database;
        this.largestGroup = largestGroup;
        thread = new Thread(this::work, "postern-ledger-writer");
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
        Waiting<T> waiting = handedIn(unit);
        try {
            return waiting.future.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof TimeoutException) {
                String cause = "the database has not taken the write within " + patience.toSeconds() + " s";
                throw waiting.claim() ? unavailable(cause, e) : undecided(cause, e);
            }
            throw e;
        }
    }

    /** Hands a unit in. */
    <T> CompletableFuture<T> submit(Unit<T> unit) {
        return handedIn(unit).future;
    }

    private <T> Waiting<T> handedIn(Unit<T> unit) {
        if (database.silent()) {
            throw unavailable("the database does not answer", null);
        }
        Waiting<T> waiting = new Waiting<>(unit);
        try {
            if (closing || !queue.offer(waiting, OFFER_SECONDS, TimeUnit.SECONDS)) {
                throw closing ? closed() : unavailable("more writes wait than the ledger can take", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("interrupted", e);
        }
        if (closing && queue.remove(waiting)) {
            throw closed();
        }
        return waiting;
    }

    /** Transactions committed since start. */
    long commits() {
        return commits.get();
    }

    /** Units committed since start. */
    long units() {
        return units.get();
    }

    /** Why the database took no write when it was last asked to; empty where it did. */
    String refused() {
        return thread.isAlive() || closing ? refused : "its writer has ended";
    }

    private void work() {
        List<Waiting<?>> group = new ArrayList<>();
        while (!closing || !queue.isEmpty()) {
            try {
                Waiting<?> first = queue.poll(200, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                group.add(first);
                queue.drainTo(group, largestGroup - 1);
                group.removeIf(waiting -> !waiting.claim());
                if (!group.isEmpty()) {
                    commit(group);
                }
            } catch (InterruptedException e) {
                // only close interrupts, and the queue is emptied first
                continue;
            } catch (RuntimeException | Error e) {
                failed(group, e);
            } finally {
                group.clear();
            }
        }
        disconnect();
    }

    /** The machine, not a unit, is at fault: its connection is given up, and health says so until a write is on disk. */
    private void failed(List<Waiting<?>> group, Throwable why) {
        refused = why.getClass().getSimpleName();
        String cause = "the writer failed: " + refused;
        group.forEach(waiting -> waiting.failure = committing && waiting.failure == null ? undecided(cause, why)
                : unavailable(cause, why));
        group.forEach(Waiting::complete);
        disconnect();
        LOG.error("ledger: a transaction of {} writes failed", group.size(), why);
    }

    private void commit(List<Waiting<?>> group) {
        committing = false;
        try {
            Optional<LedgerException> before = database.silent() ? Optional.of(unavailable("the database does not answer", null))
                    : database.trouble();
            if (before.isPresent()) {
                group.forEach(waiting -> waiting.failure = before.get());
                group.forEach(Waiting::complete);
                return;
            }
            Connection open = connected();
            if (group.size() == 1) {
                alone(open, group.get(0));
            } else {
                for (Waiting<?> waiting : group) {
                    within(open, waiting);
                }
            }
            committing = true;
            open.commit();
            taken();
            Optional<LedgerException> trouble = database.trouble();
            if (trouble.isPresent()) {
                // it is on a disk, but perhaps in a file that nobody will find again: nobody is told that it counts
                group.forEach(waiting -> waiting.failure = trouble.get());
            } else {
                commits.incrementAndGet();
                units.addAndGet(group.size());
            }
        } catch (SQLException e) {
            refused = Database.words(e);
            LOG.error("ledger: a transaction of {} writes failed ({})", group.size(), refused);
            database.failed(e);
            disconnect();
            String cause = "the database did not take the write: " + refused;
            boolean answerLost = committing && Database.ofTheConnection(e);
            group.forEach(waiting -> waiting.failure = answerLost && waiting.failure == null ? undecided(cause, e)
                    : unavailable(cause, e));
        }
        group.forEach(Waiting::complete);
    }

    private void taken() {
        if (!refused.isEmpty()) {
            refused = "";
            LOG.info("the ledger's database takes writes again");
        }
    }

    private static void alone(Connection open, Waiting<?> waiting) throws SQLException {
        try {
            waiting.run(open);
        } catch (LedgerException e) {
            waiting.failure = e;
            open.rollback();
        } catch (SQLException e) {
            waiting.failure = failure(e);
            open.rollback();
            if (Database.ofTheDisk(e)) {
                throw e;
            }
        } catch (RuntimeException e) {
            waiting.failure = e;
            open.rollback();
        }
    }

    private static void within(Connection open, Waiting<?> waiting) throws SQLException {
        Savepoint before = open.setSavepoint();
        try {
            waiting.run(open);
            open.releaseSavepoint(before);
        } catch (SQLException e) {
            waiting.failure = failure(e);
            try {
                open.rollback(before);
            } catch (SQLException gone) {
                // what came first tells more
                e.addSuppressed(gone);
                throw e;
            }
        } catch (RuntimeException e) {
            waiting.failure = e;
            open.rollback(before);
        }
    }

    static RuntimeException failure(Exception e) {
        if (e instanceof LedgerException ledger) {
            return ledger;
        }
        if (e instanceof SQLException sql && Database.ofTheData(sql)) {
            return new LedgerException(LedgerException.Kind.NOT_HOLDABLE, "ledger", "data that the columns can hold",
                    "refused with " + Database.words(sql), "correct the data", sql);
        }
        return unavailable("the database did not take or answer it", e);
    }

    private Connection connected() throws SQLException {
        if (connection == null || connection.isClosed()) {
            connection = database.writer();
        }
        return connection;
    }

    private void disconnect() {
        if (connection != null) {
            try {
                database.release(connection);
            } catch (SQLException e) {
                LOG.debug("closing the writer's connection", e);
            }
            connection = null;
        }
    }

    static LedgerException unavailable(String cause, Throwable why) {
        return new LedgerException(LedgerException.Kind.UNAVAILABLE, "ledger", "every write is on disk before it counts", cause,
                "try again; see that the database runs and its disk has room", why);
    }

    static LedgerException undecided(String cause, Throwable why) {
        return new LedgerException(LedgerException.Kind.UNDECIDED, "ledger", "every write is on disk before it counts", cause,
                "hand the same in again under the same key, or look for it first", why);
    }

    private static LedgerException closed() {
        return new LedgerException(LedgerException.Kind.CLOSED, "ledger", "the ledger is open", "it is closing",
                "try again after the restart");
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Waiting<?> left = queue.poll(); left != null; left = queue.poll()) {
            left.future.completeExceptionally(closed());
        }
    }
}
