package org.postern.ledger.internal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A unit of work between its caller and the writer. */
final class PendingWrite<T> {

    private enum Claim {
        NONE,
        TAKEN,
        GIVEN_UP
    }

    private final GroupCommit.Unit<T> unit;
    private final boolean first;
    private final boolean hurried;
    private final long since;
    private final CompletableFuture<T> future = new CompletableFuture<>();
    /** By the writer that runs it, or by the caller that no longer wants it. */
    private final AtomicReference<Claim> claim = new AtomicReference<>(Claim.NONE);

    private long number;
    private @Nullable T result;
    private @Nullable Throwable failure;

    /**
     * @param first true where it goes before others
     * @param hurried true where somebody waits for it
     * @param since when it was handed in, of the monotonic clock in nanoseconds
     */
    PendingWrite(GroupCommit.Unit<T> unit, boolean first, boolean hurried, long since) {
        this.unit = unit;
        this.first = first;
        this.hurried = hurried;
        this.since = since;
    }

    boolean first() {
        return first;
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

    /** Which one it is of all that were handed in; set and read by the queue. */
    long number() {
        return number;
    }

    void number(long given) {
        number = given;
    }

    /** The writer runs it, now or anew; false where its caller has given it up. */
    boolean take() {
        return claim.compareAndSet(Claim.NONE, Claim.TAKEN) || claim.get() == Claim.TAKEN;
    }

    /** The caller no longer wants it; false where the writer has it, so that it may be written. */
    boolean giveUp() {
        return claim.compareAndSet(Claim.NONE, Claim.GIVEN_UP);
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
