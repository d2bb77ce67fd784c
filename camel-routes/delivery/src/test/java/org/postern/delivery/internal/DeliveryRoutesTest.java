package org.postern.delivery.internal;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMAcceptorFactory;
import org.apache.activemq.artemis.core.server.RoutingContext;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerMessagePlugin;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.spi.RoutePolicyFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.broker.Queues;
import org.postern.camelruntime.Metrics;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ReplyAddress;
import org.postern.ledger.OutboxEntry;
import org.postern.servicerequests.Outbox;
import org.postern.servicerequests.WorkQueue;
import org.postern.servicerequests.WorkStep;

class DeliveryRoutesTest {

    private static final long WAIT = 5000;

    @TempDir
    Path results;

    private final EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
    private final FakeOutbox outbox = new FakeOutbox();
    private final BlockingQueue<String> handled = new LinkedBlockingQueue<>();
    private int copyHours = 72;
    private ActiveMQConnectionFactory connections;
    private DeliveryRoutes routes;

    @BeforeEach
    void start() throws Exception {
        broker.setConfiguration(new ConfigurationImpl()
                .setSecurityEnabled(false)
                .setPersistenceEnabled(false)
                .addAcceptorConfiguration(
                        new TransportConfiguration(InVMAcceptorFactory.class.getName(), Map.of("serverId", "7")))
                .addAddressSetting(
                        "#", new AddressSettings().setAutoCreateQueues(false).setAutoCreateAddresses(false))
                .addAddressSetting(
                        "postern.#",
                        new AddressSettings().setAutoCreateQueues(true).setAutoCreateAddresses(true)));
        broker.start();
        connections = new ActiveMQConnectionFactory("vm://7");
        routes = new DeliveryRoutes(null, connections, new HandledOnly(), outbox, brokersQueues(), config());
    }

    @AfterEach
    void stop() throws Exception {
        routes.stop();
        connections.close();
        broker.stop();
    }

    @Test
    void aResultGoesToItsReplyQueueWithItsHeadersAndIsMarkedAfterwards() throws Exception {
        outbox.put(entry("d1", "queue:postern.reply.crm", Map.of("correlationId", "c-9", "service", "4.1.1")));
        try (JMSContext supplier = connections.createContext()) {
            offer(supplier, "d1");
            Message result = supplier.createConsumer(supplier.createQueue("postern.reply.crm"))
                    .receive(WAIT);
            assertThat(result.getBody(String.class)).isEqualTo("<result/>");
            assertThat(result.getJMSCorrelationID()).isEqualTo("c-9");
            assertThat(result.getStringProperty("postern_service")).isEqualTo("4.1.1");
            assertThat(result.getStringProperty("postern_contentType")).isEqualTo("application/xml");
            assertThat(outbox.marked.poll(WAIT, TimeUnit.MILLISECONDS)).isEqualTo("d1");
        }
    }

    @Test
    void aResultWhoseTemporaryQueueNoLongerExistsGoesToTheCommonResults() throws Exception {
        String gone;
        try (JMSContext client = connections.createContext()) {
            Queue own = client.createTemporaryQueue();
            gone = own.getQueueName();
            outbox.put(entry("t1", "queue:" + gone, Map.of()));
            offer(client, "t1");
            assertThat(client.createConsumer(own).receive(WAIT).getStringProperty("postern_deliveryId"))
                    .isEqualTo("t1");
            assertThat(outbox.marked.poll(WAIT, TimeUnit.MILLISECONDS)).isEqualTo("t1");
        }
        outbox.put(entry("t2", "queue:" + gone + "?format=json", Map.of("correlationId", "c-2")));
        try (JMSContext supplier = connections.createContext()) {
            offer(supplier, "t2");
            Message result = supplier.createConsumer(supplier.createQueue(Queues.RESULTS))
                    .receive(WAIT);
            assertThat(result.getStringProperty("postern_deliveryId")).isEqualTo("t2");
            assertThat(result.getJMSCorrelationID()).isEqualTo("c-2");
            assertThat(result.getBody(String.class)).isEqualTo("{}");
            assertThat(outbox.marked.poll(WAIT, TimeUnit.MILLISECONDS)).isEqualTo("t2");
            assertThat(outbox.postponed).isEmpty();
        }
    }

