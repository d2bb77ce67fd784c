package org.postern.intake.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageFormatException;
import jakarta.jms.Queue;
import jakarta.jms.TextMessage;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.activemq.artemis.jms.client.ActiveMQDestination;
import org.apache.camel.Exchange;
import org.apache.camel.component.jms.JmsMessage;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.camelruntime.Metrics;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.DeliveryState;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ReplyAddress;
import org.postern.ledger.Origin;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.Target;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.Submission;

/** Requests by JMS, and the answers to their senders. */
class JmsInterfaceTest extends IntakeBench {

    @Test
    void aMessageIsAdmittedWithItsReplyQueueCorrelationAndLane() throws Exception {
        try (JMSContext supplier = connections.createContext()) {
            TextMessage request = supplier.createTextMessage("<Request/>");
            request.setJMSReplyTo(supplier.createQueue("postern.reply.crm"));
            request.setStringProperty("posternFormat", "json");
            supplier.createProducer()
                    .setJMSCorrelationID("c-1")
                    .setPriority(9)
                    .send(supplier.createQueue("postern.requests"), request);
        }
        Submission taken = submitted.poll(WAIT, TimeUnit.MILLISECONDS);
        assertThat(taken.channel()).isEqualTo(Channel.JMS);
        assertThat(taken.format()).isEqualTo(Submission.Format.XML);
        assertThat(taken.bytes()).asString().isEqualTo("<Request/>");
        assertThat(taken.replyTo().map(ReplyAddress::toString)).contains("queue:postern.reply.crm?format=json");
        assertThat(taken.correlationId()).contains("c-1");
        assertThat(taken.lane()).contains(Lane.PREPAYMENT);
    }

    @Test
    void aRefusedMessageIsAnsweredAtItsReplyQueue() throws Exception {
        answer = submission -> Admission.Refused.permanent("id-2", FAULT);
        try (JMSContext supplier = connections.createContext()) {
            Queue reply = supplier.createQueue("postern.reply.crm");
            supplier.createProducer()
                    .setJMSReplyTo(reply)
                    .setJMSCorrelationID("c-2")
                    .send(supplier.createQueue("postern.requests"), "{}");
            Message refusal = supplier.createConsumer(reply).receive(WAIT);
            assertThat(refusal.getBody(String.class)).contains("PST-2104", "ask another role", "id-2");
            assertThat(refusal.getJMSCorrelationID()).isEqualTo("c-2");
            assertThat(refusal.getStringProperty("postern_outcome")).isEqualTo("rejected");
            assertThat(refusal.getStringProperty("postern_code")).isEqualTo("PST-2104");
        }
    }

    @ParameterizedTest
    @CsvSource({"posternLane,FAST,BULK", "posternFormat,csv,json"})
    void aLaneOrFormThatDoesNotExistIsRefused(String property, String value, String allowed) throws Exception {
        try (JMSContext supplier = connections.createContext()) {
            supplier.createProducer()
                    .setJMSCorrelationID("c-7")
                    .setProperty(property, value)
                    .send(supplier.createQueue("postern.requests"), "{}");
            Message refusal = supplier.createConsumer(supplier.createQueue("postern.results"))
                    .receive(WAIT);
            assertThat(refusal).isNotNull();
            assertThat(refusal.getStringProperty("postern_code")).isEqualTo("PST-7327");
            assertThat(refusal.getJMSCorrelationID()).isEqualTo("c-7");
            assertThat(refusal.getBody(String.class))
                    .contains("\"field\":\"" + property + "\"", "it is " + value, allowed);
        }
        assertThat(submitted).isEmpty();
    }

    @Test
    void aTemporaryReplyQueueIsUsedAndTheRefusalIsNotLostWithIt() throws Exception {
        String gone;
        try (JMSContext supplier = connections.createContext()) {
            Queue own = supplier.createTemporaryQueue();
            gone = own.getQueueName();
            supplier.createProducer().setJMSReplyTo(own).send(supplier.createQueue("postern.requests"), "{}");
            assertThat(submitted.poll(WAIT, TimeUnit.MILLISECONDS).replyTo().map(ReplyAddress::toString))
                    .contains("queue:" + gone);
        }
        answer = submission -> Admission.Refused.permanent("id-4", FAULT);
        try (JMSContext supplier = connections.createContext()) {
            TextMessage request = supplier.createTextMessage("{}");
            request.setJMSReplyTo(ActiveMQDestination.createTemporaryQueue(gone));
            supplier.createProducer()
                    .setJMSCorrelationID("c-4")
                    .send(supplier.createQueue("postern.requests"), request);
            Message refusal = supplier.createConsumer(supplier.createQueue("postern.results"))
                    .receive(WAIT);
            assertThat(refusal.getBody(String.class)).contains("PST-2104", "id-4");
            assertThat(refusal.getJMSCorrelationID()).isEqualTo("c-4");
            assertThat(submitted.poll(WAIT, TimeUnit.MILLISECONDS).replyTo().map(ReplyAddress::toString))
                    .contains("queue:" + gone);
            assertThat(submitted).as("it was not redelivered").isEmpty();
        }
    }

