package org.postern.intake.internal;

import jakarta.jms.BytesMessage;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageEOFException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageNotReadableException;
import jakarta.jms.Queue;
import jakarta.jms.TextMessage;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.jms.JmsMessage;
import org.postern.broker.Queues;
import org.postern.catalogue.Fault;
import org.postern.catalogue.Lane;
import org.postern.catalogue.Outcome;
import org.postern.catalogue.ReplyAddress;
import org.postern.servicerequests.Admission;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests from the queue {@code postern.requests}. The message is acknowledged only after the request is on disk;
 * while the ledger cannot write, it is rolled back and waits in the queue. A refusal, and the repetition of a request
 * that already has an answer, is answered in the transaction that acknowledges the message.
 */
final class JmsInterface extends RouteBuilder {

    private static final Logger LOG = LoggerFactory.getLogger(JmsInterface.class);
    static final String FORMAT = "posternFormat";
    static final String LANE = "posternLane";
    private static final Set<String> FORMATS = Set.of("json", "xml");
    /** Camel's own header: overrides the queue that the route names. */
    private static final String TO = "CamelJmsDestinationName";
    /** What is sent in the transaction that acknowledges the message: a list of {@link Answer}. */
    static final String ANSWERS = "posternAnswers";
    /**
     * Number of deliveries after which a message that fails here is refused; the cause of a failure may be temporary,
     * such as a full disk.
     */
    static final int MAX_ATTEMPTS = 8;

    private static final int URGENT = 8;
    private static final int ABOVE_NORMAL = 5;
    private static final int NORMAL = 4;

    private final IntakeChannel channel;
    private final RepeatedRequests repeated;
    private final int consumers;
    private final int maxBytes;

    /** One complete message to a queue. */
    record Answer(String queue, Object body, Map<String, String> headers) {}

    JmsInterface(IntakeChannel channel, RepeatedRequests repeated, int consumers, int maxBytes) {
        this.channel = channel;
        this.repeated = repeated;
        this.consumers = consumers;
        this.maxBytes = maxBytes;
    }

    @Override
    public void configure() {
        errorHandler(noErrorHandler());
        from("jms:queue:" + Queues.REQUESTS + "?disableReplyTo=true&mapJmsMessage=false&concurrentConsumers="
                        + consumers)
                .routeId("intake-jms")
                .process(this::take)
                .filter(exchangeProperty(ANSWERS).isNotNull())
                .split(exchangeProperty(ANSWERS))
                .stopOnException()
                .process(JmsInterface::fill)
                .doTry()
                .to("jms:queue:" + Queues.RESULTS + "?preserveMessageQos=false")
                // A reply queue may be removed with the connection of its supplier; the answer then goes to the common
                // results queue.
                .doCatch(Exception.class)
                .removeHeader(TO)
                .to("jms:queue:" + Queues.RESULTS + "?preserveMessageQos=false")
                .end();
    }

    /**
     * Refuses a message that cannot be read, or that fails here unexpectedly, after several attempts: it would be
     * redelivered without end otherwise.
     */
    void take(Exchange exchange) throws JMSException {
        Message message = exchange.getMessage(JmsMessage.class).getJmsMessage();
        try {
            take(exchange, message);
        } catch (NotNow e) {
            throw e;
        } catch (JMSException | RuntimeException e) {
            if (tries(message) < MAX_ATTEMPTS) {
                throw e;
            }
            channel.count("refused");
            LOG.error("{} a message refused at interface jms", IntakeFault.INTERFACE_FAILED.code(), e);
            refuse(
                    exchange,
                    orElse(
                            () -> replyAddress(message),
                            new ReplyAddress(ReplyAddress.Kind.QUEUE, Queues.RESULTS, false)),
                    orElse(message::getJMSCorrelationID, null),
                    IntakeFault.INTERFACE_FAILED.fault(
                            "message", "it could not be read: " + e.getClass().getSimpleName()),
                    Optional.empty());
        }
    }

    private static int tries(Message message) {
        return orElse(() -> message.getIntProperty("JMSXDeliveryCount"), MAX_ATTEMPTS);
    }

    /** Reads a part of a message that may itself be unreadable. */
    private interface Part<T> {
        T read() throws JMSException;
    }

    private static <T> T orElse(Part<T> part, T otherwise) {
        try {
            return part.read();
        } catch (JMSException | RuntimeException e) {
            return otherwise;
        }
    }

    /** A property as text; null if it is absent or cannot be converted to text. */
    private static String text(Message message, String name) {
        return orElse(() -> message.getStringProperty(name), null);
    }

