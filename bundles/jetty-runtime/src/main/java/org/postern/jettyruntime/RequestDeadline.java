package org.postern.jettyruntime;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends connections on which a request has not arrived completely in time. The time runs from the opening of the
 * connection, or from the first byte of a later request, to the last byte of the request: Jetty's idle timeout is reset
 * by every byte, so a client that sends one byte now and then would never exceed it. A connection between two requests
 * has a separate idle time. Safe for many threads.
 */
public final class RequestDeadline implements Connection.Listener, AutoCloseable {

    /** What a listener does when a request is late. */
    public interface LateRequest {

        /**
         * Reports a late request.
         *
         * @param begun true where at least one byte of it has arrived
         * @return the bytes of an HTTP answer, sent where the head of the request has not arrived and so no handler can
         *     answer; empty to close without an answer
         */
        byte[] late(boolean begun);
    }

    private static final Logger LOG = LoggerFactory.getLogger(RequestDeadline.class);
    private static final long CHECK_MILLIS = 250;
    /**
     * Time between the answer to a late request and the end of its connection. Closing at once, while unread bytes are
     * there, would reset the connection, and the client could lose the answer.
     */
    private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final Runnable NO_ANSWER = () -> {};

    private final String thread;
    private final long deadline;
    private final long idle;
    private final LongSupplier nanos;
    private final LateRequest late;
    private final Map<Connection, Watched> open = new ConcurrentHashMap<>();
    private @Nullable ScheduledExecutorService checks;

    private enum Phase {
        /** A request is awaited, or is arriving. */
        ARRIVING,
        /** The request has arrived completely and is not answered yet. */
        HANDLED,
        /** Between two requests. */
        IDLE,
        /** The request was late; the connection is about to be closed. */
        LATE
    }

    /** The state of one connection, guarded by its own monitor. */
    private final class Watched {

        private final Connection connection;
        private Phase phase = Phase.ARRIVING;
        private long since = nanos.getAsLong();
        /** Bytes that the connection had read when its last request was answered. */
        private long before;
        /** Answers the late request through its handler, once its head has been read. */
        private @Nullable Runnable answer;

        private Watched(Connection connection) {
            this.connection = connection;
        }

        private synchronized void enter(Phase next) {
            phase = next;
            since = nanos.getAsLong();
        }

        private synchronized boolean headRead(Runnable ifLate) {
            if (phase == Phase.LATE) {
                return false;
            }
            if (phase == Phase.IDLE) {
                enter(Phase.ARRIVING);
            }
            answer = ifLate;
            return true;
        }

        private synchronized boolean received() {
            if (phase == Phase.LATE) {
                return false;
            }
            answer = null;
            enter(Phase.HANDLED);
            return true;
        }

        private synchronized void answered() {
            if (phase != Phase.LATE) {
                answer = null;
                before = connection.getBytesIn();
                enter(Phase.IDLE);
            }
        }

        /** @return what is to be done outside the monitor */
        private synchronized Runnable check() {
            long waited = nanos.getAsLong() - since;
            switch (phase) {
                case ARRIVING -> {
                    if (waited > deadline) {
                        enter(Phase.LATE);
                        return late(connection.getBytesIn() > before, answer);
                    }
                }
                case IDLE -> {
                    if (connection.getBytesIn() > before) {
                        enter(Phase.ARRIVING);
                    } else if (waited > idle) {
                        return this::end;
                    }
                }
                case LATE -> {
                    if (waited > LINGER_NANOS) {
                        return this::end;
                    }
                }
                default -> {}
            }
            return NO_ANSWER;
        }

        private Runnable late(boolean begun, @Nullable Runnable byHandler) {
            if (byHandler == NO_ANSWER) {
                return this::end;
            }
            return () -> {
                byte[] raw = late.late(begun);
                if (raw.length == 0) {
                    end();
                } else if (byHandler != null) {
                    byHandler.run();
                } else {
                    // no handler uses this connection, so nothing else is being written to it
                    connection.getEndPoint().write(Callback.from(() -> {}, failure -> end()), ByteBuffer.wrap(raw));
                }
            };
        }

        private void end() {
            open.remove(connection);
            connection.getEndPoint().close();
        }
    }

    /**
     * Does nothing until it is started.
     *
     * @param thread name of the thread that checks
     * @param deadline time within which a request has to arrive completely
     * @param idle time for which a connection may be idle between two requests
     * @param nanos a monotonic clock in nanoseconds
     * @param late decides about late requests
     */
    public RequestDeadline(String thread, Duration deadline, Duration idle, LongSupplier nanos, LateRequest late) {
        this.thread = thread;
        this.deadline = deadline.toNanos();
        this.idle = idle.toNanos();
        this.nanos = nanos;
        this.late = late;
    }

    /** Begins to check the connections. */
    @SuppressWarnings("FutureReturnValueIgnored") // a connection that does not close ends no check
    synchronized void start() {
        ScheduledExecutorService made = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread checker = new Thread(task, thread);
            checker.setDaemon(true);
            return checker;
        });
        checks = made;
        made.scheduleWithFixedDelay(this::check, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public synchronized void close() {
        if (checks != null) {
            checks.shutdownNow();
        }
    }

    @Override
    public void onOpened(Connection connection) {
        // the TLS layer is a connection of its own below the HTTP connection
        if (!(connection instanceof SslConnection)) {
            open.put(connection, new Watched(connection));
        }
    }

    @Override
    public void onClosed(Connection connection) {
        open.remove(connection);
    }

    /**
     * The head of a request has been read and passed to a handler.
     *
     * @param ifLate answers the request where the rest of it is late; the connection is closed a moment later
     * @return false where the request was late already and was answered: the handler must not answer it
     */
    public boolean headRead(Connection connection, Runnable ifLate) {
        Watched watched = open.get(connection);
        return watched == null || watched.headRead(ifLate);
    }

    /** The request was answered before its body arrived: where the body is late, the connection is only closed. */
    public boolean answeredEarly(Connection connection) {
        return headRead(connection, NO_ANSWER);
    }

    /**
     * The request has arrived completely: the time until its answer does not count towards the deadline.
     *
     * @return false where the request was late and was answered: the handler must not answer it
     */
    public boolean received(Connection connection) {
        Watched watched = open.get(connection);
        return watched == null || watched.received();
    }

    /** The answer has been written; the connection waits for its next request. */
    public void answered(Connection connection) {
        Watched watched = open.get(connection);
        if (watched != null) {
            watched.answered();
        }
    }

    private void check() {
        open.values().forEach(watched -> {
            try {
                watched.check().run();
            } catch (RuntimeException e) {
                LOG.warn("a late connection could not be answered and is closed", e);
                watched.end();
            }
        });
    }
}
