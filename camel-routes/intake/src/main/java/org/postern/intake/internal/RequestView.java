package org.postern.intake.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;

/** A request and its results, as the HTTP interface shows them. */
final class RequestView {

    /** What a result is, how far it can be trusted and what has to be done, by the names of its headers. */
    private static final List<String> PROPERTIES = List.of(
            "outcome",
            "form",
            "authenticated",
            "encrypted",
            "flag",
            "reason",
            "unprovenCode",
            "topUpResult",
            "told",
            "advice",
            "effect");

    private RequestView() {}

    /**
     * The state of a request.
     *
     * @param deliveries all its results, the oldest first
     */
    static ObjectNode of(RequestRecord request, List<OutboxEntry> deliveries) {
        ObjectNode view = Refusals.JSON.createObjectNode().put("id", request.id());
        request.requestId().ifPresent(value -> view.put("requestId", value.toString()));
        request.target().role().ifPresent(value -> view.put("role", value.name()));
        request.target().service().ifPresent(value -> view.put("service", value));
        request.target().device().ifPresent(value -> view.put("device", value.toString()));
        view.put("lane", request.lane().name())
                .put("state", request.state().name())
                .put("cause", request.progress().cause());
        request.progress().responseCode().ifPresent(value -> view.put("responseCode", value));
        request.progress().success().ifPresent(value -> view.put("success", value));
        request.origin().correlationId().ifPresent(value -> view.put("correlationId", value));
        view.put("createdAt", request.createdAt().toString())
                .put("updatedAt", request.updatedAt().toString());
        if (deliveries.isEmpty()) {
            view.put("outcome", StateOutcome.of(request.state()).text());
        } else {
            view.put("result", "/service-requests/" + request.id() + "/result");
            properties(current(deliveries)).forEach(view::put);
        }
        return view;
    }

    /** The final answer about a request that ended and has no result: further queries have no other answer. */
    static ObjectNode endedWithoutResult(RequestRecord request) {
        String cause = request.progress().cause();
        return Refusals.problem(
                        410,
                        IntakeFault.ENDED_WITHOUT_RESULT.fault(
                                "id", "it ended " + request.state() + (cause.isEmpty() ? "" : ": " + cause)),
                        Optional.of(request.id()))
                .put("state", request.state().name())
                .put("outcome", StateOutcome.of(request.state()).text());
    }

    /** The result that counts: the last one that had an effect on the request; if none had, the last one. */
    static OutboxEntry current(List<OutboxEntry> deliveries) {
        OutboxEntry current = deliveries.get(deliveries.size() - 1);
        for (OutboxEntry entry : deliveries) {
            if (!"none".equals(entry.headers().get("effect"))) {
                current = entry;
            }
        }
        return current;
    }

    /** What a result is and how far it can be trusted, by the names of its headers. */
    static Map<String, String> properties(OutboxEntry result) {
        Map<String, String> properties = new LinkedHashMap<>();
        for (String name : PROPERTIES) {
            Optional.ofNullable(result.headers().get(name))
                    .filter(value -> !value.isEmpty())
                    .ifPresent(value -> properties.put(name, value));
        }
        return properties;
    }
}
