package org.postern.broker.internal;

import jakarta.jms.ConnectionFactory;
import java.beans.Introspector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Hashtable;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMConnector;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.messaginghub.pooled.jms.JmsPoolConnectionFactory;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.postern.appliance.OwnThread;
import org.postern.appliance.SecretFile;
import org.postern.catalogue.PartHealth;
import org.postern.catalogue.settings.SettingsTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes one pooled {@link ConnectionFactory} for the routes, which connects to the embedded or to an external
 * broker. The service stays registered while the broker is unavailable or restarts; connecting fails immediately during
 * that time, and {@link PartHealth} gives the reason.
 *
 * <p>The number of reconnects is limited and calls have a timeout: with unlimited reconnects an external broker that is
 * down would block the configuration thread, and so every other change of settings, for minutes. The consumers retry by
 * themselves.
 */
@Component(
        immediate = true,
        service = {},
        configurationPid = SettingsTable.IN_FORCE + "org.postern.broker",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = BrokerConfig.class)
public final class Broker {

    private static final Logger LOG = LoggerFactory.getLogger(Broker.class);
    private static final int RECONNECTS = 3;
    private static final long RECONNECT_MILLIS = 500;
    private static final long CALL_MILLIS = 5000;
    private static final int SESSIONS_PER_CONNECTION = 64;
    private static final long SESSION_WAIT_MILLIS = 5000;
    private static final Duration STOP_WITHIN = Duration.ofSeconds(60);
    private static final int HALTED = 70;

    /** The parts that are started and stopped together. */
    private record Parts(AutoCloseable watch, ActiveMQConnectionFactory connections, JmsPoolConnectionFactory pool) {}

    private final BrokerState state;
    private final Parts parts;
    private final ServiceRegistration<ConnectionFactory> registration;
    private final ServiceRegistration<PartHealth> health;

    @Activate
    public Broker(BundleContext bundle, BrokerConfig config) throws Exception {
        state = new BrokerState(config.mode().equals("external"));
        // Artemis loads protocols, acceptors and its own parts by class name.
        parts = OwnThread.call("postern-broker-start", Broker.class.getClassLoader(), () -> start(bundle, config));
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put("name", "postern");
        properties.put("mode", config.mode());
        ConnectionFactory guarded = new GuardedConnections(parts.pool(), state::known);
        registration = bundle.registerService(ConnectionFactory.class, guarded, properties);
        health = bundle.registerService(PartHealth.class, state, null);
    }

    private Parts start(BundleContext bundle, BrokerConfig config) throws Exception {
        ActiveMQConnectionFactory connections;
        AutoCloseable watch;
        switch (config.mode()) {
            case "embedded" -> {
                Path secrets = Path.of(config.secretsFolder());
                String internal =
                        SecretFile.readOrCreate(secrets.resolve("broker-" + BrokerUsers.INTERNAL + ".password"));
                Path supplierFile = secrets.resolve("broker-" + BrokerUsers.SUPPLIER + ".password");
                String supplier = SecretFile.readOrCreate(supplierFile);
                EmbeddedBroker.check(config);
                watch = new EmbeddedWatch(
                        () -> new EmbeddedBroker(config, internal, supplier),
                        state,
                        config.restartTries(),
                        config.maxDiskUsagePercent(),
                        STOP_WITHIN,
                        () -> endProcess(bundle));
                connections = new ActiveMQConnectionFactory(EmbeddedBroker.VM_URL);
                // the global thread pools of the library would remain after this bundle has stopped
                connections.setUseGlobalPools(false);
                connections.setUser(BrokerUsers.INTERNAL);
                connections.setPassword(internal);
                connections.setMinLargeMessageSize(EmbeddedBroker.LARGEST_RECORD_BYTES);
                connections.setBlockOnDurableSend(true);
                LOG.info(
                        "Suppliers connect to {} as '{}' with the password in {}",
                        config.acceptorPort() > 0
                                ? "tcp://" + config.acceptorHost() + ":" + config.acceptorPort()
                                : "no network address",
                        BrokerUsers.SUPPLIER,
                        supplierFile.toAbsolutePath());
            }
            case "external" -> {
                connections = new DeclaringConnections(config.url(), PosternQueues.of(config.alertRoles()));
                connections.setUseGlobalPools(false);
                connections.setReconnectAttempts(RECONNECTS);
                connections.setInitialConnectAttempts(RECONNECTS);
                connections.setRetryInterval(RECONNECT_MILLIS);
                connections.setCallTimeout(CALL_MILLIS);
                connections.setCallFailoverTimeout(CALL_MILLIS);
                if (!config.user().isBlank()) {
                    connections.setUser(config.user());
                    connections.setPassword(SecretFile.read(Path.of(config.passwordFile())));
                }
                connections.setBlockOnDurableSend(true);
                connections.getServerLocator().addIncomingInterceptor(new UnreadableReceived());
                // From here on the factory is in use and accepts no further settings.
                watch = new ExternalWatch(connections, state, PosternQueues.names(config.alertRoles()));
                LOG.info(
                        "External broker {}",
                        connections.getServerLocator().getStaticTransportConfigurations().length + " connector(s)");
            }
            default ->
                throw new IllegalArgumentException(
                        "org.postern.broker: mode must be embedded or external, not " + config.mode());
        }
        return new Parts(watch, connections, pool(connections, config.connections()));
    }

    static JmsPoolConnectionFactory pool(ActiveMQConnectionFactory connections, int size) {
        JmsPoolConnectionFactory pool = new JmsPoolConnectionFactory();
        pool.setConnectionFactory(connections);
        pool.setMaxConnections(size);
        pool.setMaxSessionsPerConnection(SESSIONS_PER_CONNECTION);
        pool.setBlockIfSessionPoolIsFull(true);
        pool.setBlockIfSessionPoolIsFullTimeout(SESSION_WAIT_MILLIS);
        pool.setUseAnonymousProducers(true);
        pool.start();
        return pool;
    }

    /** Stops the framework; if that does not end the process in time, halts it. */
    private static void endProcess(BundleContext bundle) {
        Thread end = new Thread(
                () -> {
                    try {
                        bundle.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).stop();
                        Thread.sleep(STOP_WITHIN.toMillis());
                    } catch (BundleException | RuntimeException e) {
                        LOG.error("The framework does not stop; the process is halted", e);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    Runtime.getRuntime().halt(HALTED);
                },
                "postern-broker-end");
        end.setDaemon(true);
        end.start();
    }

    @Deactivate
    void stop() throws Exception {
        health.unregister();
        registration.unregister();
        OwnThread.call("postern-broker-stop", Broker.class.getClassLoader(), () -> {
            parts.pool().stop();
            parts.watch().close();
            parts.connections().close();
            // the global threads of the library and the JDK's bean cache would remain otherwise
            InVMConnector.resetThreadPool();
            Introspector.flushCaches();
            return null;
        });
    }
}
