package org.postern.camelruntime;

import jakarta.jms.ConnectionFactory;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.camel.component.jms.JmsConfiguration;

/**
 * The JMS component of all routes of Postern. It uses local transactions: a message is removed from its queue only when
 * its route has completed.
 */
public final class TransactedJms {

    private static final int RECOVERY_MILLIS = 1000;

    private TransactedJms() {}

    /**
     * A component whose consumers and producers take part in one local JMS transaction per message.
     *
     * @param connections a pooling connection factory; without a pool every send would open a connection
     * @return a new component, to be added to one Camel context
     */
    public static JmsComponent component(ConnectionFactory connections) {
        JmsConfiguration settings = new JmsConfiguration(connections);
        settings.setTransacted(true);
        settings.setLazyCreateTransactionManager(false);
        settings.setCacheLevelName("CACHE_CONSUMER");
        settings.setRecoveryInterval(RECOVERY_MILLIS);
        settings.setAcceptMessagesWhileStopping(false);
        settings.setTestConnectionOnStartup(false);
        // A failure rolls back and the message is redelivered: this is logged in one line without the message.
        settings.setErrorHandlerLoggingLevel(org.apache.camel.LoggingLevel.WARN);
        settings.setErrorHandlerLogStackTrace(false);
        // A Service Request is text or bytes: what a peer sent is never deserialised into objects.
        settings.setMapJmsMessage(true);
        settings.setTransferException(false);
        settings.setTransferExchange(false);
        settings.setAllowSerializedHeaders(false);
        return new JmsComponent(settings);
    }
}