    @Test
    void aCopyThatNoCallerRequestedExpires() throws Exception {
        outbox.put(entry("c1", "copy:postern.results", Map.of()));
        outbox.put(entry("c2", "queue:postern.results", Map.of()));
        try (JMSContext supplier = connections.createContext()) {
            long before = System.currentTimeMillis();
            offer(supplier, "c1");
            JMSConsumer results = supplier.createConsumer(supplier.createQueue(Queues.RESULTS));
            long expires = results.receive(WAIT).getJMSExpiration();
            assertThat(Duration.ofMillis(expires - before)).isBetween(Duration.ofHours(72), Duration.ofHours(73));
            offer(supplier, "c2");
            assertThat(results.receive(WAIT).getJMSExpiration())
                    .as("a requested result does not expire")
                    .isZero();
        }
    }

    @Test
    void withoutCopiesAResultThatIsReadByIdIsNotSentToTheCommonResults() throws Exception {
        routes.stop();
        copyHours = 0;
        routes = new DeliveryRoutes(null, connections, new HandledOnly(), outbox, brokersQueues(), config());
        outbox.put(entry("c3", "copy:postern.results", Map.of()));
        try (JMSContext supplier = connections.createContext()) {
            offer(supplier, "c3");
            assertThat(outbox.marked.poll(WAIT, TimeUnit.MILLISECONDS)).isEqualTo("c3");
            assertThat(supplier.createConsumer(supplier.createQueue(Queues.RESULTS))
                            .receiveNoWait())
                    .isNull();
        }
    }

    @Test
    void jsonIsSentIfItWasRequested() throws Exception {
        outbox.put(entry("d2", "queue:postern.reply.crm?format=json", Map.of()));
        try (JMSContext supplier = connections.createContext()) {
            offer(supplier, "d2");
            Message result = supplier.createConsumer(supplier.createQueue("postern.reply.crm"))
                    .receive(WAIT);
            assertThat(result.getBody(String.class)).isEqualTo("{}");
            assertThat(result.getStringProperty("postern_contentType")).isEqualTo("application/json");
        }
    }

    @Test
    void anEntryThatIsOfferedTwiceArrivesOnceEvenIfMarkingItFailed() throws Exception {
        outbox.forgetMarks = true;
        outbox.put(entry("d3", Queues.RESULTS, Map.of()));
        try (JMSContext supplier = connections.createContext()) {
            offer(supplier, "d3");
            assertThat(outbox.marked.poll(WAIT, TimeUnit.MILLISECONDS)).isEqualTo("d3");
            offer(supplier, "d3");
            assertThat(outbox.marked.poll(WAIT, TimeUnit.MILLISECONDS)).isEqualTo("d3");
            JMSConsumer consumer = supplier.createConsumer(supplier.createQueue(Queues.RESULTS));
            assertThat(consumer.receive(WAIT)).isNotNull();
            assertThat(consumer.receiveNoWait()).isNull();
        }
    }

    @Test
    void aResultWhoseFirstSendingFailedIsNoDuplicateWhenItIsSentAgain() throws Exception {
        AtomicBoolean failed = new AtomicBoolean();
        broker.getActiveMQServer().registerBrokerPlugin(new ActiveMQServerMessagePlugin() {
            @Override
            public void beforeMessageRoute(
                    org.apache.activemq.artemis.api.core.Message message,
                    RoutingContext context,
                    boolean direct,
                    boolean rejectDuplicates)
                    throws ActiveMQException {
                // At this point the broker has stored the duplicate id.
                if (message.getDuplicateProperty() != null && failed.compareAndSet(false, true)) {
                    throw new ActiveMQException("no room");
                }
            }
        });
        outbox.put(entry("p1", "queue:postern.reply.crm", Map.of()));
        try (JMSContext supplier = connections.createContext()) {
            offer(supplier, "p1");
            assertThat(outbox.postponed.poll(WAIT, TimeUnit.MILLISECONDS)).isEqualTo("p1");
            offer(supplier, "p1");
            assertThat(outbox.marked.poll(WAIT, TimeUnit.MILLISECONDS)).isEqualTo("p1");
            Message result = supplier.createConsumer(supplier.createQueue("postern.reply.crm"))
                    .receive(WAIT);
            assertThat(result)
                    .as("marked as delivered, so it must be in the queue")
                    .isNotNull();
        }
    }

