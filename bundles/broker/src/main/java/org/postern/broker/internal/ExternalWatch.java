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
 * Holds one connection to the external broker, on a thread of its own, so that its going and coming is known without
 * asking.
 */
final class ExternalWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ExternalWatch.class);
    private static final long LOOK_MILLIS = 1_000;
    /** Looks between two counts of the queues. */
    private static final int COUNT_EVERY = 5;

    private final ConnectionFactory connections;
    private final BrokerState state;
    private final List<String> queues;
    private int looks;
    private final AtomicReference<Connection> held = new AtomicReference<>();
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "postern-broker-watch");
        thread.setDaemon(true);
        thread.setContextClassLoader(ExternalWatch.class.getClassLoader());
        return thread;
    });

    /**
     * Begins to look.
     *
     * @param connections not pooled and not guarded
     * @param queues names of the queues whose messages are counted, where they are there
     */
    ExternalWatch(ConnectionFactory connections, BrokerState state, List<String> queues) {
        this.queues = queues;
        this.connections = connections;
        this.state = state;
        PeriodicTask.start(
                watch, "the check of the external broker", this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        Connection now = held.get();
        if (now != null) {
            if (looks++ % COUNT_EVERY == 0) {
                count(now);
            }
            return;
        }
        looks = 0;
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

    /** Asks the broker; where it does not answer, its going is said by the connection. */
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
            LOG.debug("the queues were not counted", e);
        }
        if (held.get() == connection) {
            state.counted(messages);
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