    private void take(Exchange exchange, Message message) throws JMSException {
        ReplyAddress reply = replyAddress(message);
        String correlation = message.getJMSCorrelationID();
        if (message.getJMSReplyTo() instanceof Queue named
                && ReplyAddress.parse(named.getQueueName()).isEmpty()) {
            channel.count("refused");
            LOG.warn(
                    "{} a message from {} refused at interface jms: its JMSReplyTo names no single queue",
                    IntakeFault.REPLY_ADDRESS.code(),
                    text(message, "JMSXUserID"));
            refuse(
                    exchange,
                    reply,
                    correlation,
                    IntakeFault.REPLY_ADDRESS.fault("JMSReplyTo", "a pattern, or more than the name of one queue"),
                    Optional.empty());
            return;
        }
        Optional<Fault> option = wrongOption(message);
        if (option.isPresent()) {
            channel.count("refused");
            LOG.warn("{} a message from {} refused at interface jms", option.get(), text(message, "JMSXUserID"));
            refuse(exchange, reply, correlation, option.get(), Optional.empty());
            return;
        }
        String unreadable = text(message, Queues.UNREADABLE_PROPERTY);
        byte[] body = unreadable == null ? body(message) : null;
        if (body == null) {
            String found = unreadable == null
                    ? "neither text nor bytes, or larger than " + maxBytes + " bytes"
                    : "no JMS client can read " + unreadable;
            channel.count("refused");
            LOG.warn(
                    "{} a message from {} refused at interface jms: {}",
                    IntakeFault.JMS_MESSAGE.code(),
                    text(message, "JMSXUserID"),
                    found);
            refuse(exchange, reply, correlation, IntakeFault.JMS_MESSAGE.fault("body", found), Optional.empty());
            return;
        }
        // A message that is redelivered after a crash has the same id: the ledger then returns the request that it
        // already has.
        Admission admission = channel.admit(
                body,
                IntakeChannel.format(body),
                Optional.of(reply),
                Optional.of(correlation != null ? correlation : message.getJMSMessageID()),
                lane(message),
                Optional.ofNullable(text(message, "JMSXUserID")).orElse(""));
        admission.fold(
                accepted -> {
                    if (accepted.repeated()) {
                        exchange.setProperty(
                                ANSWERS, repeated.answers(accepted.id(), reply, Optional.ofNullable(correlation)));
                    }
                    return null;
                },
                refused -> {
                    if (refused.worthRepeating()) {
                        throw new NotNow(refused.fault());
                    }
                    refuse(exchange, reply, correlation, refused.fault(), refused.id());
                    return null;
                });
    }

    /**
     * The fault of a property that names a lane or form that does not exist: the message is refused; no default is used
     * instead.
     */
    private static Optional<Fault> wrongOption(Message message) {
        String lane = text(message, LANE);
        if (IntakeChannel.unknownLane(lane)) {
            return Optional.of(IntakeFault.OPTION.fault(
                    LANE, "one of " + IntakeChannel.LANES + ", or none", IntakeChannel.found(lane)));
        }
        String format = text(message, FORMAT);
        if (format != null
                && !format.isBlank()
                && !FORMATS.contains(format.strip().toLowerCase(Locale.ROOT))) {
            return Optional.of(IntakeFault.OPTION.fault(FORMAT, "json, xml or none", IntakeChannel.found(format)));
        }
        return Optional.empty();
    }

    private static void refuse(
            Exchange exchange, ReplyAddress reply, String correlation, Fault fault, Optional<String> id) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("postern_kind", "REFUSAL");
        headers.put("postern_outcome", Outcome.REJECTED.text());
        headers.put("postern_contentType", "application/problem+json");
        headers.put("postern_code", fault.code());
        if (correlation != null) {
            headers.put("JMSCorrelationID", correlation);
        }
        id.ifPresent(known -> headers.put("postern_id", known));
        exchange.setProperty(
                ANSWERS,
                List.of(new Answer(
                        reply.name(), Refusals.problem(422, fault, id).toString(), headers)));
    }

    private static void fill(Exchange exchange) {
        Answer answer = exchange.getMessage().getBody(Answer.class);
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setHeader(TO, answer.queue());
        answer.headers().forEach(exchange.getMessage()::setHeader);
        exchange.getMessage().setBody(answer.body());
    }

    /** The body; null if it can never be the body of a request. Other failures, which may be temporary, are thrown. */
    private byte[] body(Message message) throws JMSException {
        try {
            return read(message);
        } catch (MessageFormatException | MessageNotReadableException | MessageEOFException e) {
            return null;
        }
    }

    private byte[] read(Message message) throws JMSException {
        if (message instanceof TextMessage text && text.getText() != null) {
            byte[] bytes = text.getText().getBytes(StandardCharsets.UTF_8);
            return bytes.length > maxBytes ? null : bytes;
        }
        if (message instanceof BytesMessage binary && binary.getBodyLength() <= maxBytes) {
            byte[] bytes = new byte[(int) binary.getBodyLength()];
            binary.readBytes(bytes);
            return bytes;
        }
        return null;
    }

    /** Where the result goes: the reply-to if a supplier may use it, otherwise the common results queue. */
    private static ReplyAddress replyAddress(Message message) throws JMSException {
        boolean json = "json"
                .equalsIgnoreCase(
                        Optional.ofNullable(text(message, FORMAT)).orElse("").strip());
        Destination replyTo = message.getJMSReplyTo();
        if (replyTo instanceof Queue queue) {
            ReplyAddress named = new ReplyAddress(ReplyAddress.Kind.QUEUE, queue.getQueueName(), json);
            if (named.openToSuppliers() && ReplyAddress.parse(named.toString()).isPresent()) {
                return named;
            }
        }
        return new ReplyAddress(ReplyAddress.Kind.QUEUE, Queues.RESULTS, json);
    }

    /** Priority 4 is the default of JMS, so it selects the default lane of the service. */
    private static Optional<Lane> lane(Message message) throws JMSException {
        Optional<Lane> named = IntakeChannel.lane(text(message, LANE));
        if (named.isPresent()) {
            return named;
        }
        int priority = message.getJMSPriority();
        if (priority == NORMAL) {
            return Optional.empty();
        }
        return Optional.of(
                priority >= URGENT ? Lane.PREPAYMENT : priority >= ABOVE_NORMAL ? Lane.INTERACTIVE : Lane.BULK);
    }

    /** Rolls the message back; the broker redelivers it after its redelivery delay. */
    private static final class NotNow extends RuntimeException {

        NotNow(Fault fault) {
            super("cannot admit now: " + fault.code() + " " + fault.cause());
        }
    }
}
