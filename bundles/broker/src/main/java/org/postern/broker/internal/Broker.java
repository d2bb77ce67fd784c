package org.postern.broker.internal;

import jakarta.jms.ConnectionFactory;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.messaginghub.pooled.jms.JmsPoolConnectionFactory;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.postern.appliance.SecretFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.util.Hashtable;

/**
 * Offers one pooled {@link ConnectionFactory} to the routes, to the embedded broker or an external one.
 *
 * <p>Reconnecting is bounded and calls time out: with endless reconnects a dead external broker would block the
 * configuration thread, and with it every other change of settings, for minutes. The consumers try again by themselves.
 */
@Component(immediate = true, service = {}, configurationPid = "org.postern.broker")
@Designate(ocd = BrokerConfig.class)
public final class Broker {

    private static final Logger LOG = LoggerFactory.getLogger(Broker.class);
    private static final int RECONNECTS = 3;
    private static final long RECONNECT_MILLIS = 500;
    private static final long CALL_MILLIS = 5000;
    private static final int SESSIONS_PER_CONNECTION = 64;

    private final EmbeddedBroker embedded;
    private final JmsPoolConnectionFactory pool;
    private final ServiceRegistration<ConnectionFactory> registration;

    @Activate
    public Broker(BundleContext bundle, BrokerConfig config) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // Artemis finds protocols, acceptors and its own parts by name.
        thread.setContextClassLoader(Broker.class.getClassLoader());
        try {
            ActiveMQConnectionFactory connections;
            switch (config.mode()) {
                case "embedded" -> {
                    Path secrets = Path.of(config.secretsFolder());
                    String internal = SecretFile.readOrCreate(secrets.resolve("broker-" + TwoUsers.INTERNAL + ".password"));
                    Path supplierFile = secrets.resolve("broker-" + TwoUsers.SUPPLIER + ".password");
                    embedded = new EmbeddedBroker(config, internal, SecretFile.readOrCreate(supplierFile));
                    connections = new ActiveMQConnectionFactory(EmbeddedBroker.VM_URL);
                    connections.setUser(TwoUsers.INTERNAL);
                    connections.setPassword(internal);
                    LOG.info("Embedded broker up; journal buffer timeout {} us; suppliers connect to {} as '{}' with the"
                                    + " password in {}", embedded.bufferMicros(),
                            config.acceptorPort() > 0 ? "tcp://" + config.acceptorHost() + ":" + config.acceptorPort()
                                    : "nothing", TwoUsers.SUPPLIER, supplierFile.toAbsolutePath());
                }
                case "external" -> {
                    embedded = null;
                    connections = new DeclaringConnections(config.url(), PosternQueues.of(config.alertRoles()));
                    connections.setReconnectAttempts(RECONNECTS);
                    connections.setInitialConnectAttempts(RECONNECTS);
                    connections.setRetryInterval(RECONNECT_MILLIS);
                    connections.setCallTimeout(CALL_MILLIS);
                    connections.setCallFailoverTimeout(CALL_MILLIS);
                    if (!config.user().isBlank()) {
                        connections.setUser(config.user());
                        connections.setPassword(SecretFile.read(Path.of(config.passwordFile())));
                    }
                    LOG.info("External broker {}", connections.getServerLocator().getStaticTransportConfigurations().length
                            + " connector(s)");
                }
                default -> throw new IllegalArgumentException("org.postern.broker: mode must be embedded or external, not "
                        + config.mode());
            }
            connections.setBlockOnDurableSend(true);
            pool = pool(connections, config.connections());
            Hashtable<String, Object> properties = new Hashtable<>();
            properties.put("name", "postern");
            properties.put("mode", config.mode());
            registration = bundle.registerService(ConnectionFactory.class, pool, properties);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    static JmsPoolConnectionFactory pool(ActiveMQConnectionFactory connections, int size) {
        JmsPoolConnectionFactory pool = new JmsPoolConnectionFactory();
        pool.setConnectionFactory(connections);
        pool.setMaxConnections(size);
        pool.setMaxSessionsPerConnection(SESSIONS_PER_CONNECTION);
        pool.setBlockIfSessionPoolIsFull(true);
        pool.setUseAnonymousProducers(true);
        pool.start();
        return pool;
    }

    @Deactivate
    void stop() throws Exception {
        registration.unregister();
        pool.stop();
        if (embedded != null) {
            embedded.close();
        }
    }
}
