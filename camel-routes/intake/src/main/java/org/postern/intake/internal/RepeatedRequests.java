package org.postern.intake.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.broker.Queues;
import org.postern.catalogue.DeliveryState;
import org.postern.catalogue.ReplyAddress;
import org.postern.ledger.Ledger;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.servicerequests.DeliveryMessage;

/**
 * The answers to a request that is submitted again over JMS. Its caller repeats it because it has no answer: the
 * results that were already delivered are sent to the reply address of the repeated message with the same delivery ids.
 * Results that are still to be delivered to that address are not sent here.
 */
final class RepeatedRequests {

    private final Ledger ledger;

    RepeatedRequests(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * The messages to be sent.
     *
     * @param id durable id of the request
     * @param reply reply address of the repeated message
     * @param correlation correlation id of the repeated message; empty if it has none
     * @return the oldest first; empty if the answer is still pending and will be sent to that address
     */
    List<JmsInterface.Answer> answers(String id, ReplyAddress reply, Optional<String> correlation) {
        List<JmsInterface.Answer> answers = new ArrayList<>();
        List<OutboxEntry> deliveries = ledger.deliveriesOf(id);
        for (OutboxEntry entry : deliveries) {
            if (entry.state() == DeliveryState.DELIVERED || !comesTo(entry.destination(), reply)) {
                answers.add(again(entry, reply));
            }
        }
        if (deliveries.isEmpty()) {
            ledger.find(id)
                    .filter(request ->
                            request.state().isEnd() || !comesTo(request.origin().destination(), reply))
                    .ifPresent(request -> answers.add(standing(request, reply, correlation)));
        }
        return answers;
    }

    private static boolean comesTo(ReplyAddress destination, ReplyAddress reply) {
        return destination.kind() == ReplyAddress.Kind.QUEUE
                && destination.name().equals(reply.name());
    }

    private static JmsInterface.Answer again(OutboxEntry entry, ReplyAddress reply) {
        DeliveryMessage delivery = DeliveryMessage.of(entry, reply.json());
        Map<String, String> headers = new HashMap<>(delivery.properties());
        headers.put(DeliveryMessage.PREFIX + "again", "yes");
        delivery.correlationId().ifPresent(value -> headers.put("JMSCorrelationID", value));
        delivery.role().ifPresent(value -> headers.put(Queues.ROLE_PROPERTY, value));
        return new JmsInterface.Answer(reply.name(), delivery.body(), headers);
    }

    /** The status message for a request without a delivered result: its state, and where its answer will go. */
    private static JmsInterface.Answer standing(
            RequestRecord request, ReplyAddress reply, Optional<String> correlation) {
        String outcome = StateOutcome.of(request.state()).text();
        ObjectNode body = Refusals.JSON
                .createObjectNode()
                .put("id", request.id())
                .put("state", request.state().name())
                .put("outcome", outcome)
                .put("cause", request.progress().cause())
                .put("replyTo", request.origin().destination().name());
        request.requestId().ifPresent(value -> body.put("requestId", value.toString()));
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(DeliveryMessage.PREFIX + "kind", "STATUS");
        headers.put(DeliveryMessage.PREFIX + "outcome", outcome);
        headers.put(DeliveryMessage.PREFIX + "state", request.state().name());
        headers.put(DeliveryMessage.PREFIX + "contentType", "application/json");
        headers.put(DeliveryMessage.PREFIX + "request", request.id());
        correlation.or(request.origin()::correlationId).ifPresent(value -> headers.put("JMSCorrelationID", value));
        return new JmsInterface.Answer(reply.name(), body.toString(), headers);
    }
}
