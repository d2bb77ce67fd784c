package org.postern.servicerequests.internal.lifecycle;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postern.catalogue.ResponseCode;
import org.postern.duis.DuisResponse;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.parsecorrelate.Difference;
import org.postern.servicerequests.internal.credentials.CredentialsTable;

/** Entries of the outbox that answer a request: what the DCC said, or how the request ended without its answer. */
public final class Results {

    /** Where results go without a reply-to. */
    public static final String COMMON = "postern.results";
    /** Outcomes after which the device holds other credentials. */
    private static final Set<String> DONE = Set.of("success", "actioned");
    private static final CredentialsTable CREDENTIALS = CredentialsTable.load();
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
        if (DONE.contains(outcome)) {
            request.service().flatMap(CREDENTIALS::postCheck).ifPresent(service -> headers.put("postCheck", service));
        }
        return headers;
    }

    /** The DCC's own answer, as received: what it says of its own work, a refusal, or a command for delivery on site. */
    static OutboxEntry answer(RequestRecord request, String suffix, String kind, String outcome, DuisResponse response,
            ResponseCode code, byte[] document) {
        Map<String, String> headers = headers(request, outcome);
        headers.put("responseCode", code.code());
        headers.put("form", "duis");
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

    /** Members of a difference, in order. */
    static Map<String, Object> members(Difference difference) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("path", difference.path());
        members.put("expected", difference.expected());
        members.put("got", difference.got());
        members.put("rule", difference.rule());
        return members;
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
