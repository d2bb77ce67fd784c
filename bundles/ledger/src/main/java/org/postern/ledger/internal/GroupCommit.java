package org.postern.ledger.internal;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.postern.ledger.LedgerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer. Units of work that are waiting when it is free share one transaction, and so one fsync; a unit that fails is
 * rolled back to its own savepoint and does not touch the others. A future completes only after the commit.
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
        private T result;
        private Throwable failure;

        Waiting(Unit<T> unit) {
            this.unit = unit;
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
    private Connection connection;

    GroupCommit(Database database, int largestGroup) {
        this.database = database;
        this.largestGroup = largestGroup;
        thread = new Thread(this::work, "postern-ledger-writer");
        thread.setDaemon(true);
        thread.start();
    }

    /** Hands a unit in. */
    <T> CompletableFuture<T> submit(Unit<T> unit) {
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
        return waiting.future;
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
        return refused;
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
                commit(group);
            } catch (InterruptedException e) {
                // only close interrupts, and the queue is emptied first
                continue;
            } finally {
                group.clear();
            }
        }
        disconnect();
    }

    private void commit(List<Waiting<?>> group) {
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
            group.forEach(waiting -> waiting.failure = unavailable("the database did not take the write: " + refused, e));
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

    private static RuntimeException failure(Exception e) {
        if (e instanceof LedgerException ledger) {
            return ledger;
        }
        return unavailable("the database refused the write", e);
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
