package org.postern.gatewayclient.internal;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.jspecify.annotations.Nullable;
import org.postern.gatewayclient.GatewayFault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections on which a request is not here whole in time, from the connection's opening or the request's first
 * byte to its last: a sender of one byte now and then is never idle. A connection between two requests is left to the
 * idle timeout.
 */
final class RequestDeadline implements Connection.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(RequestDeadline.class);
    private static final long SWEEP_MILLIS = 250;

    private final long deadline;
    private final LongSupplier nanos;
    private final Map<Connection, Progress> open = new ConcurrentHashMap<>();
    private final Set<Connection> handling = ConcurrentHashMap.newKeySet();
    private final LongAdder closed = new LongAdder();
    private @Nullable ScheduledExecutorService sweeps;

    /**
     * Bytes that a connection had read when its last request was answered, and since when the next one is on its way.
     */
    private record Progress(long bytes, long since, boolean awaited) {}

    /** @param nanos a monotonic clock in nanoseconds */
    RequestDeadline(Duration deadline, LongSupplier nanos) {
        this.deadline = deadline.toNanos();
        this.nanos = nanos;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a connection that does not close ends no sweep
    synchronized void start() {
        ScheduledExecutorService made = GatewayComponent.daemon("postern-receive-response-deadline");
        sweeps = made;
        made.scheduleWithFixedDelay(this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    synchronized void stop() {
        if (sweeps != null) {
            sweeps.shutdownNow();
        }
    }

    /** Connections closed so far. */
    long closed() {
        return closed.sum();
    }

    @Override
    public void onOpened(Connection connection) {
        // TLS has a connection of its own beneath
        if (!(connection instanceof SslConnection)) {
            open.put(connection, new Progress(0, nanos.getAsLong(), true));
        }
    }

    @Override
    public void onClosed(Connection connection) {
        open.remove(connection);
        handling.remove(connection);
    }

    /** The request is here whole: what follows takes the time that we need. */
    void received(Connection connection) {
        handling.add(connection);
    }

    /** The answer is given; the connection waits for its next request. */
    void answered(Connection connection) {
        open.computeIfPresent(connection, (c, before) -> new Progress(c.getBytesIn(), nanos.getAsLong(), false));
        handling.remove(connection);
    }

    private void sweep() {
        long now = nanos.getAsLong();
        open.forEach((connection, before) -> {
            if (handling.contains(connection)) {
                return;
            }
            if (!before.awaited()) {
                if (connection.getBytesIn() > before.bytes()) {
                    open.replace(connection, before, new Progress(before.bytes(), now, true));
                }
            } else if (now - before.since() > deadline) {
                closed.increment();
                LOG.warn(
                        "{} a request was not here whole within {} s: connection closed",
                        GatewayFault.TOO_SLOW.code(),
                        TimeUnit.NANOSECONDS.toSeconds(deadline));
                open.remove(connection);
                try {
                    connection.getEndPoint().close();
                } catch (RuntimeException e) {
                    LOG.warn("{} a connection does not close", GatewayFault.TOO_SLOW.code(), e);
                }
            }
        });
    }
}
