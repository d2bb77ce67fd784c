package org.postern.broker.internal;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds one connection to the external broker, on a thread of its own, so that its going and coming is known without
 * asking.
 */
final class ExternalWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ExternalWatch.class);
    private static final long LOOK_MILLIS = 1_000;

    private final ConnectionFactory connections;
    private final BrokerState state;
    private final AtomicReference<Connection> held = new AtomicReference<>();
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "postern-broker-watch");
        thread.setDaemon(true);
        thread.setContextClassLoader(ExternalWatch.class.getClassLoader());
        return thread;
    });

    /** @param connections not pooled and not guarded */
    ExternalWatch(ConnectionFactory connections, BrokerState state) {
        this.connections = connections;
        this.state = state;
        watch.scheduleWithFixedDelay(this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        if (held.get() != null) {
            return;
        }
        try {
            Connection connection = connections.createConnection();
            held.set(connection);
            connection.setExceptionListener(lost -> gone(connection, lost));
            connection.start();
            state.up();
        } catch (JMSException | RuntimeException e) {
            state.down(BrokerState.away(e.toString()));
            drop();
        }
    }

    private void gone(Connection connection, JMSException why) {
        if (held.get() == connection) {
            state.down(BrokerState.away("the connection was lost: " + why.getMessage()));
            // Closing waits for the broker; that is the watch's business, not that of the client's thread.
            try {
                watch.execute(this::drop);
            } catch (java.util.concurrent.RejectedExecutionException closing) {
                LOG.debug("closing");
            }
        }
    }

    private void drop() {
        Connection connection = held.getAndSet(null);
        if (connection != null) {
            try {
                connection.close();
            } catch (JMSException e) {
                LOG.debug("the lost connection did not close in order", e);
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        watch.shutdownNow();
        watch.awaitTermination(5, TimeUnit.SECONDS);
        drop();
    }
}
