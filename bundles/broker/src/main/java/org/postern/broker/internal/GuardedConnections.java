package org.postern.broker.internal;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import java.util.Optional;
import java.util.function.Supplier;
import org.postern.catalogue.Fault;

/**
 * Connections to the broker only while it can be used. Otherwise creating a connection fails immediately: an Artemis
 * client would wait for a reconnect, or without limit for space on a full disk.
 */
final class GuardedConnections implements ConnectionFactory {

    private final ConnectionFactory connections;
    private final Supplier<Optional<Fault>> trouble;

    GuardedConnections(ConnectionFactory connections, Supplier<Optional<Fault>> trouble) {
        this.connections = connections;
        this.trouble = trouble;
    }

    private void check() throws JMSException {
        Optional<Fault> fault = trouble.get();
        if (fault.isPresent()) {
            throw new JMSException(
                    "the broker cannot be used: " + fault.get().cause(),
                    fault.get().code());
        }
    }

    private void checkUnchecked() {
        trouble.get().ifPresent(fault -> {
            throw new JMSRuntimeException("the broker cannot be used: " + fault.cause(), fault.code());
        });
    }

    @Override
    public Connection createConnection() throws JMSException {
        check();
        return connections.createConnection();
    }

    @Override
    public Connection createConnection(String user, String password) throws JMSException {
        check();
        return connections.createConnection(user, password);
    }

    @Override
    public JMSContext createContext() {
        checkUnchecked();
        return connections.createContext();
    }

    @Override
    public JMSContext createContext(String user, String password) {
        checkUnchecked();
        return connections.createContext(user, password);
    }

    @Override
    public JMSContext createContext(String user, String password, int sessionMode) {
        checkUnchecked();
        return connections.createContext(user, password, sessionMode);
    }

    @Override
    public JMSContext createContext(int sessionMode) {
        checkUnchecked();
        return connections.createContext(sessionMode);
    }
}
