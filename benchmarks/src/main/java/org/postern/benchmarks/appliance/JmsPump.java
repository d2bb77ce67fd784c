package org.postern.benchmarks.appliance;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/** Hands requests in by JMS, several to a transaction, as a supplier's system does that has many. */
final class JmsPump extends ThreadPump {

    private static final int TOGETHER = 16;
    private static final long LOOK_NANOS = 1_000_000;

    private final Connection broker;

    /** @param broker stays its owner's, who closes it after this */
    JmsPump(Connection broker, InFlight inFlight) {
        super("driver-jms", "the connection to the broker", inFlight);
        this.broker = broker;
        start();
    }

    @Override
    void pump() throws JMSException {
        try (Session session = broker.createSession(true, Session.SESSION_TRANSACTED)) {
            MessageProducer producer = session.createProducer(session.createQueue("postern.requests"));
            while (!closed) {
                int sent = 0;
                while (sent < TOGETHER && inFlight.open() < limit) {
                    TextMessage message =
                            session.createTextMessage(new String(requests.next(), StandardCharsets.UTF_8));
                    message.setJMSCorrelationID(LoadDriver.CORRELATION + inFlight.begin(System.nanoTime()));
                    message.setStringProperty("posternFormat", "json");
                    producer.send(message);
                    sent++;
                }
                if (sent > 0) {
                    session.commit();
                } else {
                    LockSupport.parkNanos(LOOK_NANOS);
                }
            }
        }
    }
}
