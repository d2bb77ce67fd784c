package org.postern.servicerequests.internal.lifecycle;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.Outcome;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ResponseClass;
import org.postern.catalogue.ResponseCode;
import org.postern.duis.DuisResponse;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.parsecorrelate.Difference;
import org.postern.servicerequests.TopUpDigits;
import org.postern.servicerequests.internal.admission.TopUpRules;
import org.postern.servicerequests.internal.credentials.CredentialsTable;

/** Entries of the outbox that answer a request: what the DCC said, or how the request ended without its answer. */
public final class Results {

    /** Outcomes after which the device holds other credentials. */
    private static final Set<Outcome> DONE = Set.of(Outcome.SUCCESS, Outcome.ACTIONED);
    private static final CredentialsTable CREDENTIALS = CredentialsTable.load();
    private static final String NAMESPACE = "urn:postern:outcome:1";

    private Results() {
    }

    /** The headers every result carries. */
    public static Map<String, String> headers(RequestRecord request, Outcome outcome) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("request", request.id());
        request.requestId().ifPresent(id -> headers.put("requestId", id.toString()));
        request.target().service().ifPresent(service -> headers.put("service", service));
        request.target().device().ifPresent(device -> headers.put("device", device.dashed()));
        request.target().role().ifPresent(role -> headers.put("role", role.name()));
        request.origin().correlationId().ifPresent(id -> headers.put("correlationId", id));
        headers.put("outcome", outcome.text());
        if (DONE.contains(outcome)) {
            request.target().service().flatMap(CREDENTIALS::postCheck).ifPresent(service -> headers.put("postCheck", service));
        }
        return headers;
    }

    /**
     * The DCC's own answer, as received: what it says of its own work, a refusal, or a command for delivery on site.
     *
     * @param confirmed what it ends where it answers a cancellation
     */
    static OutboxEntry answer(RequestRecord request, String suffix, DeliveryKind kind, Outcome outcome, DuisResponse response,
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
        String advice = advice(request, code.meaning());
        if (!advice.isEmpty()) {
            headers.put("advice", advice);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("requestId", request.requestId().map(RequestId::toString).orElse(""));
        json.put("outcome", outcome.text());
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

    /**
     * The digits of a top-up, to where its caller asked for them. They are in the body alone: headers are logged by others.
     *
     * @param id of the entry
     */
    public static OutboxEntry token(RequestRecord request, String id, TopUpDigits digits) {
        Map<String, String> headers = headers(request, Outcome.TOKEN);
        headers.put("form", "top-up");
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("request", request.id());
        json.put("requestId", request.requestId().map(RequestId::toString).orElse(""));
        json.put("outcome", Outcome.TOKEN.text());
        json.put("utrn", digits.value());
        String xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><TopUp xmlns=\"urn:postern:top-up:1\" request=\"" + request.id()
                + "\" requestId=\"" + escape(request.requestId().map(RequestId::toString).orElse("")) + "\"><UTRN>" + digits.value() + "</UTRN></TopUp>";
        return OutboxEntry.pending(id, Optional.of(request.id()), DeliveryKind.TOKEN, request.origin().destination(), headers, "application/xml",
                xml.getBytes(StandardCharsets.UTF_8), Optional.of(Json.write(json)));
    }

    /**
     * What to do where a top-up did not reach its meter (DUIS facts F10): no other token is made, and the one that was given out stays
     * good. Empty for any other request, and where the meter or the DCC said no to the top-up itself.
     */
    public static String advice(RequestRecord request, ResponseClass meaning) {
        return meaning == ResponseClass.RETRY || meaning == ResponseClass.UNKNOWN_OUTCOME ? advice(request) : "";
    }

    private static String advice(RequestRecord request) {
        return request.target().service().filter(TopUpRules.SERVICE::equals).isPresent()
                ? "key the token in at the meter; it stays good, and a meter takes it once" : "";
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
        return ended(request, Outcome.NOT_CORRELATED, "nothing was signed", xml.toString(), Map.of("differences", list));
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
        return told(request, "cancelled." + by.id(), Outcome.CANCELLED, cause, "cancelledBy", by);
    }

    /** A later request may have taken the place of a pending one: a notice, not an end. */
    static OutboxEntry superseded(RequestRecord request, RequestRecord by, String cause) {
        return told(request, "superseded." + by.id(), Outcome.SUPERSEDED, cause, "supersededBy", by);
    }

    private static OutboxEntry told(RequestRecord request, String suffix, Outcome outcome, String cause, String relation, RequestRecord other) {
        OutboxEntry entry = ended(request, outcome, cause, "", Map.of(relation, other.name()));
        Map<String, String> headers = new LinkedHashMap<>(entry.headers());
        headers.put(relation, other.name());
        return entry(request, suffix, DeliveryKind.RESULT, headers, entry.body(), entry.json().orElseThrow());
    }

    /** The request ended without an answer. */
    static OutboxEntry ended(RequestRecord request, Outcome outcome, String cause) {
        return ended(request, outcome, cause, "", Map.of());
    }

    private static OutboxEntry ended(RequestRecord request, Outcome outcome, String cause, String inner, Map<String, Object> more) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("requestId", request.requestId().map(RequestId::toString).orElse(""));
        json.put("outcome", outcome.text());
        json.put("cause", cause);
        json.putAll(more);
        String advice = advice(request);
        if (!advice.isEmpty()) {
            json.put("advice", advice);
        }
        String xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Outcome xmlns=\"" + NAMESPACE + "\" requestId=\""
                + escape(request.requestId().map(RequestId::toString).orElse("")) + "\" outcome=\"" + outcome + "\"><Cause>" + escape(cause) + "</Cause>"
                + inner + "</Outcome>";
        Map<String, String> headers = headers(request, outcome);
        headers.put("form", "outcome");
        if (!advice.isEmpty()) {
            headers.put("advice", advice);
        }
        headers.put("reason", cause);
        return entry(request, outcome.text(), DeliveryKind.RESULT, headers, xml.getBytes(StandardCharsets.UTF_8), Json.write(json));
    }

    private static OutboxEntry entry(RequestRecord request, String suffix, DeliveryKind kind, Map<String, String> headers, byte[] body,
            String json) {
        return OutboxEntry.pending(request.id() + "." + suffix, Optional.of(request.id()), kind, request.origin().destination(),
                headers, "application/xml", body, Optional.of(json));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;")
                .replaceAll("[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F]", "?");
    }
}
