package org.postern.camelruntime;

import jakarta.jms.ConnectionFactory;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.camel.component.jms.JmsConfiguration;

/** The one way in which Postern's routes use JMS: local transactions, a message is gone only when its route is done. */
public final class TransactedJms {

    private static final int RECOVERY_MILLIS = 1000;

    private TransactedJms() {}

    /**
     * A component whose consumers and producers take part in one local JMS transaction per message.
     *
     * @param connections a pooling connection factory; opening a connection per send would be the cost otherwise
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
        // A failure rolls back and the message comes again: one line says so, without the message.
        settings.setErrorHandlerLoggingLevel(org.apache.camel.LoggingLevel.WARN);
        settings.setErrorHandlerLogStackTrace(false);
        // A Service Request is text or bytes: nothing a peer sent is ever deserialised into objects.
        settings.setMapJmsMessage(true);
        settings.setTransferException(false);
        settings.setTransferExchange(false);
        settings.setAllowSerializedHeaders(false);
        return new JmsComponent(settings);
    }
}
