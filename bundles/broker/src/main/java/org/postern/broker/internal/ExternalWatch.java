package org.postern.broker.internal;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.jms.client.ActiveMQConnection;
import org.postern.appliance.PeriodicTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one connection to the external broker open on a separate thread, so that the loss and the return of the broker
 * are detected without a request.
 */
final class ExternalWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ExternalWatch.class);
    private static final long CHECK_MILLIS = 1_000;
    /** The messages in the queues are counted at every fifth check. */
    private static final int COUNT_EVERY = 5;

    private final ConnectionFactory connections;
    private final BrokerState state;
    private final List<String> queues;
    private int checks;
    private final AtomicReference<Connection> held = new AtomicReference<>();
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "postern-broker-watch");
        thread.setDaemon(true);
        thread.setContextClassLoader(ExternalWatch.class.getClassLoader());
        return thread;
    });

    /**
     * Starts the checks.
     *
     * @param connections neither pooled nor guarded
     * @param queues names of the queues whose messages are counted; those that do not exist are ignored
     */
    ExternalWatch(ConnectionFactory connections, BrokerState state, List<String> queues) {
        this.queues = queues;
        this.connections = connections;
        this.state = state;
        PeriodicTask.start(
                watch, "the check of the external broker", this::check, 0, CHECK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void check() {
        Connection now = held.get();
        if (now != null) {
            if (checks++ % COUNT_EVERY == 0) {
                count(now);
            }
            return;
        }
        checks = 0;
        try {
            Connection connection = connections.createConnection();
            held.set(connection);
            connection.setExceptionListener(lost -> gone(connection, lost));
            connection.start();
            state.up();
        } catch (JMSException | RuntimeException | Error e) {
            state.down(BrokerState.away(e.toString()));
            drop();
        }
    }

    /** Queries the broker. If it does not answer, the exception listener of the connection reports its loss. */
    private void count(Connection connection) {
        Map<String, Long> messages = new LinkedHashMap<>();
        try {
            ClientSession session = ((ActiveMQConnection) connection).getInitialSession();
            for (String queue : queues) {
                ClientSession.QueueQuery found = session.queueQuery(SimpleString.of(queue));
                if (found.isExists()) {
                    messages.put(queue, found.getMessageCount());
                }
            }
        } catch (ActiveMQException | RuntimeException | Error e) {
            LOG.debug("The messages in the queues were not counted", e);
        }
        if (held.get() == connection) {
            state.counted(messages);
        }
    }

    private void gone(Connection connection, JMSException why) {
        if (held.get() == connection) {
            state.down(BrokerState.away("the connection was lost: " + why.getMessage()));
            // Closing waits for the broker, so it is done on the thread of the watch and not on a thread of the client
            // library.
            try {
                watch.execute(this::drop);
            } catch (java.util.concurrent.RejectedExecutionException closing) {
                LOG.debug("The watch is being closed");
            }
        }
    }

    private void drop() {
        Connection connection = held.getAndSet(null);
        if (connection != null) {
            try {
                connection.close();
            } catch (JMSException e) {
                LOG.debug("The lost connection did not close cleanly", e);
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
