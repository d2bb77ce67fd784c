package org.postern.delivery.internal;

import jakarta.jms.BytesMessage;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.Destination;
import jakarta.jms.InvalidDestinationRuntimeException;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.postern.broker.Queues;
import org.postern.catalogue.ReplyAddress;
import org.postern.ledger.OutboxEntry;
import org.postern.servicerequests.DeliveryMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends outbox entries, each as one durable message, and returns when the broker has them on disk. Several entries can
 * be sent in one transaction of the broker, which needs only one sync of its journal; either all of them are sent or
 * none.
 *
 * <p>The id of the entry is the duplicate id of the first attempt: if it is sent again after a crash between sending
 * and marking, the broker silently drops the second message. But the broker also stores the duplicate id of a message
 * that it then fails to put into a queue, and would drop the next attempt as well. An attempt after a failed one
 * therefore has a new duplicate id: if the failure came after the message was accepted, the message is in the queue
 * twice with one {@code postern_deliveryId}, but it is never lost. Sending uses its own session and not that of the
 * work message, because the entry may be marked as delivered only when the result is on the disk of the broker; a
 * durable send does not return before that.
 */
final class JmsSender {

    private static final Logger LOG = LoggerFactory.getLogger(JmsSender.class);

    /** Artemis' property for duplicate detection. */
    static final String DUPLICATE_ID = "_AMQ_DUPL_ID";

    private final ConnectionFactory connections;
    private final Duration resultsLive;
    private final Duration copiesLive;
    /** Ids of entries whose last attempt since the start failed, whether or not the ledger could record it. */
    private final Set<String> failed = ConcurrentHashMap.newKeySet();

    /**
     * @param resultsLive time to live of results for a caller; zero: unlimited
     * @param copiesLive time to live of copies that no caller requested
     */
    JmsSender(ConnectionFactory connections, Duration resultsLive, Duration copiesLive) {
        this.connections = connections;
        this.resultsLive = resultsLive;
        this.copiesLive = copiesLive;
    }

    /** Sends one entry; if its temporary queue no longer exists, to the common results queue. */
    void send(OutboxEntry entry, ReplyAddress to) throws JMSException {
        try {
            sendTo(entry, to);
        } catch (JMSException | JMSRuntimeException e) {
            // A temporary queue is removed with the connection of its supplier, but the result must not be lost.
            // Clients differ in which JMS exception reports this; if the cause was the broker, the second attempt fails
            // as well.
            if (!to.temporary() && !(e instanceof InvalidDestinationRuntimeException)) {
                throw e;
            }
            LOG.warn("Delivery {}: its reply queue no longer exists; it is sent to {}", entry.id(), Queues.RESULTS);
            sendTo(entry, new ReplyAddress(ReplyAddress.Kind.QUEUE, Queues.RESULTS, to.json()));
        }
    }

    private void sendTo(OutboxEntry entry, ReplyAddress to) throws JMSException {
        try {
            attempt(entry, to);
        } catch (JMSException | RuntimeException | Error e) {
            failed.add(entry.id());
            throw e;
        }
        failed.remove(entry.id());
    }

    private String duplicateId(OutboxEntry entry) {
        boolean first = entry.attempts() == 0 && !failed.contains(entry.id());
        return first ? entry.id() : entry.id() + "." + UUID.randomUUID();
    }

    /**
     * Sends all entries in one transaction. If it fails, none of them counts as sent, and each has to be sent
     * separately: a single message that cannot be sent, or whose duplicate id the broker knows, fails the whole
     * transaction.
     */
    void sendTogether(List<Delivery> deliveries) throws JMSException {
        try (JMSContext session = connections.createContext(JMSContext.SESSION_TRANSACTED)) {
            try {
                // looked up once for all entries, because the client queries the broker for each look-up and waits for
                // the answer
                Map<ReplyAddress, Destination> destinations = new HashMap<>();
                for (Delivery each : deliveries) {
                    put(
                            session,
                            destinations.computeIfAbsent(each.to(), to -> destination(session, to)),
                            each.entry(),
                            each.to());
                }
                session.commit();
            } catch (JMSException | RuntimeException | Error e) {
                // the pooled session must not retain a part of the transaction
                session.rollback();
                throw e;
            }
        }
        deliveries.forEach(each -> failed.remove(each.entry().id()));
    }

    private void attempt(OutboxEntry entry, ReplyAddress to) throws JMSException {
        try (JMSContext session = connections.createContext(JMSContext.AUTO_ACKNOWLEDGE)) {
            put(session, destination(session, to), entry, to);
        }
    }

    private static Destination destination(JMSContext session, ReplyAddress to) {
        // The destination names the queue of one role, but messages are sent to the address, which routes them by their
        // role property.
        boolean alert = to.name().equals(Queues.ALERTS) || to.name().startsWith(Queues.ALERTS + ".");
        return alert
                ? session.createTopic(Queues.ALERTS)
                : to.kind() == ReplyAddress.Kind.TOPIC
                        ? session.createTopic(to.name())
                        : session.createQueue(to.name());
    }

    private void put(JMSContext session, Destination destination, OutboxEntry entry, ReplyAddress to)
            throws JMSException {
        JMSProducer producer = session.createProducer()
                .setDeliveryMode(DeliveryMode.PERSISTENT)
                .setTimeToLive((to.kind() == ReplyAddress.Kind.COPY ? copiesLive : resultsLive).toMillis());
        Message message = message(session, DeliveryMessage.of(entry, to.json()));
        message.setStringProperty(DUPLICATE_ID, duplicateId(entry));
        producer.send(destination, message);
    }

    private static Message message(JMSContext session, DeliveryMessage delivery) throws JMSException {
        Message message;
        if (delivery.body() instanceof byte[] bytes) {
            BytesMessage binary = session.createBytesMessage();
            binary.writeBytes(bytes);
            message = binary;
        } else {
            message = session.createTextMessage((String) delivery.body());
        }
        for (Map.Entry<String, String> property : delivery.properties().entrySet()) {
            message.setStringProperty(property.getKey(), property.getValue());
        }
        if (delivery.correlationId().isPresent()) {
            message.setJMSCorrelationID(delivery.correlationId().get());
        }
        if (delivery.role().isPresent()) {
            message.setStringProperty(Queues.ROLE_PROPERTY, delivery.role().get());
        }
        return message;
    }
}
