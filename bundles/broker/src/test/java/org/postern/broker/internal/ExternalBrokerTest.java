package org.postern.broker.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import java.lang.reflect.Proxy;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Dictionary;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientProducer;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.api.core.client.ServerLocator;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.postern.broker.Queues;
import org.postern.catalogue.PartHealth;

/** Mode {@code external}, against a broker that is reached over TCP only. */
class ExternalBrokerTest {

    private static final long WAIT = 5000;
    private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();

    @TempDir
    Path folder;

    private final AtomicReference<ConnectionFactory> registered = new AtomicReference<>();
    private final AtomicReference<Object> mode = new AtomicReference<>();
    private final AtomicReference<PartHealth> health = new AtomicReference<>();
    private int port;
    private EmbeddedBroker cluster;
    private Broker broker;

    @BeforeEach
    void start() throws Exception {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        cluster = cluster();
        broker = new Broker(bundle(), external("inside"));
    }

    @AfterEach
    void stop() throws Exception {
        broker.stop();
        cluster.close();
    }

    @Test
    void messagesSentThroughTheSharedFactoryAreOnTheExternalBroker() throws Exception {
        assertThat(mode).hasValue("external");
        send("one");
        assertThat(receive()).isEqualTo("one");
        assertThat(folder.resolve("not-made"))
                .as("no embedded broker is started")
                .doesNotExist();
    }

    @Test
    void anAlertIsStoredByABrokerWithoutConfigurationForPostern() throws Exception {
        EmbeddedActiveMQ bare = bare();
        broker.stop();
        broker = new Broker(bundle(), external("any"));
        try (JMSContext session = registered.get().createContext(JMSContext.AUTO_ACKNOWLEDGE)) {
            session.createProducer()
                    .setProperty(Queues.ROLE_PROPERTY, "ED")
                    .send(session.createTopic(Queues.ALERTS), "for ED");
            session.createProducer()
                    .setProperty(Queues.ROLE_PROPERTY, "GS")
                    .send(session.createTopic(Queues.ALERTS), "for GS");
            JMSConsumer alerts =
                    session.createConsumer(session.createQueue(Queues.ALERTS + "::" + Queues.alerts("GS")));
            assertThat(alerts.receive(WAIT).getBody(String.class)).isEqualTo("for GS");
            assertThat(alerts.receiveNoWait()).isNull();
        } finally {
            bare.stop();
        }
    }

    /** An external broker accepts messages that no JMS client can read; such a message must not block the queue. */
    @Test
    void aMessageThatNoJmsClientCanReadIsReceivedAndMarked() throws Exception {
        EmbeddedActiveMQ bare = bare();
        broker.stop();
        broker = new Broker(bundle(), external("any"));
        int sent = 0;
        try (JMSContext session = registered.get().createContext(JMSContext.AUTO_ACKNOWLEDGE);
                ServerLocator locator = ActiveMQClient.createServerLocator("tcp://127.0.0.1:" + port);
                ClientSessionFactory factory = locator.createSessionFactory();
                ClientSession raw = factory.createSession();
                ClientProducer producer = raw.createProducer(Queues.REQUESTS)) {
            for (byte type : new byte[] {3, 5, 6, 99}) {
                for (byte[] body : new byte[][] {{}, {1}, {1, -1, -1, -1, -1}, {1, 0x7F, -1, -1, -1, 1}}) {
                    ClientMessage message = raw.createMessage(type, true);
                    message.getBodyBuffer().writeBytes(body);
                    message.putStringProperty("number", String.valueOf(sent++));
                    producer.send(message);
                }
            }
            ClientMessage property = raw.createMessage((byte) 3, true);
            property.getBodyBuffer().writeNullableSimpleString(SimpleString.of("{}"));
            property.putBytesProperty("other", new byte[] {1, 2});
            property.putStringProperty("number", String.valueOf(sent++));
            producer.send(property);
            session.createProducer().send(session.createQueue(Queues.REQUESTS), "good");
        }
        try (JMSContext session = registered.get().createContext(JMSContext.SESSION_TRANSACTED)) {
            JMSConsumer requests = session.createConsumer(session.createQueue(Queues.REQUESTS));
            for (int i = 0; i < sent; i++) {
                Message marked = requests.receive(WAIT);
                assertThat(marked).as("message " + i).isNotNull();
                assertThat(marked.getStringProperty("number")).isEqualTo(String.valueOf(i));
                assertThat(marked.getStringProperty(Queues.UNREADABLE_PROPERTY))
                        .as("message " + i)
                        .isNotBlank();
                session.commit();
            }
            Message good = requests.receive(WAIT);
            assertThat(good.getBody(String.class)).isEqualTo("good");
            assertThat(good.propertyExists(Queues.UNREADABLE_PROPERTY)).isFalse();
            session.commit();
            assertThat(requests.receiveNoWait()).isNull();
        } finally {
            bare.stop();
        }
    }

