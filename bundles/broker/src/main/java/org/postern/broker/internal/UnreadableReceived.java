package org.postern.broker.internal;

import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ICoreMessage;
import org.apache.activemq.artemis.api.core.Interceptor;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.protocol.core.Packet;
import org.apache.activemq.artemis.core.protocol.core.impl.wireformat.MessagePacketI;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.postern.broker.Queues;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Marks a message from an external broker that no JMS client could read with {@link Queues#UNREADABLE_PROPERTY} and
 * makes it readable, so that its consumer receives it and can refuse it. Otherwise the client library would fail on it
 * before Postern's code receives it, and it would be redelivered without end. The embedded broker refuses such a
 * message when it is sent, see {@link ReadableMessages}.
 */
final class UnreadableReceived implements Interceptor {

    private static final Logger LOG = LoggerFactory.getLogger(UnreadableReceived.class);

    @Override
    public boolean intercept(Packet packet, RemotingConnection connection) {
        if (packet.isResponse()
                || !(packet instanceof MessagePacketI received)
                || !(received.getMessage() instanceof ICoreMessage message)) {
            return true;
        }
        String found = unreadable(message);
        if (!found.isEmpty()) {
            LOG.warn(
                    "{} received a message of {} that no JMS client can read: {}",
                    BrokerFault.UNREADABLE.code(),
                    message.getAddress(),
                    found);
            ReadableMessages.unreadableProperties(message).forEach(message::removeProperty);
            message.setType(Message.BYTES_TYPE);
            message.putStringProperty(SimpleString.of(Queues.UNREADABLE_PROPERTY), SimpleString.of(found));
        }
        return true;
    }

    /** The reason why the message cannot be read; empty if it can be read. */
    private static String unreadable(ICoreMessage message) {
        try {
            return !ReadableMessages.readable(message)
                    ? "its type or body, type " + message.getType()
                    : ReadableMessages.unreadableProperties(message).isEmpty() ? "" : "a byte array property";
        } catch (ActiveMQException | RuntimeException e) {
            return "its header, " + e.getClass().getSimpleName();
        }
    }
}
