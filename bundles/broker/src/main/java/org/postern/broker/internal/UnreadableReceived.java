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
 * Makes of a message that no JMS client could read one that is marked by {@link Queues#UNREADABLE_PROPERTY}, as it
 * comes from an external broker, which does not refuse it at its sending as {@link ReadableMessages} does. The client's
 * library would fail on it before anything of ours sees it, and it would come again for ever; so its taker sees it, and
 * can refuse it.
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
                    "{} a message of {} that no JMS client can read: {}",
                    BrokerFault.UNREADABLE.code(),
                    message.getAddress(),
                    found);
            ReadableMessages.unreadableProperties(message).forEach(message::removeProperty);
            message.setType(Message.BYTES_TYPE);
            message.putStringProperty(SimpleString.of(Queues.UNREADABLE_PROPERTY), SimpleString.of(found));
        }
        return true;
    }

    /** What about it cannot be read; empty where it can. */
    private static String unreadable(ICoreMessage message) {
        try {
            return !ReadableMessages.readable(message)
                    ? "its type or body, type " + message.getType()
                    : ReadableMessages.unreadableProperties(message).isEmpty() ? "" : "a property of bytes";
        } catch (ActiveMQException | RuntimeException e) {
            return "its head, " + e.getClass().getSimpleName();
        }
    }
}