    @Test
    void aWrongPasswordIsRefused() throws Exception {
        broker.stop();
        broker = new Broker(bundle(), external("guess"));
        assertThatThrownBy(() -> send("one")).isInstanceOf(JMSRuntimeException.class);
    }

    @Test
    void sendingFailsSoonWhileTheBrokerIsUnavailableAndSucceedsAfterwards() throws Exception {
        send("before");
        cluster.close();
        long begun = System.nanoTime();
        assertThatThrownBy(() -> send("lost")).isInstanceOf(JMSRuntimeException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
        cluster = cluster();
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!sent("after")) {
            assertThat(System.nanoTime())
                    .as("the broker cannot be used again in time")
                    .isLessThan(end);
            Thread.onSpinWait();
        }
        assertThat(receive()).isEqualTo("before");
        assertThat(receive()).isEqualTo("after");
    }

    @Test
    void theLossOfTheBrokerIsReportedWithoutARequestAndThenNoCallWaits() throws Exception {
        await(() -> health.get().trouble().isEmpty());
        send("counted");
        String queue = "postern_broker_queue_messages{queue=\"postern.work.DISPATCH.BULK\"}";
        await(() -> Long.valueOf(1).equals(health.get().figures().get(queue)));
        assertThat(health.get().figures())
                .containsEntry("postern_broker_queue_messages{queue=\"postern.requests\"}", 0L);
        cluster.close();
        await(() -> health.get().trouble().isPresent());
        assertThat(health.get().figures()).isEmpty();
        assertThat(health.get().trouble().orElseThrow().code()).isEqualTo("PST-7202");
        long begun = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> send("lost")).isInstanceOf(JMSRuntimeException.class);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(1));
        cluster = cluster();
        await(() -> health.get().trouble().isEmpty());
        await(() -> sent("after"));
    }

    /** A broker without configuration for Postern, on a separate port. */
    private EmbeddedActiveMQ bare() throws Exception {
        EmbeddedActiveMQ bare = new EmbeddedActiveMQ();
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        bare.setConfiguration(new ConfigurationImpl()
                .setSecurityEnabled(false)
                .setPersistenceEnabled(false)
                .addAcceptorConfiguration("tcp", "tcp://127.0.0.1:" + port));
        bare.start();
        return bare;
    }

    private void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("trouble: " + health.get().trouble())
                    .isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private boolean sent(String text) {
        try {
            send(text);
            return true;
        } catch (JMSRuntimeException e) {
            return false;
        }
    }

    private void send(String text) {
        try (JMSContext session = registered.get().createContext(JMSContext.AUTO_ACKNOWLEDGE)) {
            session.createProducer().send(session.createQueue(Queues.WORK_PREFIX + "DISPATCH.BULK"), text);
        }
    }

    private String receive() throws JMSException {
        try (JMSContext session = registered.get().createContext(JMSContext.AUTO_ACKNOWLEDGE)) {
            return session.createConsumer(session.createQueue(Queues.WORK_PREFIX + "DISPATCH.BULK"))
                    .receive(WAIT)
                    .getBody(String.class);
        }
    }

    private EmbeddedBroker cluster() throws Exception {
        return new EmbeddedBroker(
                config(Map.of(
                        "acceptorPort",
                        port,
                        "dataFolder",
                        folder.resolve("cluster").toString())),
                "inside",
                "outside");
    }

    private BrokerConfig external(String password) throws Exception {
        Path file = Files.writeString(folder.resolve("password"), password + "\n");
        return config(Map.of(
                "mode",
                "external",
                "url",
                "tcp://127.0.0.1:" + port,
                "user",
                "postern",
                "passwordFile",
                file.toString(),
                "dataFolder",
                folder.resolve("not-made").toString(),
                "secretsFolder",
                folder.resolve("not-made").toString()));
    }

    private BrokerConfig config(Map<String, Object> settings) {
        return (BrokerConfig) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {BrokerConfig.class},
                (proxy, method, arguments) -> settings.getOrDefault(method.getName(), method.getDefaultValue()));
    }

    private BundleContext bundle() {
        Object registration = Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ServiceRegistration.class},
                (proxy, method, arguments) -> null);
        return (BundleContext) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {BundleContext.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("registerService");
                    if (arguments[0] == PartHealth.class) {
                        health.set((PartHealth) arguments[1]);
                        return registration;
                    }
                    registered.set((ConnectionFactory) arguments[1]);
                    mode.set(((Dictionary<?, ?>) arguments[2]).get("mode"));
                    return registration;
                });
    }
}
