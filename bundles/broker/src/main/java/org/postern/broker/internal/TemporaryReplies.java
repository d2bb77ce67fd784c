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
 * Keeps results that a temporary reply queue would take with it. Artemis drops without a word what lies in a temporary
 * queue when its connection ends, and what is sent to an address that has no queue; here the first moves to the common
 * results, and the second fails at the sender, at whatever address: accepted is what lies in a queue.
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
            int kept = queue.moveReferences(null, SimpleString.of(Queues.RESULTS), null);
            if (kept > 0) {
                LOG.warn("{} results lay unread in a temporary queue that ended; they are in {}", kept, Queues.RESULTS);
            }
        } catch (Exception e) {
            LOG.error(
                    "Results in the temporary queue {} could not be kept; they are in the ledger", queue.getName(), e);
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
            throw new ActiveMQNonExistentQueueException("no queue at " + message.getAddress() + ", or it is gone");
        }
    }

    private static boolean temporary(String address) {
        return new ReplyAddress(ReplyAddress.Kind.QUEUE, address, false).temporary();
    }
}
