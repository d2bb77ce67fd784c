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
 * Sends outbox entries, each as one durable message; returns when the broker has them on disk. Several at once go in
 * one transaction of the broker, so with one sync of its journal: all of them or none.
 *
 * <p>The entry's id is the duplicate id of the first attempt: sent again after a crash between sending and marking, the
 * broker drops the second without a word. But the broker also keeps the duplicate id of a message that it then fails to
 * put into a queue, and would drop the next attempt as well. So an attempt that follows a failed one has a duplicate id
 * of its own: where the failure came after the message was accepted, the message is there twice under one
 * {@code postern_deliveryId}, never not at all. The send has a session of its own rather than that of the work message,
 * because the entry may be marked as delivered only once the result is on the broker's disk; a durable send returns not
 * before that.
 */
final class JmsSender {

    private static final Logger LOG = LoggerFactory.getLogger(JmsSender.class);

    /** Artemis' property for duplicate detection. */
    static final String DUPLICATE_ID = "_AMQ_DUPL_ID";

    private final ConnectionFactory connections;
    private final Duration resultsLive;
    private final Duration copiesLive;
    /** Failed since the start, whether or not the ledger could note it; only what still waits stands here. */
    private final Set<String> failed = ConcurrentHashMap.newKeySet();

    /**
     * @param resultsLive time to live of what a caller asked for; zero for ever
     * @param copiesLive time to live of copies that nobody asked for
     */
    JmsSender(ConnectionFactory connections, Duration resultsLive, Duration copiesLive) {
        this.connections = connections;
        this.resultsLive = resultsLive;
        this.copiesLive = copiesLive;
    }

    /** By itself; where its temporary queue is gone, to the common results. */
    void send(OutboxEntry entry, ReplyAddress to) throws JMSException {
        try {
            sendTo(entry, to);
        } catch (JMSException | JMSRuntimeException e) {
            // A temporary queue ends with its supplier's connection; the result must not end with it. Which of the JMS
            // exceptions tells so differs between clients: if it was the broker, the second sending fails as well.
            if (!to.temporary() && !(e instanceof InvalidDestinationRuntimeException)) {
                throw e;
            }
            LOG.warn("Delivery {}: its reply queue is gone; it goes to {}", entry.id(), Queues.RESULTS);
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
     * All of them in one transaction. Where it fails, none is known to be there, and each is to be sent by itself: a
     * message that cannot be sent, and one whose duplicate id the broker knows, take the whole transaction with them.
     */
    void sendTogether(List<Delivery> deliveries) throws JMSException {
        try (JMSContext session = connections.createContext(JMSContext.SESSION_TRANSACTED)) {
            try {
                // looked up once for all: the client asks the broker for a queue each time, and waits for its word
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
                // what is pooled must not keep half of it
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
        // A role names its own queue; what fills it is the address, by the role in the message.
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