    @Test
    void aMessageThatCannotBeAdmittedNowIsRedeliveredUntilItCan() throws Exception {
        int[] tries = {0};
        answer = submission ->
                ++tries[0] < 3 ? Admission.Refused.temporary(FAULT) : new Admission.Accepted("id-3", "A:B:8", false);
        try (JMSContext supplier = connections.createContext()) {
            supplier.createProducer().send(supplier.createQueue("postern.requests"), "{}");
            String first =
                    submitted.poll(WAIT, TimeUnit.MILLISECONDS).correlationId().orElseThrow();
            assertThat(submitted.poll(WAIT, TimeUnit.MILLISECONDS).correlationId())
                    .contains(first);
            assertThat(submitted.poll(WAIT, TimeUnit.MILLISECONDS).correlationId())
                    .contains(first);
            assertThat(supplier.createConsumer(supplier.createQueue("postern.results"))
                            .receiveNoWait())
                    .isNull();
        }
    }

    /** An unexpected failure may be permanent, so the message must not be redelivered without end. */
    @Test
    void aMessageThatFailsRepeatedlyIsRefusedWithAFaultCode() throws Exception {
        answer = submission -> {
            throw new NullPointerException();
        };
        try (JMSContext supplier = connections.createContext()) {
            supplier.createProducer().setJMSCorrelationID("c-6").send(supplier.createQueue("postern.requests"), "{}");
            Message refusal = supplier.createConsumer(supplier.createQueue("postern.results"))
                    .receive(WAIT);
            assertThat(refusal).isNotNull();
            assertThat(refusal.getStringProperty("postern_code")).isEqualTo("PST-7399");
            assertThat(refusal.getJMSCorrelationID()).isEqualTo("c-6");
        }
        assertThat(submitted).hasSize(8);
    }

    @Test
    void aReplyToThatNamesAQueueOfPosternIsNotUsed() throws Exception {
        try (JMSContext supplier = connections.createContext()) {
            supplier.createProducer()
                    .setJMSReplyTo(supplier.createQueue("postern.requests"))
                    .send(supplier.createQueue("postern.requests"), "{}");
        }
        assertThat(submitted.poll(WAIT, TimeUnit.MILLISECONDS).replyTo().map(ReplyAddress::toString))
                .contains("queue:postern.results");
    }

    @ParameterizedTest
    @ValueSource(strings = {"postern.reply.*", "postern.reply.#", "postern.reply.crm::other", "#"})
    void aReplyToThatNamesNoSingleQueueIsRefusedAtTheCommonResults(String name) throws Exception {
        try (JMSContext supplier = connections.createContext()) {
            supplier.createProducer()
                    .setJMSReplyTo(ActiveMQDestination.createQueue(name))
                    .setJMSCorrelationID("c-5")
                    .send(supplier.createQueue("postern.requests"), "{}");
            Message refusal = supplier.createConsumer(supplier.createQueue("postern.results"))
                    .receive(WAIT);
            assertThat(refusal).isNotNull();
            assertThat(refusal.getStringProperty("postern_code")).isEqualTo("PST-7320");
            assertThat(refusal.getJMSCorrelationID()).isEqualTo("c-5");
        }
        assertThat(submitted).isEmpty();
    }

    @Test
    void aRepeatedRequestThatWasAnsweredGetsItsAnswerAtItsNewReplyQueue() throws Exception {
        answer = submission -> new Admission.Accepted("id-9", "A:B:9", true);
        delivered = List.of(
                delivery("d1", "queue:postern.reply.old", DeliveryState.DELIVERED),
                delivery("d2", "queue:postern.reply.new", DeliveryState.DELIVERED));
        try (JMSContext supplier = connections.createContext()) {
            Queue reply = supplier.createQueue("postern.reply.new");
            TextMessage request = supplier.createTextMessage("{}");
            request.setJMSReplyTo(reply);
            request.setStringProperty("posternFormat", "json");
            supplier.createProducer()
                    .setJMSCorrelationID("c-9")
                    .send(supplier.createQueue("postern.requests"), request);
            JMSConsumer replies = supplier.createConsumer(reply);
            for (String id : List.of("d1", "d2")) {
                Message again = replies.receive(WAIT);
                assertThat(again).as(id).isNotNull();
                assertThat(again.getBody(String.class)).isEqualTo("{\"id\":\"" + id + "\"}");
                assertThat(again.getStringProperty("postern_deliveryId")).isEqualTo(id);
                assertThat(again.getStringProperty("postern_outcome")).isEqualTo("success");
                assertThat(again.getStringProperty("postern_again")).isEqualTo("yes");
                assertThat(again.getJMSCorrelationID()).isEqualTo("c-9");
            }
            assertThat(replies.receiveNoWait()).isNull();
        }
    }

