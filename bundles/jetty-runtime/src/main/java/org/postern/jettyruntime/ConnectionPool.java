package org.postern.jettyruntime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A pool of persistent connections to one server. The connection used last is reused first, so that connections beyond
 * the present need become idle for long and are closed. Each connection in use has a deadline, after which it is
 * aborted. A connection belongs to an epoch: {@link #renew()} begins a new epoch, and no connection of an earlier one
 * is used again. Safe for many threads.
 */
public final class ConnectionPool implements AutoCloseable {

    private static final long CHECK_MILLIS = 100;

    private final Duration maxIdle;
    private final Deque<PooledConnection> idle = new ConcurrentLinkedDeque<>();
    private final Set<Use> uses = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService checks;
    private volatile Object epoch = new Object();
    private volatile boolean closed;

    /** The use of a connection by one thread until a deadline, after which the connection is aborted. */
    public final class Use implements AutoCloseable {

        private final PooledConnection connection;
        private final long deadline;

        private Use(PooledConnection connection, long deadline) {
            this.connection = connection;
            this.deadline = deadline;
        }

        private void abortIfLate() {
            if (closed || System.nanoTime() - deadline >= 0) {
                connection.abort();
            }
        }

        @Override
        public void close() {
            uses.remove(this);
        }
    }

    /**
     * @param thread name of the thread that checks for connections that are past their deadline or idle for too long
     * @param maxIdle a connection that has been idle for this time is closed
     */
    @SuppressWarnings("FutureReturnValueIgnored") // check() catches what a connection throws
    public ConnectionPool(String thread, Duration maxIdle) {
        this.maxIdle = maxIdle;
        this.checks = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread checker = new Thread(task, thread);
            checker.setDaemon(true);
            return checker;
        });
        checks.scheduleWithFixedDelay(this::check, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void check() {
        uses.forEach(use -> ignoreFailure(use::abortIfLate));
        List<PooledConnection> expired = new ArrayList<>();
        // the connection that has been idle longest is last
        for (PooledConnection last = idle.pollLast(); last != null; last = idle.pollLast()) {
            if (!last.idleFor(maxIdle)) {
                idle.addLast(last);
                break;
            }
            expired.add(last);
        }
        expired.forEach(connection -> ignoreFailure(connection::close));
    }

    private static void ignoreFailure(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            // the connection is not used again in any case, and the other connections have to be checked too
        }
    }

    /** The epoch to which connections opened from now on belong. */
    public Object epoch() {
        return epoch;
    }

    /** An idle connection that can be used, taken out of the pool; null where there is none. */
    public @Nullable PooledConnection idleConnection() {
        for (PooledConnection first = idle.pollFirst(); first != null; first = idle.pollFirst()) {
            if (first.epoch() == epoch && !first.idleFor(maxIdle) && first.hasNothingToRead()) {
                return first;
            }
            first.close();
        }
        return null;
    }

    /** Begins a use of the connection, which is aborted after that time unless the use is closed before. */
    public Use use(PooledConnection connection, Duration maxTime) {
        Use use = new Use(connection, System.nanoTime() + maxTime.toNanos());
        uses.add(use);
        if (closed) {
            connection.abort();
        }
        return use;
    }

    /** Puts a connection that can be used again into the pool; closes any other. */
    public void release(PooledConnection connection) {
        if (!connection.reusable() || connection.epoch() != epoch || closed) {
            connection.close();
            return;
        }
        connection.beginIdle();
        idle.addFirst(connection);
        if (closed) {
            closeIdle();
        }
    }

    /** Begins a new epoch: no connection that was opened before is used for another request. */
    public void renew() {
        epoch = new Object();
        closeIdle();
    }

    /**
     * Begins a new epoch, unless one has begun since.
     *
     * @param lost the epoch of a connection that was lost
     */
    public void renew(Object lost) {
        if (epoch == lost) {
            renew();
        }
    }

    private void closeIdle() {
        for (PooledConnection each = idle.pollFirst(); each != null; each = idle.pollFirst()) {
            each.close();
        }
    }

    public boolean closed() {
        return closed;
    }

    /** Aborts the connections in use and closes the idle ones. */
    @Override
    public void close() {
        closed = true;
        checks.shutdownNow();
        uses.forEach(Use::abortIfLate);
        closeIdle();
    }
}
