package org.postern.broker.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.JMSContext;
import jakarta.jms.JMSRuntimeException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.activemq.artemis.api.core.ActiveMQIOErrorException;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.messaginghub.pooled.jms.JmsPoolConnectionFactory;
import org.postern.broker.Queues;

class EmbeddedWatchTest {

    private static final long WAIT = 5000;
    private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();

    @TempDir
    Path folder;

    private final BrokerState state = new BrokerState(false);
    private final AtomicInteger ended = new AtomicInteger();
    private EmbeddedWatch watch;
    private JmsPoolConnectionFactory pool;
    private GuardedConnections connections;

    private void start(Map<String, Object> settings, int tries) throws Exception {
        watch = new EmbeddedWatch(
                () -> new EmbeddedBroker(config(settings), "inside", "outside"),
                state,
                tries,
                95,
                Duration.ofSeconds(20),
                ended::incrementAndGet);
        ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(EmbeddedBroker.VM_URL);
        factory.setUser("postern");
        factory.setPassword("inside");
        pool = Broker.pool(factory, 2);
        connections = new GuardedConnections(pool, state::known);
    }

    @AfterEach
    void stop() throws Exception {
        pool.stop();
        watch.close();
    }

    @Test
    void aDiskErrorIsReportedAtOnceAndTheRestartedBrokerHasItsMessages() throws Exception {
        start(Map.of(), 0);
        send("before");
        EmbeddedBroker first = watch.broker();
        first.server().getStorageManager().criticalError(new ActiveMQIOErrorException("no fsync"));
        assertThat(state.trouble()).hasValueSatisfying(fault -> {
            assertThat(fault.code()).isEqualTo("PST-7200");
            assertThat(fault.cause()).contains("no fsync");
        });
        long begun = System.nanoTime();
        assertThatThrownBy(() -> send("meanwhile")).isInstanceOf(JMSRuntimeException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(1));
        await(() -> watch.broker() != null
                && watch.broker() != first
                && state.trouble().isEmpty());
        await(() -> sent("after"));
        assertThat(received()).isEqualTo("before");
        assertThat(received()).isEqualTo("after");
        assertThat(ended).hasValue(0);
    }

    @Test
    void theMessagesInTheQueuesAreCounted() throws Exception {
        start(Map.of(), 0);
        send("one");
        send("two");
        await(() -> Long.valueOf(2)
                .equals(state.figures().get("postern_broker_queue_messages{queue=\"postern.results\"}")));
        assertThat(state.figures())
                .containsEntry("postern_broker_queue_messages{queue=\"postern.requests\"}", 0L)
                .containsEntry("postern_broker_queue_messages{queue=\"postern.dead\"}", 0L)
                .containsKey("postern_broker_queue_messages{queue=\"postern.alerts.IS\"}");
        assertThat(received()).isEqualTo("one");
        await(() -> Long.valueOf(1)
                .equals(state.figures().get("postern_broker_queue_messages{queue=\"postern.results\"}")));
        watch.broker().server().stop();
        await(() -> state.trouble().isPresent());
        assertThat(state.figures())
                .as("nothing is known about a broker that is not available")
                .isEmpty();
    }

    @Test
    void aBrokerThatStoppedByItselfIsRestarted() throws Exception {
        start(Map.of(), 0);
        watch.broker().server().stop();
        await(() -> state.trouble().isPresent());
        await(() -> state.trouble().isEmpty());
        await(() -> sent("after"));
        assertThat(received()).isEqualTo("after");
    }

    @Test
    void startingIsRetriedUntilTheFolderCanBeWritten() throws Exception {
        Path inTheWay = Files.createFile(folder.resolve("artemis"));
        start(Map.of(), 0);
        assertThat(state.trouble())
                .hasValueSatisfying(fault -> assertThat(fault.code()).isEqualTo("PST-7200"));
        Files.delete(inTheWay);
        await(() -> state.trouble().isEmpty());
        await(() -> sent("after"));
    }

    @Test
    void afterTheAllowedAttemptsTheProcessEndsAndWasNotReadyBefore() throws Exception {
        Files.createFile(folder.resolve("artemis"));
        start(Map.of(), 2);
        await(() -> ended.get() > 0);
        assertThat(state.trouble()).isPresent();
        assertThat(ended).hasValue(1);
    }

    @Test
    void aDiskThatIsTooFullIsReportedAndNoSenderWaitsForSpace() throws Exception {
        // Every disk is fuller than this limit.
        start(Map.of("maxDiskUsagePercent", 0), 0);
        await(() -> state.trouble().isPresent());
        assertThat(state.trouble().orElseThrow().code()).isEqualTo("PST-7201");
        long begun = System.nanoTime();
        assertThatThrownBy(() -> send("result")).isInstanceOf(JMSRuntimeException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(1));
    }

    private void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("the condition was not reached; trouble: " + state.trouble())
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
        try (JMSContext session = connections.createContext(JMSContext.AUTO_ACKNOWLEDGE)) {
            session.createProducer().send(session.createQueue(Queues.RESULTS), text);
        }
    }

    private String received() throws Exception {
        try (JMSContext session = connections.createContext(JMSContext.AUTO_ACKNOWLEDGE)) {
            return session.createConsumer(session.createQueue(Queues.RESULTS))
                    .receive(WAIT)
                    .getBody(String.class);
        }
    }

    private BrokerConfig config(Map<String, Object> settings) {
        return (BrokerConfig) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {BrokerConfig.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "acceptorPort" -> 0;
                    case "dataFolder" -> folder.resolve("artemis").toString();
                    default -> settings.getOrDefault(method.getName(), method.getDefaultValue());
                });
    }
}