    @Test
    void anAnswerStillPendingForTheSameQueueIsNotSentTwice() throws Exception {
        answer = submission -> new Admission.Accepted("id-9", "A:B:9", true);
        delivered = List.of(delivery("d1", "queue:postern.reply.crm", DeliveryState.PENDING));
        try (JMSContext supplier = connections.createContext()) {
            for (String name : List.of("postern.reply.crm", "postern.reply.other")) {
                supplier.createProducer()
                        .setJMSReplyTo(supplier.createQueue(name))
                        .setJMSCorrelationID("c-9")
                        .send(supplier.createQueue("postern.requests"), "{}");
            }
            Message elsewhere = supplier.createConsumer(supplier.createQueue("postern.reply.other"))
                    .receive(WAIT);
            assertThat(elsewhere.getBody(String.class)).isEqualTo("<result id=\"d1\"/>");
            assertThat(submitted).hasSize(2);
            assertThat(supplier.createConsumer(supplier.createQueue("postern.reply.crm"))
                            .receiveNoWait())
                    .isNull();
        }
    }

    @Test
    void aRepeatedAnswerIsNotLostWithItsTemporaryQueue() throws Exception {
        answer = submission -> new Admission.Accepted("id-9", "A:B:9", true);
        delivered = List.of(delivery("d1", "queue:postern.reply.old", DeliveryState.DELIVERED));
        String gone;
        try (JMSContext supplier = connections.createContext()) {
            gone = supplier.createTemporaryQueue().getQueueName();
        }
        try (JMSContext supplier = connections.createContext()) {
            TextMessage request = supplier.createTextMessage("{}");
            request.setJMSReplyTo(ActiveMQDestination.createTemporaryQueue(gone));
            supplier.createProducer()
                    .setJMSCorrelationID("c-9")
                    .send(supplier.createQueue("postern.requests"), request);
            Message again = supplier.createConsumer(supplier.createQueue("postern.results"))
                    .receive(WAIT);
            assertThat(again.getStringProperty("postern_deliveryId")).isEqualTo("d1");
        }
    }

    private static OutboxEntry delivery(String id, String destination, DeliveryState state) {
        byte[] xml = ("<result id=\"" + id + "\"/>").getBytes(StandardCharsets.UTF_8);
        return new OutboxEntry(
                id,
                Optional.of("id-9"),
                DeliveryKind.RESULT,
                ReplyAddress.parse(destination).orElseThrow(),
                Map.of("correlationId", "c-9", "outcome", "success"),
                "application/xml",
                xml,
                Optional.of("{\"id\":\"" + id + "\"}"),
                state,
                0,
                Instant.EPOCH);
    }

    @ParameterizedTest
    @CsvSource({
        "CANCELLED,postern.reply.crm,true,cancelled",
        "SENT,postern.reply.other,true,admitted",
        "SENT,postern.reply.crm,false,"
    })
    void whereNothingWasDeliveredItIsToldHowTheRequestStands(
            RequestState state, String name, boolean told, String outcome) throws Exception {
        answer = submission -> new Admission.Accepted("id-9", "A:B:9", true);
        Origin origin =
                new Origin(Channel.JMS, Optional.of("c-9"), ReplyAddress.parse("postern.reply.crm"), "supplier", "xml");
        found = Optional.of(new RequestRecord(
                "id-9",
                Optional.empty(),
                origin,
                Target.UNREAD,
                Lane.ROUTINE,
                new RequestRecord.Progress(state, "why", Optional.empty(), Optional.empty()),
                RequestRecord.Sending.NONE,
                new RequestRecord.Timing(Optional.empty(), Optional.empty(), 0),
                Instant.EPOCH,
                Instant.EPOCH));
        try (JMSContext supplier = connections.createContext()) {
            Queue reply = supplier.createQueue(name);
            supplier.createProducer()
                    .setJMSReplyTo(reply)
                    .setJMSCorrelationID("c-9")
                    .send(supplier.createQueue("postern.requests"), "{}");
            assertThat(submitted.poll(WAIT, TimeUnit.MILLISECONDS)).isNotNull();
            JMSConsumer replies = supplier.createConsumer(reply);
            if (told) {
                Message status = replies.receive(WAIT);
                assertThat(status.getStringProperty("postern_kind")).isEqualTo("STATUS");
                assertThat(status.getStringProperty("postern_outcome")).isEqualTo(outcome);
                assertThat(status.getStringProperty("postern_state")).isEqualTo(state.name());
                assertThat(status.getBody(String.class)).contains("\"replyTo\":\"postern.reply.crm\"", "id-9");
                assertThat(status.getJMSCorrelationID()).isEqualTo("c-9");
            } else {
                assertThat(replies.receive(500)).isNull();
            }
        }
    }

