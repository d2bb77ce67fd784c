package org.postern.ledger.internal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A submitted unit of work, shared by its caller and the writer. */
final class PendingWrite<T> {

    private enum Claim {
        NONE,
        STARTED,
        GIVEN_UP
    }

    private final GroupCommit.Unit<T> unit;
    private final boolean prepayment;
    private final boolean awaited;
    private final long since;
    private final CompletableFuture<T> future = new CompletableFuture<>();
    /** Whether the writer has started the unit or the caller has given it up. */
    private final AtomicReference<Claim> claim = new AtomicReference<>(Claim.NONE);

    private long number;
    private @Nullable T result;
    private @Nullable Throwable failure;

    /**
     * @param prepayment true for the prepayment lane, which is written before others
     * @param awaited true if a caller waits for it
     * @param since when it was submitted, in nanoseconds of the monotonic clock
     */
    PendingWrite(GroupCommit.Unit<T> unit, boolean prepayment, boolean awaited, long since) {
        this.unit = unit;
        this.prepayment = prepayment;
        this.awaited = awaited;
        this.since = since;
    }

    boolean prepayment() {
        return prepayment;
    }

    boolean awaited() {
        return awaited;
    }

    long since() {
        return since;
    }

    CompletableFuture<T> future() {
        return future;
    }

    /** Sequence number in the order of submission; set and read by the queue. */
    long number() {
        return number;
    }

    void number(long given) {
        number = given;
    }

    /**
     * Called by the writer before it runs the unit, for the first time or again; false if its caller has given it up.
     */
    boolean start() {
        return claim.compareAndSet(Claim.NONE, Claim.STARTED) || claim.get() == Claim.STARTED;
    }

    /** Called by a caller that no longer waits; false if the writer has started the unit, so that it may be written. */
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

    /** Reports the result to the caller, after the commit and the check of the files that follows it. */
    void complete() {
        if (failure != null) {
            future.completeExceptionally(failure);
        } else {
            future.complete(result);
        }
    }
}
