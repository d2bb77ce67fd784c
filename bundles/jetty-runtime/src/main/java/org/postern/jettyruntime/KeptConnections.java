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
 * The connections that are kept, the one used last first, so that what is not needed grows old and is closed; and those
 * in use, each with the time by which it has to be done. A connection belongs to an epoch; {@link #renew()} begins
 * another one, and none of the former is used again. Safe for many threads.
 */
public final class KeptConnections implements AutoCloseable {

    private static final long TICK_MILLIS = 100;

    private final Duration longestIdle;
    private final Deque<KeptConnection> idle = new ConcurrentLinkedDeque<>();
    private final Set<Use> uses = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService ticks;
    private volatile Object epoch = new Object();
    private volatile boolean closed;

    /** A connection in somebody's hands until a time; later it is cut off. */
    public final class Use implements AutoCloseable {

        private final KeptConnection connection;
        private final long deadline;

        private Use(KeptConnection connection, long deadline) {
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

    /**
     * @param thread name of the thread that looks for what is late or old
     * @param longestIdle a connection that is idle for so long is given up
     */
    @SuppressWarnings("FutureReturnValueIgnored") // a connection that does not close ends no tick
    public KeptConnections(String thread, Duration longestIdle) {
        this.longestIdle = longestIdle;
        this.ticks = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread ticking = new Thread(task, thread);
            ticking.setDaemon(true);
            return ticking;
        });
        ticks.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        uses.forEach(use -> quietly(use::cutOffIfLate));
        List<KeptConnection> old = new ArrayList<>();
        // the oldest is last
        for (KeptConnection last = idle.pollLast(); last != null; last = idle.pollLast()) {
            if (!last.idleFor(longestIdle)) {
                idle.addLast(last);
                break;
            }
            old.add(last);
        }
        old.forEach(connection -> quietly(connection::close));
    }

    private static void quietly(Runnable end) {
        try {
            end.run();
        } catch (RuntimeException e) {
            // it is given up all the same, and the next tick looks after the others
        }
    }

    /** What connections opened from now on belong to. */
    public Object epoch() {
        return epoch;
    }

    /** A kept connection on which nothing was heard since; null where there is none. */
    public @Nullable KeptConnection kept() {
        for (KeptConnection first = idle.pollFirst(); first != null; first = idle.pollFirst()) {
            if (first.epoch() == epoch && !first.idleFor(longestIdle) && first.silent()) {
                return first;
            }
            first.close();
        }
        return null;
    }

    /** Cuts the connection off after that time, unless the use is closed before. */
    public Use use(KeptConnection connection, Duration longest) {
        Use use = new Use(connection, System.nanoTime() + longest.toNanos());
        uses.add(use);
        if (closed) {
            connection.abort();
        }
        return use;
    }

    /** Keeps a connection that is in order, closes another one. */
    public void giveBack(KeptConnection connection) {
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
    public void renew() {
        epoch = new Object();
        closeIdle();
    }

    /** As {@link #renew()}, if what was lost belongs to the present epoch. */
    public void renew(Object lost) {
        if (epoch == lost) {
            renew();
        }
    }

    private void closeIdle() {
        for (KeptConnection each = idle.pollFirst(); each != null; each = idle.pollFirst()) {
            each.close();
        }
    }

    public boolean closed() {
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
