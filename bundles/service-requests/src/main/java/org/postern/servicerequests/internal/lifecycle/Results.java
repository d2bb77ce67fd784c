package org.postern.servicerequests.internal.lifecycle;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.catalogue.ResponseCode;
import org.postern.duis.DuisResponse;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.parsecorrelate.Difference;

/** Entries of the outbox that answer a request: what the DCC said, or how the request ended without its answer. */
public final class Results {

    /** Where results go without a reply-to. */
    public static final String COMMON = "postern.results";
    private static final String NAMESPACE = "urn:postern:outcome:1";

    private Results() {
    }

    /** The headers every result carries. */
    public static Map<String, String> headers(RequestRecord request, String outcome) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("request", request.id());
        request.requestId().ifPresent(id -> headers.put("requestId", id));
        request.service().ifPresent(service -> headers.put("service", service));
        request.device().ifPresent(device -> headers.put("device", device.dashed()));
        request.role().ifPresent(role -> headers.put("role", role.name()));
        request.correlationId().ifPresent(id -> headers.put("correlationId", id));
        headers.put("outcome", outcome);
        return headers;
    }

    /**
     * The DCC's own answer, as received: what it says of its own work, a refusal, or a command for delivery on site.
     *
     * @param confirmed what it ends where it answers a cancellation
     */
    static OutboxEntry answer(RequestRecord request, String suffix, String kind, String outcome, DuisResponse response,
            ResponseCode code, byte[] document, Dated.Confirmed confirmed) {
        Map<String, String> headers = headers(request, outcome);
        headers.put("responseCode", code.code());
        headers.put("form", "duis");
        if (!confirmed.requestIds().isEmpty()) {
            headers.put("cancels", String.join(" ", confirmed.requestIds()));
        }
        if (!confirmed.remark().isEmpty()) {
            headers.put("flag", confirmed.remark());
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("requestId", request.requestId().orElse(""));
        json.put("outcome", outcome);
        json.put("responseCode", code.code());
        json.put("text", code.text());
        json.put("kind", response.kind());
        if (response.body() instanceof ResponseBody.ResponseMessage message) {
            message.payload().ifPresent(payload -> json.put(payload.element(), value(payload)));
        }
        return entry(request, suffix, kind, headers, document, Json.write(json));
    }

    private static Object value(ResponsePayload payload) {
        if (payload instanceof ResponsePayload.DccData data) {
            return Json.tree(data.data());
        }
        if (payload instanceof ResponsePayload.ScheduleId schedule) {
            return schedule.id();
        }
        return payload.gbcs().map(bytes -> (Object) bytes.hex()).orElse("");
    }

    /** The Pre-Command was not what we asked for. */
    static OutboxEntry notCorrelated(RequestRecord request, List<Difference> differences) {
        List<Object> list = differences.stream().<Object>map(Results::members).toList();
        StringBuilder xml = new StringBuilder();
        for (Difference difference : differences) {
            xml.append("<Difference path=\"").append(escape(difference.path())).append("\" expected=\"")
                    .append(escape(difference.expected())).append("\" got=\"").append(escape(difference.got()))
                    .append("\" rule=\"").append(escape(difference.rule())).append("\"/>");
        }
        return ended(request, "not-correlated", "nothing was signed", xml.toString(), Map.of("differences", list));
    }

    private static Map<String, Object> members(Difference difference) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("path", difference.path());
        members.put("expected", difference.expected());
        members.put("got", difference.got());
        members.put("rule", difference.rule());
        return members;
    }

    /** A future-dated request was cancelled by another. */
    static OutboxEntry cancelled(RequestRecord request, RequestRecord by, String cause) {
        return told(request, "cancelled." + by.id(), "cancelled", cause, "cancelledBy", by);
    }

    /** A later request may have taken the place of a pending one: a notice, not an end. */
    static OutboxEntry superseded(RequestRecord request, RequestRecord by, String cause) {
        return told(request, "superseded." + by.id(), "superseded", cause, "supersededBy", by);
    }

    private static OutboxEntry told(RequestRecord request, String suffix, String outcome, String cause, String relation, RequestRecord other) {
        OutboxEntry entry = ended(request, outcome, cause, "", Map.of(relation, other.requestId().orElse(other.id())));
        Map<String, String> headers = new LinkedHashMap<>(entry.headers());
        headers.put(relation, other.requestId().orElse(other.id()));
        return entry(request, suffix, "RESULT", headers, entry.body(), entry.json().orElseThrow());
    }

    /** The request ended without an answer. */
    static OutboxEntry ended(RequestRecord request, String outcome, String cause) {
        return ended(request, outcome, cause, "", Map.of());
    }

    private static OutboxEntry ended(RequestRecord request, String outcome, String cause, String inner, Map<String, Object> more) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("requestId", request.requestId().orElse(""));
        json.put("outcome", outcome);
        json.put("cause", cause);
        json.putAll(more);
        String xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Outcome xmlns=\"" + NAMESPACE + "\" requestId=\""
                + escape(request.requestId().orElse("")) + "\" outcome=\"" + outcome + "\"><Cause>" + escape(cause) + "</Cause>"
                + inner + "</Outcome>";
        Map<String, String> headers = headers(request, outcome);
        headers.put("form", "outcome");
        headers.put("reason", cause);
        return entry(request, outcome, "RESULT", headers, xml.getBytes(StandardCharsets.UTF_8), Json.write(json));
    }

    private static OutboxEntry entry(RequestRecord request, String suffix, String kind, Map<String, String> headers, byte[] body,
            String json) {
        return OutboxEntry.pending(request.id() + "." + suffix, Optional.of(request.id()), kind, request.replyTo().orElse(COMMON),
                headers, "application/xml", body, Optional.of(json));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;")
                .replaceAll("[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F]", "?");
    }
}
