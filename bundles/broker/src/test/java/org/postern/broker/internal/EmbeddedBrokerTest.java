package org.postern.broker.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.journal.impl.JournalImpl;
import org.apache.activemq.artemis.core.postoffice.RoutingStatus;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.server.ServerSession;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerMessagePlugin;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.messaginghub.pooled.jms.JmsPoolConnectionFactory;
import org.postern.broker.Queues;
import org.postern.catalogue.ReplyAddress;

class EmbeddedBrokerTest {

    private static final long WAIT = 5000;

    @TempDir
    Path folder;

    private int port;
    private EmbeddedBroker broker;

    @BeforeEach
    void start() throws Exception {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        broker = new EmbeddedBroker(config(Map.of()), "inside", "outside");
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    /**
     * Without the interceptor Artemis would acknowledge the message: its journal confirms a write even if it failed.
     */
    @Test
    void nothingIsConfirmedOnceTheDiskHasFailed() throws Exception {
        broker.server().registerBrokerPlugin(new ActiveMQServerMessagePlugin() {
            @Override
            public void afterSend(
                    ServerSession session,
                    Transaction transaction,
                    org.apache.activemq.artemis.api.core.Message message,
                    boolean direct,
                    boolean noAutoCreateQueue,
                    RoutingStatus result) {
                if (message.getAddress().equals(Queues.REQUESTS)) {
                    ((JournalImpl) broker.server().getStorageManager().getMessageJournal())
                            .getFileFactory()
                            .onIOError(new IOException("no space left"), "no space left", "activemq-data-1.amq");
                }
            }
        });
        try (Connection supplier = connect("tcp://127.0.0.1:" + port, "supplier", "outside")) {
            Session session = supplier.createSession(false, Session.AUTO_ACKNOWLEDGE);
            MessageProducer producer = session.createProducer(session.createQueue(Queues.REQUESTS));
            assertThatThrownBy(() -> producer.send(session.createTextMessage("a request")))
                    .isInstanceOf(JMSException.class);
        }
    }

    @Test
    void aSupplierSubmitsARequestAndReadsItsResultButSeesNothingElse() throws Exception {
        try (Connection supplier = connect("tcp://127.0.0.1:" + port, "supplier", "outside");
                Connection postern = connect(EmbeddedBroker.VM_URL, "postern", "inside")) {
            Session theirs = supplier.createSession(false, Session.AUTO_ACKNOWLEDGE);
            Session ours = postern.createSession(true, Session.SESSION_TRANSACTED);

            Queue reply = theirs.createQueue(Queues.REPLY_PREFIX + "crm");
            MessageConsumer replies = theirs.createConsumer(reply);
            TextMessage request = theirs.createTextMessage("a request");
            request.setJMSReplyTo(reply);
            theirs.createProducer(theirs.createQueue(Queues.REQUESTS)).send(request);

            Message taken =
                    ours.createConsumer(ours.createQueue(Queues.REQUESTS)).receive(WAIT);
            assertThat(taken.getBody(String.class)).isEqualTo("a request");
            ours.createProducer(taken.getJMSReplyTo()).send(ours.createTextMessage("a result"));
            ours.commit();
            assertThat(replies.receive(WAIT).getBody(String.class)).isEqualTo("a result");

            assertThatThrownBy(() -> theirs.createConsumer(theirs.createQueue(Queues.REQUESTS)))
                    .isInstanceOf(JMSSecurityException.class);
            assertThatThrownBy(() -> theirs.createProducer(theirs.createQueue(Queues.RESULTS))
                            .send(theirs.createTextMessage("forged")))
                    .isInstanceOf(JMSSecurityException.class);
            assertThatThrownBy(() -> theirs.createProducer(theirs.createQueue(Queues.WORK_PREFIX + "sign.BULK"))
                            .send(theirs.createTextMessage("forged")))
                    .isInstanceOf(JMSException.class);
        }
    }

    @Test
    void unreadableMessagesAreRefusedWhenSentAndTextsAndBytesOfAnySizeAreAccepted() throws Exception {
        try (Connection supplier = connect("tcp://127.0.0.1:" + port, "supplier", "outside");
                Connection postern = connect(EmbeddedBroker.VM_URL, "postern", "inside")) {
            Session theirs = supplier.createSession(false, Session.AUTO_ACKNOWLEDGE);
            MessageProducer requests = theirs.createProducer(theirs.createQueue(Queues.REQUESTS));
            for (Message none :
                    List.of(theirs.createMapMessage(), theirs.createStreamMessage(), theirs.createObjectMessage("x"))) {
                assertThatThrownBy(() -> requests.send(none))
                        .isInstanceOf(JMSException.class)
                        .hasMessageContaining("PST-7204");
                // the same queue by its fully qualified name
                MessageProducer inFull =
                        theirs.createProducer(theirs.createQueue(Queues.REQUESTS + "::" + Queues.REQUESTS));
                assertThatThrownBy(() -> inFull.send(none))
                        .isInstanceOf(JMSException.class)
                        .hasMessageContaining("PST-7204");
            }
            MessageConsumer taken = postern.createSession(false, Session.AUTO_ACKNOWLEDGE)
                    .createConsumer(theirs.createQueue(Queues.REQUESTS));
            // a message above 100 KiB is a separate file of the broker
            for (String text :
                    List.of("", "short", "\u00e9\u20ac".repeat(1000), "x".repeat(300_000), "\u20ac".repeat(200_000))) {
                requests.send(theirs.createTextMessage(text));
                assertThat(taken.receive(WAIT).getBody(String.class)).isEqualTo(text);
                BytesMessage bytes = theirs.createBytesMessage();
                bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
                requests.send(bytes);
                assertThat(((BytesMessage) taken.receive(WAIT)).getBodyLength())
                        .isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
            }
            requests.send(theirs.createTextMessage());
            assertThat(((TextMessage) taken.receive(WAIT)).getText()).isNull();
        }
    }

    /** A supplier also uses the name for a topic: a message that Postern sends there must not be dropped silently. */
    @Test
    void aReplyToAnAddressOfATopicArrivesOrFails() throws Exception {
        try (Connection supplier = connect("tcp://127.0.0.1:" + port, "supplier", "outside");
                Connection postern = connect(EmbeddedBroker.VM_URL, "postern", "inside")) {
            Session theirs = supplier.createSession(false, Session.AUTO_ACKNOWLEDGE);
            Session ours = postern.createSession(false, Session.AUTO_ACKNOWLEDGE);
            String name = Queues.REPLY_PREFIX + "both";
            theirs.createConsumer(theirs.createTopic(name)).close();
            boolean failed = false;
            try {
                ours.createProducer(ours.createQueue(name)).send(ours.createTextMessage("a token"));
            } catch (JMSException e) {
                failed = true;
            }
            Message found = failed
                    ? null
                    : theirs.createConsumer(theirs.createQueue(name)).receive(WAIT);
            assertThat(failed || found != null)
                    .as("sending failed, or the message is in the queue")
                    .isTrue();
        }
    }

    @Test
    void theListenerAcceptsOnlyTheCoreProtocolOfTheBroker() {
        NettyAcceptor listener =
                (NettyAcceptor) broker.server().getRemotingService().getAcceptor("suppliers");
        assertThat(listener.getProtocolMap()).containsOnlyKeys("CORE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"postern.reply.*", "postern.reply.#", "postern.reply.*.b", "postern.*.crm", "#", "*"})
    void nobodyTakesTheRepliesOfOthersByAPattern(String pattern) throws Exception {
        try (Connection other = connect("tcp://127.0.0.1:" + port, "supplier", "outside");
                Connection supplier = connect("tcp://127.0.0.1:" + port, "supplier", "outside");
                Connection postern = connect(EmbeddedBroker.VM_URL, "postern", "inside")) {
            Session theirs = other.createSession(false, Session.AUTO_ACKNOWLEDGE);
            assertThatThrownBy(() -> theirs.createConsumer(theirs.createQueue(pattern)))
                    .isInstanceOf(JMSException.class);
            assertThatThrownBy(() -> theirs.createConsumer(theirs.createTopic(pattern)))
                    .isInstanceOf(JMSException.class);
            Session own = supplier.createSession(false, Session.AUTO_ACKNOWLEDGE);
            Session ours = postern.createSession(false, Session.AUTO_ACKNOWLEDGE);
            // The user of Postern could consume from such a queue, but even that queue matches no other address.
            if (pattern.startsWith(Queues.REPLY_PREFIX)) {
                ours.createConsumer(ours.createQueue(pattern)).setMessageListener(message -> {});
            }
            for (String name : List.of("crm", "a.b")) {
                MessageConsumer replies = own.createConsumer(own.createQueue(Queues.REPLY_PREFIX + name));
                for (int i = 0; i < 4; i++) {
                    ours.createProducer(ours.createQueue(Queues.REPLY_PREFIX + name))
                            .send(ours.createTextMessage("reply " + i));
                }
                for (int i = 0; i < 4; i++) {
                    assertThat(replies.receive(WAIT).getBody(String.class)).isEqualTo("reply " + i);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"postern.results", "postern.reply.crm", "postern.alerts"})
    void whatAClientRollsBackOftenWaitsForItAllTheSame(String address) throws Exception {
        broker.server().getAddressSettingsRepository().getMatch(address).setRedeliveryDelay(0);
        boolean alert = address.equals(Queues.ALERTS);
        try (Connection supplier = connect("tcp://127.0.0.1:" + port, "supplier", "outside");
                Connection postern = connect(EmbeddedBroker.VM_URL, "postern", "inside")) {
            Session theirs = supplier.createSession(true, Session.SESSION_TRANSACTED);
            MessageConsumer consumer =
                    theirs.createConsumer(theirs.createQueue(alert ? address + "::" + Queues.alerts("IS") : address));
            Session ours = postern.createSession(false, Session.AUTO_ACKNOWLEDGE);
            Message sent = ours.createTextMessage("paid for");
            sent.setStringProperty(Queues.ROLE_PROPERTY, "IS");
            ours.createProducer(alert ? ours.createTopic(address) : ours.createQueue(address))
                    .send(sent);
            for (int i = 0; i < 25; i++) {
                assertThat(consumer.receive(WAIT)).as("delivery %d", i).isNotNull();
                theirs.rollback();
            }
            assertThat(consumer.receive(WAIT).getBody(String.class)).isEqualTo("paid for");
            theirs.commit();
            assertThat(ours.createConsumer(ours.createQueue(Queues.DEAD)).receiveNoWait())
                    .isNull();
        }
    }

    @Test
    void aResultOfAMegabyteIsARecordOfTheJournalAndNotAFile() throws Exception {
        ActiveMQConnectionFactory factory = connections("postern", "inside");
        factory.setMinLargeMessageSize(EmbeddedBroker.LARGEST_RECORD_BYTES);
        String text = "x".repeat(1 << 20);
        try (JMSContext session = factory.createContext(JMSContext.AUTO_ACKNOWLEDGE)) {
            session.createProducer().send(session.createQueue(Queues.RESULTS), text);
        } finally {
            factory.close();
        }
        assertThat(folder.resolve("artemis/large")).isEmptyDirectory();
        broker.close();
        broker = new EmbeddedBroker(config(Map.of()), "inside", "outside");
        try (Connection supplier = connect("tcp://127.0.0.1:" + port, "supplier", "outside")) {
            Session theirs = supplier.createSession(false, Session.AUTO_ACKNOWLEDGE);
            MessageConsumer results = theirs.createConsumer(theirs.createQueue(Queues.RESULTS));
            assertThat(results.receive(WAIT).getBody(String.class)).isEqualTo(text);
        }
    }

    @Test
    void expiredMessagesDoNotAccumulate() throws Exception {
        broker.server().getAddressSettingsRepository().getMatch(Queues.EXPIRED).setExpiryDelay(1L);
        try (Connection postern = connect(EmbeddedBroker.VM_URL, "postern", "inside")) {
            Session ours = postern.createSession(false, Session.AUTO_ACKNOWLEDGE);
            MessageProducer results = ours.createProducer(ours.createQueue(Queues.RESULTS));
            results.setTimeToLive(1);
            for (int i = 0; i < 10; i++) {
                results.send(ours.createTextMessage("a copy"));
            }
            var fetched = broker.server().locateQueue(SimpleString.of(Queues.RESULTS));
            var expired = broker.server().locateQueue(SimpleString.of(Queues.EXPIRED));
            long end = System.nanoTime() + WAIT * 1_000_000;
            while (fetched.getMessageCount() > 0 || expired.getMessagesAdded() < 10 || expired.getMessageCount() > 0) {
                assertThat(System.nanoTime())
                        .as(
                                "results %d, expired %d of %d",
                                fetched.getMessageCount(), expired.getMessageCount(), expired.getMessagesAdded())
                        .isLessThan(end);
                fetched.expireReferences();
                expired.expireReferences();
            }
        }
    }

    @Test
    void sendingToAnAddressWithoutAQueueFails() throws Exception {
        try (Connection postern = connect(EmbeddedBroker.VM_URL, "postern", "inside")) {
            Session ours = postern.createSession(true, Session.SESSION_TRANSACTED);
            MessageProducer producer = ours.createProducer(null);
            Queue results = ours.createQueue(Queues.RESULTS);
            producer.send(results, ours.createTextMessage("first"));
            ours.commit();
            broker.server().destroyQueue(SimpleString.of(Queues.RESULTS), null, false);
            assertThatThrownBy(() -> {
                        producer.send(results, ours.createTextMessage("second"));
                        ours.commit();
                    })
                    .isInstanceOf(JMSException.class);
        }
    }

    @Test
    void connectingRequiresTheRightPassword() {
        assertThatThrownBy(() -> connect("tcp://127.0.0.1:" + port, "supplier", "guess"))
                .isInstanceOf(JMSSecurityException.class);
        assertThatThrownBy(() -> connect("tcp://127.0.0.1:" + port, null, null))
                .isInstanceOf(JMSSecurityException.class);
    }

    @Test
    void anAlertIsOnlyInTheQueueOfItsRole() throws Exception {
        try (Connection postern = connect(EmbeddedBroker.VM_URL, "postern", "inside");
                Connection supplier = connect("tcp://127.0.0.1:" + port, "supplier", "outside")) {
            Session ours = postern.createSession(true, Session.SESSION_TRANSACTED);
            MessageProducer alerts = ours.createProducer(ours.createTopic(Queues.ALERTS));
            for (String role : new String[] {"GS", "IS", null}) {
                Message alert = ours.createTextMessage("for " + role);
                if (role != null) {
                    alert.setStringProperty(Queues.ROLE_PROPERTY, role);
                }
                alerts.send(alert);
            }
            ours.commit();
            Session theirs = supplier.createSession(false, Session.AUTO_ACKNOWLEDGE);
            for (String role : new String[] {"IS", "GS", "unassigned"}) {
                MessageConsumer queue =
                        theirs.createConsumer(theirs.createQueue(Queues.ALERTS + "::" + Queues.alerts(role)));
                assertThat(queue.receive(WAIT).getBody(String.class))
                        .isEqualTo("for " + (role.equals("unassigned") ? "null" : role));
                assertThat(queue.receiveNoWait()).isNull();
            }
        }
    }

    @Test
    void messagesWithTheSameDuplicateIdAreAcceptedOnce() throws Exception {
        try (Connection postern = connect(EmbeddedBroker.VM_URL, "postern", "inside")) {
            Session ours = postern.createSession(true, Session.SESSION_TRANSACTED);
            for (int i = 0; i < 3; i++) {
                Message result = ours.createTextMessage("once");
                result.setStringProperty("_AMQ_DUPL_ID", "result-1");
                ours.createProducer(ours.createQueue(Queues.RESULTS)).send(result);
                try {
                    ours.commit();
                } catch (JMSException duplicate) {
                    ours.rollback();
                }
            }
            MessageConsumer results = ours.createConsumer(ours.createQueue(Queues.RESULTS));
            assertThat(results.receive(WAIT)).isNotNull();
            assertThat(results.receiveNoWait()).isNull();
            ours.commit();
        }
    }

    @Test
    void committedMessagesSurviveARestart() throws Exception {
        try (Connection postern = connect(EmbeddedBroker.VM_URL, "postern", "inside")) {
            Session ours = postern.createSession(true, Session.SESSION_TRANSACTED);
            BytesMessage work = ours.createBytesMessage();
            work.writeBytes(new byte[] {1, 2, 3});
            ours.createProducer(ours.createQueue(Queues.WORK_PREFIX + "sign.BULK"))
                    .send(work);
            ours.commit();
        }
        broker.close();
        broker = new EmbeddedBroker(config(Map.of()), "inside", "outside");
        try (Connection postern = connect(EmbeddedBroker.VM_URL, "postern", "inside")) {
            Session ours = postern.createSession(true, Session.SESSION_TRANSACTED);
            Message work = ours.createConsumer(ours.createQueue(Queues.WORK_PREFIX + "sign.BULK"))
                    .receive(WAIT);
            assertThat(work.getBody(byte[].class)).containsExactly(1, 2, 3);
        }
    }

    @Test
    void aPooledSessionSendsToAWorkQueueThatDoesNotExistYet() throws Exception {
        JmsPoolConnectionFactory pool = Broker.pool(connections("postern", "inside"), 2);
        try {
            for (int i = 0; i < 3; i++) {
                try (JMSContext session = pool.createContext(JMSContext.AUTO_ACKNOWLEDGE)) {
                    session.createProducer()
                            .setDeliveryMode(DeliveryMode.NON_PERSISTENT)
                            .send(session.createQueue(Queues.WORK_PREFIX + "DISPATCH.BULK"), "id-" + i);
                }
            }
            try (Connection postern = connect(EmbeddedBroker.VM_URL, "postern", "inside")) {
                Session ours = postern.createSession(false, Session.AUTO_ACKNOWLEDGE);
                MessageConsumer work = ours.createConsumer(ours.createQueue(Queues.WORK_PREFIX + "DISPATCH.BULK"));
                // the order of messages from two pooled connections is not defined
                List<String> ids = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    ids.add(work.receive(WAIT).getBody(String.class));
                }
                assertThat(ids).containsExactlyInAnyOrder("id-0", "id-1", "id-2");
            }
        } finally {
            pool.stop();
        }
    }

    @Test
    void aResultInARemovedTemporaryQueueIsMovedAndSendingALaterOneFails() throws Exception {
        try (Connection postern = connect(EmbeddedBroker.VM_URL, "postern", "inside")) {
            Session ours = postern.createSession(false, Session.AUTO_ACKNOWLEDGE);
            Queue reply;
            MessageProducer results = ours.createProducer(null);
            try (Connection supplier = connect("tcp://127.0.0.1:" + port, "supplier", "outside")) {
                Session theirs = supplier.createSession(false, Session.CLIENT_ACKNOWLEDGE);
                Queue own = theirs.createTemporaryQueue();
                assertThat(new ReplyAddress(ReplyAddress.Kind.QUEUE, own.getQueueName(), false).temporary())
                        .isTrue();
                MessageConsumer replies = theirs.createConsumer(own);
                reply = ours.createQueue(own.getQueueName());
                for (String text : new String[] {"read", "received, not acknowledged", "not received"}) {
                    results.send(reply, ours.createTextMessage(text));
                }
                Message read = replies.receive(WAIT);
                assertThat(read.getBody(String.class)).isEqualTo("read");
                read.acknowledge();
                assertThat(replies.receive(WAIT)).isNotNull();
            }
            MessageConsumer common = ours.createConsumer(ours.createQueue(Queues.RESULTS));
            assertThat(List.of(
                            common.receive(WAIT).getBody(String.class),
                            common.receive(WAIT).getBody(String.class)))
                    .containsExactlyInAnyOrder("received, not acknowledged", "not received");
            assertThat(common.receiveNoWait()).isNull();
            assertThatThrownBy(() -> ours.createQueue(reply.getQueueName())).isInstanceOf(JMSException.class);
            // As if the queue had been removed between the look-up and the send.
            assertThatThrownBy(() -> results.send(reply, ours.createTextMessage("late")))
                    .isInstanceOf(JMSException.class);
        }
    }

    @Test
    void anAlertForARoleWithoutAQueueIsNotLost() throws Exception {
        try (Connection postern = connect(EmbeddedBroker.VM_URL, "postern", "inside")) {
            Session ours = postern.createSession(false, Session.AUTO_ACKNOWLEDGE);
            Message alert = ours.createTextMessage("for nobody");
            alert.setStringProperty(Queues.ROLE_PROPERTY, "XX");
            ours.createProducer(ours.createTopic(Queues.ALERTS)).send(alert);
            assertThat(ours.createConsumer(ours.createQueue(Queues.DEAD))
                            .receive(WAIT)
                            .getBody(String.class))
                    .isEqualTo("for nobody");
        }
    }

    private static ActiveMQConnectionFactory connections(String user, String password) throws JMSException {
        ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(EmbeddedBroker.VM_URL);
        factory.setUser(user);
        factory.setPassword(password);
        return factory;
    }

    @Test
    void aListenerReachableFromOtherMachinesRequiresTls() {
        assertThatThrownBy(() -> new EmbeddedBroker(
                        config(Map.of(
                                "acceptorHost",
                                "0.0.0.0",
                                "dataFolder",
                                folder.resolve("open").toString())),
                        "inside",
                        "outside"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("acceptorKeyStore");
    }

    private static Connection connect(String url, String user, String password) throws JMSException {
        Connection connection = new ActiveMQConnectionFactory(url).createConnection(user, password);
        connection.start();
        return connection;
    }

    private BrokerConfig config(Map<String, Object> settings) {
        return (BrokerConfig) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {BrokerConfig.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "acceptorPort" -> port;
                    case "dataFolder" ->
                        settings.getOrDefault(
                                "dataFolder", folder.resolve("artemis").toString());
                    default -> settings.getOrDefault(method.getName(), method.getDefaultValue());
                });
    }
}
