package org.postern.broker.internal;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import java.util.List;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.activemq.artemis.jms.client.ActiveMQSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections to an external broker. Each new connection creates the queues that do not exist: an alert that is sent to
 * an address without queues would be dropped silently, and after a restart or a failover to another node it is not
 * known which queues exist.
 *
 * <p>If the user of Postern may not create queues, the configuration of the broker must declare them; the log names the
 * missing ones.
 */
final class DeclaringConnections extends ActiveMQConnectionFactory {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(DeclaringConnections.class);

    private final transient List<QueueConfiguration> queues;

    DeclaringConnections(String url, List<QueueConfiguration> queues) {
        super(url);
        this.queues = List.copyOf(queues);
    }

    @Override
    public Connection createConnection(String user, String password) throws JMSException {
        Connection connection = super.createConnection(user, password);
        try (Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
            ClientSession core = ((ActiveMQSession) session).getCoreSession();
            for (QueueConfiguration queue : queues) {
                declare(core, queue);
            }
        } catch (JMSException | RuntimeException e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    private static void declare(ClientSession session, QueueConfiguration queue) throws JMSException {
        try {
            if (!session.queueQuery(queue.getName()).isExists()) {
                session.createQueue(queue);
                LOG.info("Created queue {} on the external broker", queue.getName());
            }
        } catch (ActiveMQException e) {
            switch (e.getType()) {
                case QUEUE_EXISTS -> LOG.debug("Queue {} was created by another connection", queue.getName());
                case SECURITY_EXCEPTION ->
                    LOG.warn(
                            "The external broker has no queue {} that Postern may use, and Postern may"
                                    + " not create it",
                            queue.getName());
                default -> {
                    JMSException failed =
                            new JMSException("cannot query queue " + queue.getName() + ": " + e.getType());
                    failed.setLinkedException(e);
                    throw failed;
                }
            }
        }
    }
}
