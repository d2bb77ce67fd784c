package org.postern.intake.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientProducer;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.api.core.client.ServerLocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.Channel;
import org.postern.simulator.pki.SimulatorPki;

/**
 * Whatever a message contains, it is admitted, or its refusal is in its reply queue; it is not redelivered without end.
 */
@Timeout(600)
class ForeignJmsTest extends IntakeBench {

    private static final String REPLY = "postern.reply.foreign";

    @TempDir
    static Path pkiFolder;

    private static SimulatorPki pki;

    private RealLifeCycle life;

    @BeforeAll
    static void keys() {
        pki = RealLifeCycle.pki(pkiFolder);
    }

    @Override
    Services services() throws Exception {
        life = new RealLifeCycle(home, pki);
        return new Services(life.line.requests(), life.line.topUps(), life.ledger);
    }

    @AfterEach
    void close() {
        life.close();
    }

    @Test
    void everyMessageIsAdmittedOrRefusedWithAFaultCode() throws Exception {
        List<byte[]> documents = ForeignSubmissions.of(life.documents());
        try (JMSContext supplier = connections.createContext()) {
            Queue reply = supplier.createQueue(REPLY);
            for (int i = 0; i < documents.size(); i++) {
                Message message;
                if (i % 2 == 0) {
                    message = supplier.createTextMessage(new String(documents.get(i), StandardCharsets.ISO_8859_1));
                } else {
                    BytesMessage bytes = supplier.createBytesMessage();
                    bytes.writeBytes(documents.get(i));
                    message = bytes;
                }
                message.setJMSReplyTo(reply);
                message.setJMSCorrelationID("c" + i);
                supplier.createProducer().send(supplier.createQueue("postern.requests"), message);
            }
            Map<String, String> refused = refusals(supplier.createConsumer(reply));
            long admitted = 0;
            for (int i = 0; i < documents.size(); i++) {
                boolean known =
                        life.ledger.findByCorrelation(Channel.JMS, "c" + i).isPresent();
                admitted += known ? 1 : 0;
                assertThat(known)
                        .as("seed " + ForeignSubmissions.SEED + " document " + i)
                        .isNotEqualTo(refused.containsKey("c" + i));
            }
            System.out.println("JMS: admitted " + admitted + ", refused " + refused.size());
            assertThat(admitted).isPositive();
            life.holds(
                    admitted,
                    refused.values().stream()
                            .filter(code -> !code.equals("PST-7301"))
                            .count());
        }
    }

    @Test
    void everyKindOfMessageIsAnswered() throws Exception {
        try (ServerLocator locator = ActiveMQClient.createServerLocator("vm://8");
                ClientSessionFactory factory = locator.createSessionFactory();
                ClientSession session = factory.createSession();
                ClientProducer producer = session.createProducer("postern.requests")) {
            int sent = 0;
            int atSending = 0;
            Set<String> sentAs = new java.util.TreeSet<>();
            // every message type that Artemis knows and some unknown ones; with an empty body and with a body that is
            // not text
            for (byte type : new byte[] {0, 2, 3, 4, 5, 6, 7, 99}) {
                for (byte[] body : new byte[][] {
                    {}, {1}, {0, 0, 0, 9, 1}, {1, -1, -1, -1, -1}, {1, 0x7F, -1, -1, -1, 1}, {-1, -2, -3, -4, -5}
                }) {
                    ClientMessage message = session.createMessage(type, true);
                    message.getBodyBuffer().writeBytes(body);
                    atSending += send(producer, message, sent++, sentAs);
                }
            }
            // properties of another type than the one that is read
            for (String name :
                    List.of("posternFormat", "posternLane", "JMSXUserID", "_AMQ_GROUP_ID", "JMSType", "other")) {
                for (Object value : List.of(new byte[] {1, 2}, 7, true, 1.5, "\0", "x".repeat(3000))) {
                    ClientMessage message = session.createMessage((byte) 3, true);
                    message.getBodyBuffer().writeNullableSimpleString(SimpleString.of("{}"));
                    message.putObjectProperty(name, value);
                    atSending += send(producer, message, sent++, sentAs);
                }
            }
            try (JMSContext supplier = connections.createContext()) {
                Map<String, String> refused = refusals(supplier.createConsumer(supplier.createQueue(REPLY)));
                assertThat(refused.keySet()).as("of " + sent).containsExactlyInAnyOrderElementsOf(sentAs);
                System.out.println("JMS kinds: " + sent + ", refused at their sending " + atSending);
            }
        }
        life.holds(
                0,
                life.ledger.counts().values().stream()
                        .mapToLong(Long::longValue)
                        .sum());
    }

    /** 1 if the message was refused when it was sent, otherwise 0. */
    private static int send(ClientProducer producer, ClientMessage message, int number, Set<String> waits)
            throws Exception {
        message.setReplyTo(SimpleString.of("queue://" + REPLY));
        message.setCorrelationID("c" + number);
        try {
            producer.send(message);
            waits.add("c" + number);
            return 0;
        } catch (ActiveMQException e) {
            assertThat(e.getMessage()).contains("PST-7204");
            return 1;
        }
    }

    /** The code of each refusal, by correlation id, once the queue of requests is empty. */
    private Map<String, String> refusals(JMSConsumer replies) throws Exception {
        Map<String, String> refused = new HashMap<>();
        org.apache.activemq.artemis.core.server.Queue requests =
                broker.getActiveMQServer().locateQueue("postern.requests");
        long end = System.nanoTime() + 20_000_000_000L + ForeignSubmissions.RANDOM * 20_000_000L;
        for (boolean empty = false; !empty; ) {
            assertThat(System.nanoTime())
                    .as("messages that are still in the queue: " + requests.getMessageCount())
                    .isLessThan(end);
            empty = requests.getMessageCount() == 0;
            for (Message one = replies.receive(empty ? 500 : 50); one != null; one = replies.receive(50)) {
                JsonNode problem = Refusals.JSON.readTree(one.getBody(String.class));
                for (String member : Set.of("code", "field", "rule", "title", "detail")) {
                    assertThat(problem.path(member).asText())
                            .as(member + " of " + problem)
                            .isNotBlank();
                }
                assertThat(one.getStringProperty("postern_outcome")).isEqualTo("rejected");
                assertThat(refused.put(one.getJMSCorrelationID(), one.getStringProperty("postern_code")))
                        .as("each is answered once")
                        .isNull();
            }
        }
        assertThat(broker.getActiveMQServer().locateQueue("postern.dead"))
                .as("no message is in the dead letter queue")
                .isNull();
        return refused;
    }
}
