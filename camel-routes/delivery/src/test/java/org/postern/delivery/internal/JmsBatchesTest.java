package org.postern.delivery.internal;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMAcceptorFactory;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.broker.Queues;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ReplyAddress;
import org.postern.ledger.OutboxEntry;

class JmsBatchesTest {

    private static final long WAIT = 5000;
    private static final String REPLIES = "postern.reply.crm";

    private final EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
    private final BlockingQueue<String> sent = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> failed = new LinkedBlockingQueue<>();
    private final CountDownLatch first = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);
    private final AtomicInteger transactions = new AtomicInteger();
    /** What each use of the broker connection throws; null while the broker is available. */
    private volatile Throwable failure;
    /** True if only transactions are affected. */
    private volatile boolean failsTransactionsOnly;
    /** What happens when an outcome is reported. */
    private volatile Consumer<Delivery> ended = delivery -> {};

    private ActiveMQConnectionFactory connections;
    private JmsBatches batches;

    @BeforeEach
    void start() throws Exception {
        broker.setConfiguration(new ConfigurationImpl()
                .setSecurityEnabled(false)
                .setPersistenceEnabled(false)
                .addAcceptorConfiguration(
                        new TransportConfiguration(InVMAcceptorFactory.class.getName(), Map.of("serverId", "8")))
                .addAddressSetting(
                        "#", new AddressSettings().setAutoCreateQueues(false).setAutoCreateAddresses(false))
                // as in the embedded broker of the appliance: a queue exists, or sending creates it
                .addAddressSetting(
                        Queues.REPLY_PREFIX + "#",
                        new AddressSettings().setAutoCreateQueues(true).setAutoCreateAddresses(true))
                .addQueueConfiguration(QueueConfiguration.of(Queues.RESULTS)
                        .setRoutingType(RoutingType.ANYCAST)
                        .setAutoDelete(false)));
        broker.start();
        connections = new ActiveMQConnectionFactory("vm://8");
        batches = batches(JmsBatches.MAX_WAIT);
    }

    private JmsBatches batches(Duration maxWait) {
        return new JmsBatches(
                new JmsSender(slowFirst(), Duration.ZERO, Duration.ZERO),
                new JmsBatches.Outcomes() {
                    @Override
                    public void sent(Delivery delivery) {
                        sent.add(delivery.entry().id());
                        ended.accept(delivery);
                    }

                    @Override
                    public void failed(Delivery delivery, Throwable why) {
                        failed.add(delivery.entry().id());
                        ended.accept(delivery);
                    }
                },
                maxWait);
    }

    @AfterEach
    void stop() throws Exception {
        open.countDown();
        connections.close();
        broker.stop();
    }

    @Test
    void deliveriesAddedDuringASendingGoInOneTransaction() throws Exception {
        CompletableFuture<Void> leader = begin("a");
        for (int i = 0; i < 10; i++) {
            batches.send(delivery("b" + i, REPLIES));
        }
        assertThat(sent)
                .as("nothing is reported as sent before the broker has it")
                .isEmpty();
        open.countDown();
        leader.get(WAIT, TimeUnit.MILLISECONDS);
        assertThat(sent).containsExactly("a", "b0", "b1", "b2", "b3", "b4", "b5", "b6", "b7", "b8", "b9");
        assertThat(transactions).hasValue(1);
        assertThat(received(REPLIES)).hasSize(11).doesNotHaveDuplicates();
        assertThat(failed).isEmpty();
    }

    @Test
    void aDeliveryThatFailsOrIsADuplicateDelaysNoOther() throws Exception {
        try (JMSContext context = connections.createContext()) {
            Message known = context.createTextMessage("<result/>");
            known.setStringProperty("postern_deliveryId", "twice");
            known.setStringProperty(JmsSender.DUPLICATE_ID, "twice");
            context.createProducer().send(context.createQueue(REPLIES), known);
        }
        CompletableFuture<Void> leader = begin("a");
        batches.send(delivery("twice", REPLIES));
        batches.send(delivery("nowhere", "0f8fad5b-d9cb-469f-a165-70867728950e"));
        batches.send(delivery("b", REPLIES));
        open.countDown();
        leader.get(WAIT, TimeUnit.MILLISECONDS);
        assertThat(failed).isEmpty();
        assertThat(sent).containsExactlyInAnyOrder("a", "twice", "nowhere", "b");
        assertThat(received(REPLIES)).containsExactlyInAnyOrder("twice", "a", "b");
        assertThat(received(Queues.RESULTS))
                .as("its reply queue no longer exists")
                .containsExactly("nowhere");
    }

    @Test
    void whileTheBrokerIsUnavailableEachIsReportedAsFailedAndLaterSentOnce() throws Exception {
        failure = new JMSRuntimeException("failure");
        oneAndTwoTogether();
        assertThat(failed).containsExactly("a", "b", "c");
        assertThat(sent).isEmpty();
        failure = null;
        for (String each : List.of("a", "b", "c")) {
            batches.send(delivery(each, REPLIES));
        }
        assertThat(sent).containsExactly("a", "b", "c");
        assertThat(received(REPLIES)).containsExactly("a", "b", "c");
    }

    /**
     * Simulates a broker that freezes: a call takes seconds, and the retry starts before the last delivery of the batch
     * has failed.
     */
    @Test
    void aRetryThatComesWhileItsBatchIsStillFailingIsSent() throws Exception {
        failure = new JMSRuntimeException("failure");
        ended = delivery -> {
            if (delivery.entry().id().equals("b") && sent.isEmpty()) {
                again(delivery);
            } else if (delivery.entry().id().equals("c")) {
                failure = null;
            }
        };
        oneAndTwoTogether();
        assertThat(failed).containsExactly("a", "b", "c");
        assertThat(sent).containsExactly("b");
    }

    private void again(Delivery delivery) {
        try {
            batches.send(delivery);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aDeliveryAddedAgainBeforeItIsReportedAsSentIsNotSentTwice() throws Exception {
        ended = this::again;
        open.countDown();
        batches.send(delivery("a", REPLIES));
        assertThat(sent).containsExactly("a");
        assertThat(received(REPLIES)).containsExactly("a");
    }

    /**
     * An Error, as while a module is replaced, must be reported: otherwise the ledger would not record when to retry.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void eachHasItsEndWhateverWentWrong(boolean error) throws Exception {
        failure = error ? new NoClassDefFoundError("jakarta/jms/JMSContext") : new IllegalStateException("closed");
        oneAndTwoTogether();
        assertThat(failed).containsExactly("a", "b", "c");
        assertThat(sent).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whereATransactionCannotBeHadEachIsSentByItself(boolean error) throws Exception {
        failure = error ? new NoClassDefFoundError("jakarta/jms/JMSContext") : new IllegalStateException("closed");
        failsTransactionsOnly = true;
        oneAndTwoTogether();
        assertThat(sent).containsExactly("a", "b", "c");
        assertThat(failed).isEmpty();
    }

    /**
     * The queue is not temporary, so it may still be created; until then each attempt fails, as for a single delivery.
     */
    @ParameterizedTest
    @ValueSource(strings = {"crm.results", "postern.nobody"})
    void aQueueThatDoesNotExistHoldsUpNoOtherOfItsTransaction(String nowhere) throws Exception {
        CompletableFuture<Void> leader = begin("a");
        batches.send(delivery("b", REPLIES));
        batches.send(delivery("nowhere", nowhere));
        batches.send(delivery("c", REPLIES));
        open.countDown();
        leader.get(WAIT, TimeUnit.MILLISECONDS);
        assertThat(sent).containsExactly("a", "b", "c");
        assertThat(failed).containsExactly("nowhere");
        assertThat(received(REPLIES)).containsExactly("a", "b", "c");
        batches.send(delivery("alone", nowhere));
        assertThat(failed).containsExactly("nowhere", "alone");
    }

    @Test
    void aDeliveryInProgressIsNotSentTwice() throws Exception {
        CompletableFuture<Void> leader = begin("a");
        batches.send(delivery("b", REPLIES));
        batches.send(delivery("b", REPLIES));
        batches.send(delivery("a", REPLIES));
        open.countDown();
        leader.get(WAIT, TimeUnit.MILLISECONDS);
        assertThat(sent).containsExactly("a", "b");
    }

    @Test
    void aBusyLaneDelaysNoOther() throws Exception {
        CompletableFuture<Void> leader = begin("a");
        batches.send(delivery("top-up", REPLIES, Lane.PREPAYMENT));
        assertThat(sent).containsExactly("top-up");
        open.countDown();
        leader.get(WAIT, TimeUnit.MILLISECONDS);
        assertThat(sent).containsExactly("top-up", "a");
    }

    @Test
    void underLoadATransactionWaitsForMoreUntilItIsFull() throws Exception {
        batches = batches(Duration.ofDays(1));
        CompletableFuture<Void> leader = begin("a");
        batches.send(delivery("b0", REPLIES));
        open.countDown();
        assertThat(sent.poll(WAIT, TimeUnit.MILLISECONDS)).isEqualTo("a");
        for (int i = 1; i < JmsBatches.MAX_BATCH; i++) {
            assertThat(sent).as("b0 waits for more").isEmpty();
            batches.send(delivery("b" + i, REPLIES));
        }
        leader.get(WAIT, TimeUnit.MILLISECONDS);
        assertThat(sent).hasSize(JmsBatches.MAX_BATCH);
        assertThat(transactions).hasValue(1);
    }

    @Test
    void topUpsDoNotWaitForABatch() throws Exception {
        batches = batches(Duration.ofDays(1));
        CompletableFuture<Void> leader = begin("a", Lane.PREPAYMENT);
        batches.send(delivery("b", REPLIES, Lane.PREPAYMENT));
        open.countDown();
        leader.get(WAIT, TimeUnit.MILLISECONDS);
        assertThat(sent).containsExactly("a", "b");
    }

    /** Sends a alone, then b and c, which were added meanwhile, in one batch. */
    private void oneAndTwoTogether() throws Exception {
        CompletableFuture<Void> leader = begin("a");
        batches.send(delivery("b", REPLIES));
        batches.send(delivery("c", REPLIES));
        open.countDown();
        leader.get(WAIT, TimeUnit.MILLISECONDS);
    }

    /** Sends a delivery from another thread, which is then blocked by the broker connection. */
    private CompletableFuture<Void> begin(String id) throws InterruptedException {
        return begin(id, Lane.ROUTINE);
    }

    private CompletableFuture<Void> begin(String id, Lane lane) throws InterruptedException {
        CompletableFuture<Void> leader = CompletableFuture.runAsync(() -> {
            try {
                batches.send(delivery(id, REPLIES, lane));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(first.await(WAIT, TimeUnit.MILLISECONDS)).isTrue();
        return leader;
    }

    private List<String> received(String queue) throws Exception {
        List<String> ids = new ArrayList<>();
        try (JMSContext context = connections.createContext();
                JMSConsumer consumer = context.createConsumer(context.createQueue(queue))) {
            // the first message may take a while on a busy machine; all others are in the queue by then
            for (Message message = consumer.receive(WAIT); message != null; message = consumer.receive(1000)) {
                ids.add(message.getStringProperty("postern_deliveryId"));
            }
        }
        return ids;
    }

    private static Delivery delivery(String id, String queue) {
        return delivery(id, queue, Lane.ROUTINE);
    }

    private static Delivery delivery(String id, String queue, Lane lane) {
        return new Delivery(
                OutboxEntry.pending(
                        id,
                        Optional.of("r1"),
                        DeliveryKind.RESULT,
                        new ReplyAddress(ReplyAddress.Kind.QUEUE, queue, false),
                        Map.of(),
                        "application/xml",
                        "<result/>".getBytes(StandardCharsets.UTF_8),
                        Optional.empty()),
                lane);
    }

    /** Delays the first session until the test releases it, and counts the transacted sessions. */
    private ConnectionFactory slowFirst() {
        AtomicInteger calls = new AtomicInteger();
        return (ConnectionFactory) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ConnectionFactory.class}, (proxy, method, arguments) -> {
                    if (calls.getAndIncrement() == 0) {
                        first.countDown();
                        open.await();
                    }
                    boolean transacted = arguments != null && arguments[0].equals(JMSContext.SESSION_TRANSACTED);
                    if (failure != null && (transacted || !failsTransactionsOnly)) {
                        throw failure;
                    }
                    if (transacted) {
                        transactions.incrementAndGet();
                    }
                    try {
                        return method.invoke(connections, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