    /** The form in which a message arrives from an external broker, which accepts messages that no client can read. */
    @Test
    void aMessageMarkedAsUnreadableIsRefusedWithAFaultCode() throws Exception {
        try (JMSContext supplier = connections.createContext()) {
            TextMessage request = supplier.createTextMessage("{}");
            request.setStringProperty("posternUnreadable", "its type or body, type 6");
            supplier.createProducer()
                    .setJMSCorrelationID("c-7")
                    .send(supplier.createQueue("postern.requests"), request);
            Message refusal = supplier.createConsumer(supplier.createQueue("postern.results"))
                    .receive(WAIT);
            assertThat(refusal.getStringProperty("postern_code")).isEqualTo("PST-7301");
            assertThat(refusal.getBody(String.class)).contains("type 6");
            assertThat(refusal.getJMSCorrelationID()).isEqualTo("c-7");
        }
        assertThat(submitted).isEmpty();
    }

    /** The connection may break while a body is read, which does not mean that the body is unreadable. */
    @Test
    void aBodyThatCannotBeReadNowIsRetriedAndAnUnreadableOneIsRefused() throws Exception {
        JmsInterface jmsInterface = new JmsInterface(
                new IntakeChannel(
                        Channel.JMS, () -> services.requests(), () -> services.topUps(), fake(Metrics.class, Map.of())),
                new RepeatedRequests(services.ledger()),
                1,
                LIMIT);
        for (int tries = 1; tries < JmsInterface.MAX_ATTEMPTS; tries++) {
            Exchange broken = exchange(tries, () -> new JMSException("the connection was lost"));
            assertThatThrownBy(() -> jmsInterface.take(broken)).hasMessageContaining("connection was lost");
            assertThat(broken.getProperty(JmsInterface.ANSWERS)).isNull();
        }
        assertThat(refused(
                        jmsInterface,
                        exchange(JmsInterface.MAX_ATTEMPTS, () -> new JMSException("the connection was lost"))))
                .isEqualTo("PST-7399");
        assertThat(refused(jmsInterface, exchange(1, () -> new MessageFormatException("no text"))))
                .isEqualTo("PST-7301");
        assertThat(submitted).isEmpty();
    }

    private static String refused(JmsInterface jmsInterface, Exchange exchange) throws JMSException {
        jmsInterface.take(exchange);
        return ((JmsInterface.Answer)
                        exchange.getProperty(JmsInterface.ANSWERS, List.class).get(0))
                .headers()
                .get("postern_code");
    }

    /** A message with the given delivery count whose body cannot be read. */
    private static Exchange exchange(int tries, Supplier<JMSException> failure) {
        TextMessage message = (TextMessage) Proxy.newProxyInstance(
                TextMessage.class.getClassLoader(),
                new Class<?>[] {TextMessage.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getText" -> throw failure.get();
                    case "getIntProperty" -> tries;
                    case "getJMSPriority" -> 4;
                    case "propertyExists" -> false;
                    default -> null;
                });
        DefaultExchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.setMessage(new JmsMessage(exchange, message, null, null));
        return exchange;
    }

    @Test
    void aMessageBeyondTheLimitIsRefusedUnread() throws Exception {
        try (JMSContext supplier = connections.createContext()) {
            supplier.createProducer().send(supplier.createQueue("postern.requests"), "x".repeat(LIMIT + 1));
            Message refusal = supplier.createConsumer(supplier.createQueue("postern.results"))
                    .receive(WAIT);
            assertThat(refusal.getStringProperty("postern_code")).isEqualTo("PST-7301");
        }
        assertThat(submitted).isEmpty();
    }
}
