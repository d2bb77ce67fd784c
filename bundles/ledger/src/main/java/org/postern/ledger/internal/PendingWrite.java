package org.postern.ledger.internal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** A unit of work between its caller and the writer. */
final class PendingWrite<T> {

    private final GroupCommit.Unit<T> unit;
    private final boolean hurried;
    private final long since;
    private final CompletableFuture<T> future = new CompletableFuture<>();
    /** Set once, by the writer that runs it or by the caller that no longer wants it. */
    private final AtomicBoolean claimed = new AtomicBoolean();
    private T result;
    private Throwable failure;

    /**
     * @param hurried true where somebody waits for it
     * @param since   when it was handed in, of the monotonic clock in nanoseconds
     */
    PendingWrite(GroupCommit.Unit<T> unit, boolean hurried, long since) {
        this.unit = unit;
        this.hurried = hurried;
        this.since = since;
    }

    boolean hurried() {
        return hurried;
    }

    long since() {
        return since;
    }

    CompletableFuture<T> future() {
        return future;
    }

    boolean claim() {
        return claimed.compareAndSet(false, true);
    }

    void run(Connection connection) throws SQLException {
        result = unit.run(connection);
    }

    boolean failed() {
        return failure != null;
    }

    void fail(Throwable why) {
        failure = why;
    }

    /** Tells the caller how it ended: after the commit, and after the look that follows it. */
    void complete() {
        if (failure != null) {
            future.completeExceptionally(failure);
        } else {
            future.complete(result);
        }
    }
}