    @Test
    void aResultThatFailedBeforeARestartIsNoDuplicateEither() throws Exception {
        try (JMSContext supplier = connections.createContext()) {
            // The state after an earlier attempt: the broker has the duplicate id, but no message for the supplier.
            supplier.createProducer()
                    .setProperty(JmsSender.DUPLICATE_ID, "p2")
                    .send(supplier.createQueue("postern.reply.crm"), "lost");
            JMSConsumer replies = supplier.createConsumer(supplier.createQueue("postern.reply.crm"));
            assertThat(replies.receive(WAIT)).isNotNull();
            outbox.put(tried(entry("p2", "queue:postern.reply.crm", Map.of())));
            offer(supplier, "p2");
            assertThat(outbox.marked.poll(WAIT, TimeUnit.MILLISECONDS)).isEqualTo("p2");
            assertThat(replies.receive(WAIT))
                    .as("marked as delivered, so it must be in the queue")
                    .isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue:postern.reply.*", "queue:postern.reply.#", "queue:postern.reply.crm::other"})
    void aResultForAnAddressThatIsNoneGoesToTheCommonResults(String destination) throws Exception {
        outbox.put(entry("w1", destination, Map.of()));
        try (JMSContext supplier = connections.createContext()) {
            offer(supplier, "w1");
            Message result = supplier.createConsumer(supplier.createQueue(Queues.RESULTS))
                    .receive(WAIT);
            assertThat(result).isNotNull();
            assertThat(result.getStringProperty("postern_deliveryId")).isEqualTo("w1");
            assertThat(outbox.marked.poll(WAIT, TimeUnit.MILLISECONDS)).isEqualTo("w1");
        }
    }

    @Test
    void anAlertCarriesItsRole() throws Exception {
        try (JMSContext supplier = connections.createContext()) {
            JMSConsumer alerts = supplier.createConsumer(supplier.createTopic(Queues.ALERTS), "posternRole = 'GS'");
            outbox.put(entry("a1", Queues.ALERTS, Map.of("role", "IS")));
            outbox.put(entry("a2", Queues.ALERTS, Map.of("role", "GS")));
            offer(supplier, "a1");
            offer(supplier, "a2");
            assertThat(alerts.receive(WAIT).getStringProperty("postern_deliveryId"))
                    .isEqualTo("a2");
            assertThat(alerts.receiveNoWait()).isNull();
        }
    }

    @Test
    void aResultOfAFileRequestIsWrittenToAFile() throws Exception {
        outbox.put(entry("d5", "file:batch-3", Map.of()));
        try (JMSContext supplier = connections.createContext()) {
            offer(supplier, "d5");
            assertThat(outbox.marked.poll(WAIT, TimeUnit.MILLISECONDS)).isEqualTo("d5");
            assertThat(results.resolve("batch-3-d5.xml")).hasContent("<result/>");
        }
    }

    @Test
    void anEntryThatCannotBeSentIsRetriedLaterAndBlocksNoOther() throws Exception {
        outbox.put(entry("d6", "file:batch-4", Map.of()));
        Files.createDirectory(results.resolve("batch-4-d6.xml"));
        Files.createFile(results.resolve("batch-4-d6.xml/in-the-way"));
        outbox.put(entry("d7", Queues.RESULTS, Map.of()));
        try (JMSContext supplier = connections.createContext()) {
            offer(supplier, "d6");
            offer(supplier, "d7");
            assertThat(outbox.postponed.poll(WAIT, TimeUnit.MILLISECONDS)).isEqualTo("d6");
            assertThat(outbox.postponedIn.poll(WAIT, TimeUnit.MILLISECONDS))
                    .as("its lane")
                    .isEqualTo(Lane.ROUTINE);
            assertThat(handled).as("a failure that the route handled").containsExactly("delivery deliver-routine");
            assertThat(outbox.marked.poll(WAIT, TimeUnit.MILLISECONDS)).isEqualTo("d7");
        }
    }

    /**
     * The broker drops an entry that is sent again with the same duplicate id, but not one that is recorded as failed.
     */
    @ParameterizedTest
    @ValueSource(strings = {"queue:postern.reply.crm", "file:batch-5"})
    void whatHasLeftAndCannotBeMarkedIsNotPutDownAsFailed(String destination) throws Exception {
        outbox.marksFail = true;
        outbox.put(entry("m1", destination, Map.of()));
        outbox.put(entry("m2", "file:batch-6", Map.of()));
        try (JMSContext supplier = connections.createContext()) {
            offer(supplier, "m1");
            assertThat(outbox.marked.poll(WAIT, TimeUnit.MILLISECONDS)).isEqualTo("m1");
            offer(supplier, "m2");
            assertThat(outbox.marked.poll(WAIT, TimeUnit.MILLISECONDS))
                    .as("it does not delay others")
                    .isEqualTo("m2");
            assertThat(outbox.postponed).isEmpty();
        }
    }

    /** True if the queues between the steps are in the broker; false if they are in this process. */
    boolean shared() {
        return false;
    }

    private void offer(JMSContext session, String id) {
        if (shared()) {
            session.createProducer().send(session.createQueue("postern.work.DELIVER.ROUTINE"), id);
        } else {
            routes.local().offer(WorkStep.DELIVER, Lane.ROUTINE, id);
        }
    }

    /** The work queues in the broker, as far as delivery uses them. */
    private WorkQueue brokersQueues() {
        return (WorkQueue) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {WorkQueue.class}, (proxy, method, arguments) -> shared());
    }

    private static OutboxEntry entry(String id, String destination, Map<String, String> headers) {
        // As the ledger reads a stored entry: one without an address goes to the common results queue.
        ReplyAddress to = ReplyAddress.parse(destination).orElse(ReplyAddress.COMMON);
        return OutboxEntry.pending(
                id,
                Optional.of("r1"),
                DeliveryKind.RESULT,
                to,
                headers,
                "application/xml",
                "<result/>".getBytes(StandardCharsets.UTF_8),
                Optional.of("{}"));
    }

    private static OutboxEntry tried(OutboxEntry e) {
        return new OutboxEntry(
                e.id(),
                e.request(),
                e.kind(),
                e.destination(),
                e.headers(),
                e.contentType(),
                e.body(),
                e.json(),
                e.state(),
                1,
                e.createdAt());
    }

    private DeliveryConfig config() {
        return (DeliveryConfig) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {DeliveryConfig.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "resultsFolder" -> results.toString();
                    case "consumers" -> 1;
                    case "copyHours" -> copyHours;
                    default -> method.getDefaultValue();
                });
    }

