package org.postern.broker.internal;

import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQNonExistentQueueException;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.postoffice.RoutingStatus;
import org.apache.activemq.artemis.core.security.SecurityAuth;
import org.apache.activemq.artemis.core.server.Queue;
import org.apache.activemq.artemis.core.server.ServerSession;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerMessagePlugin;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerQueuePlugin;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.postern.broker.Queues;
import org.postern.catalogue.ReplyAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prevents the loss of results in temporary reply queues. When a connection ends, Artemis silently drops the messages
 * in its temporary queues; it also silently drops a message that is sent to an address without a queue. With this
 * plugin the former are moved to the common results queue, and sending the latter fails, whatever the address: a
 * message is accepted only if it is in a queue.
 */
final class TemporaryReplies implements ActiveMQServerQueuePlugin, ActiveMQServerMessagePlugin {

    private static final Logger LOG = LoggerFactory.getLogger(TemporaryReplies.class);

    @Override
    public void beforeDestroyQueue(
            Queue queue,
            SecurityAuth session,
            boolean checkConsumerCount,
            boolean removeConsumers,
            boolean autoDeleteAddress) {
        if (!temporary(queue.getAddress().toString())) {
            return;
        }
        try {
            int moved = queue.moveReferences(null, SimpleString.of(Queues.RESULTS), null);
            if (moved > 0) {
                LOG.warn(
                        "{} unread results of a temporary queue that was removed were moved to {}",
                        moved,
                        Queues.RESULTS);
            }
        } catch (Exception e) {
            LOG.error(
                    "Results in the temporary queue {} could not be moved; they are still in the ledger",
                    queue.getName(),
                    e);
        }
    }

    @Override
    public void afterSend(
            ServerSession session,
            Transaction transaction,
            Message message,
            boolean direct,
            boolean noAutoCreate,
            RoutingStatus result)
            throws ActiveMQException {
        if (result == RoutingStatus.NO_BINDINGS && message.getAddress() != null) {
            throw new ActiveMQNonExistentQueueException(
                    "there is no queue at " + message.getAddress() + ", or it was removed");
        }
    }

    private static boolean temporary(String address) {
        return new ReplyAddress(ReplyAddress.Kind.QUEUE, address, false).temporary();
    }
}
