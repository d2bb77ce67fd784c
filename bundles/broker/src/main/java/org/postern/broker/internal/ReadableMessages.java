package org.postern.broker.internal;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQExceptionType;
import org.apache.activemq.artemis.api.core.ICoreMessage;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.client.impl.ClientLargeMessageInternal;
import org.apache.activemq.artemis.core.message.LargeBodyReader;
import org.apache.activemq.artemis.core.server.ServerSession;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerMessagePlugin;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.postern.broker.Queues;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses a request when it is sent if no JMS client could read it. Such a message fails within the client library
 * before Postern's code receives it: its delivery attempts are not counted, so it would be redelivered without end and
 * block all messages behind it.
 */
public final class ReadableMessages implements ActiveMQServerMessagePlugin {

    private static final Logger LOG = LoggerFactory.getLogger(ReadableMessages.class);
    /** One byte that states whether there is a text, and four bytes with its length. */
    private static final int TEXT_HEADER_BYTES = 5;

    @Override
    public void beforeSend(
            ServerSession session, Transaction transaction, Message message, boolean direct, boolean noAutoCreateQueue)
            throws ActiveMQException {
        if (request(message)
                && !(readable(message.toCore()) && unreadableProperties(message).isEmpty())) {
            LOG.warn(
                    "{} a message from {} was refused when it was sent",
                    BrokerFault.UNREADABLE.code(),
                    session.getUsername());
            throw new ActiveMQException(
                    BrokerFault.UNREADABLE
                            .fault("message", "type " + message.toCore().getType())
                            .toString(),
                    ActiveMQExceptionType.ILLEGAL_STATE);
        }
    }

    /** Artemis also accepts the fully qualified form {@code address::queue}. */
    private static boolean request(Message message) {
        String address = String.valueOf(message.getAddress());
        return address.equals(Queues.REQUESTS) || address.startsWith(Queues.REQUESTS + "::");
    }

    /**
     * True if a JMS client can convert the message to a text or bytes message. For a large message on the client side
     * only its type is checked.
     */
    static boolean readable(ICoreMessage message) throws ActiveMQException {
        return switch (message.getType()) {
            case Message.DEFAULT_TYPE, Message.BYTES_TYPE -> true;
            case Message.TEXT_TYPE -> isText(message);
            default -> false;
        };
    }

    /**
     * JMS has no byte array properties. Artemis uses some internally; of these a client reads only the message group.
     */
    static List<SimpleString> unreadableProperties(Message message) {
        return message.getPropertyNames().stream()
                .filter(name -> !name.toString().startsWith("_AMQ") || name.equals(Message.HDR_GROUP_ID))
                .filter(name -> message.getObjectProperty(name) instanceof byte[])
                .toList();
    }

    private static boolean isText(ICoreMessage message) throws ActiveMQException {
        ByteBuffer head = ByteBuffer.allocate(TEXT_HEADER_BYTES);
        long size;
        if (message.isLargeMessage() && message instanceof ClientLargeMessageInternal) {
            return true;
        }
        if (message.isLargeMessage()) {
            try (LargeBodyReader reader = message.getLargeBodyReader()) {
                reader.open();
                size = reader.getSize();
                reader.readInto(head);
            } catch (ActiveMQException e) {
                throw e;
            } catch (Exception e) {
                throw new ActiveMQException(e.getMessage(), e, ActiveMQExceptionType.INTERNAL_ERROR);
            }
        } else {
            var body = message.getReadOnlyBodyBuffer();
            size = body.readableBytes();
            byte[] bytes = new byte[(int) Math.min(TEXT_HEADER_BYTES, size)];
            body.readBytes(bytes);
            head.put(bytes);
        }
        int length = head.getInt(1);
        return size >= 1 && head.get(0) == 0
                || size >= TEXT_HEADER_BYTES && length >= 0 && length <= size - TEXT_HEADER_BYTES;
    }
}