    private static final class FakeOutbox implements Outbox {

        final Map<String, OutboxEntry> entries = new ConcurrentHashMap<>();
        final BlockingQueue<String> marked = new LinkedBlockingQueue<>();
        final BlockingQueue<String> postponed = new LinkedBlockingQueue<>();
        final BlockingQueue<Lane> postponedIn = new LinkedBlockingQueue<>();
        volatile boolean forgetMarks;
        volatile boolean marksFail;

        void put(OutboxEntry entry) {
            entries.put(entry.id(), entry);
        }

        @Override
        public Optional<OutboxEntry> take(String id) {
            return Optional.ofNullable(entries.get(id));
        }

        @Override
        public void delivered(String id) {
            if (!forgetMarks) {
                entries.remove(id);
            }
            marked.add(id);
            if (marksFail) {
                throw new IllegalStateException("closed");
            }
        }

        @Override
        public void failed(OutboxEntry entry, Lane lane, String reason) {
            postponed.add(entry.id());
            postponedIn.add(lane);
        }
    }

    private final class HandledOnly implements Metrics {

        @Override
        public void failureHandled(String context, String route) {
            handled.add(context + " " + route);
        }

        @Override
        public void count(String name, String... labels) {}

        @Override
        public void time(String name, java.time.Duration taken, String... labels) {}

        @Override
        public void gauge(String name, java.util.function.Supplier<Number> value, String... labels) {}

        @Override
        public Exchanges exchanges(String context, String route) {
            throw new UnsupportedOperationException("all deliveries are made by a route");
        }

        @Override
        public RoutePolicyFactory routes() {
            return (context, id, route) -> null;
        }

        @Override
        public String scrape() {
            return "";
        }
    }
}
