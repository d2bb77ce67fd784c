package org.postern.gatewayclient.internal;

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

/**
 * The connections that are kept, the one used last first, so that what is not needed grows old and is closed; and those in use, each
 * with the time by which it has to be done. A connection belongs to an epoch; {@link #renew()} begins another one, and none of the
 * former is used again. Safe for many threads.
 */
final class DccPool implements AutoCloseable {

    private static final long TICK_MILLIS = 100;

    private final Duration longestIdle;
    private final Deque<DccConnection> idle = new ConcurrentLinkedDeque<>();
    private final Set<Use> uses = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService ticks = GatewayComponent.daemon("postern-gateway-deadlines");
    private volatile Object epoch = new Object();
    private volatile boolean closed;

    /** A connection in somebody's hands until a time; later it is cut off. */
    final class Use implements AutoCloseable {

        private final DccConnection connection;
        private final long deadline;

        private Use(DccConnection connection, long deadline) {
            this.connection = connection;
            this.deadline = deadline;
        }

        private void cutOffIfLate() {
            if (closed || System.nanoTime() - deadline >= 0) {
                connection.abort();
            }
        }

        @Override
        public void close() {
            uses.remove(this);
        }
    }

    /** @param longestIdle a connection that is idle for so long is given up */
    DccPool(Duration longestIdle) {
        this.longestIdle = longestIdle;
        ticks.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        uses.forEach(Use::cutOffIfLate);
        List<DccConnection> old = new ArrayList<>();
        // the oldest is last
        for (DccConnection last = idle.pollLast(); last != null; last = idle.pollLast()) {
            if (!last.idleFor(longestIdle)) {
                idle.addLast(last);
                break;
            }
            old.add(last);
        }
        old.forEach(DccConnection::close);
    }

    /** What connections opened from now on belong to. */
    Object epoch() {
        return epoch;
    }

    /** A kept connection on which nothing was heard since; null where there is none. */
    DccConnection kept() {
        for (DccConnection first = idle.pollFirst(); first != null; first = idle.pollFirst()) {
            if (first.epoch() == epoch && !first.idleFor(longestIdle) && first.silent()) {
                return first;
            }
            first.close();
        }
        return null;
    }

    /** Cuts the connection off after that time, unless the use is closed before. */
    Use use(DccConnection connection, Duration longest) {
        Use use = new Use(connection, System.nanoTime() + longest.toNanos());
        uses.add(use);
        if (closed) {
            connection.abort();
        }
        return use;
    }

    /** Keeps a connection that is in order, closes another one. */
    void giveBack(DccConnection connection) {
        if (!connection.reusable() || connection.epoch() != epoch || closed) {
            connection.close();
            return;
        }
        connection.idle();
        idle.addFirst(connection);
        if (closed) {
            closeIdle();
        }
    }

    /** From now on no connection is used that was opened before. */
    void renew() {
        epoch = new Object();
        closeIdle();
    }

    /** As {@link #renew()}, if what was lost belongs to the present epoch. */
    void renew(Object lost) {
        if (epoch == lost) {
            renew();
        }
    }

    private void closeIdle() {
        for (DccConnection each = idle.pollFirst(); each != null; each = idle.pollFirst()) {
            each.close();
        }
    }

    boolean closed() {
        return closed;
    }

    /** Cuts off what is in use, closes what is idle. */
    @Override
    public void close() {
        closed = true;
        ticks.shutdownNow();
        uses.forEach(Use::cutOffIfLate);
        closeIdle();
    }
}
