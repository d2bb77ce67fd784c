package org.postern.servicerequests.internal.lifecycle;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.Outcome;
import org.postern.catalogue.ReplyAddress;
import org.postern.catalogue.ResponseCode;
import org.postern.duis.DuisResponse;
import org.postern.duis.ResponsePayload;
import org.postern.gbcs.GbcsMessage;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.parsecorrelate.Difference;
import org.postern.parsecorrelate.MmcDocument;
import org.postern.parsecorrelate.ParsedMessage;
import org.postern.servicerequests.TopUpDigits;
import org.postern.servicerequests.TopUps;
import org.postern.servicerequests.internal.answers.Meaning;
import org.postern.servicerequests.internal.answers.OutcomeAlert;
import org.postern.servicerequests.internal.credentials.CredentialsTable;

/**
 * Builder for outbox entries. The body is MMC if there is one, otherwise the bytes as received. The headers state what
 * the entry is and whether it is authenticated; the JSON form contains the same headers in its member {@code postern}.
 * One builder makes one entry; not safe for use by several threads.
 */
public final class Results {

    /** Outcomes after which the device has new credentials. */
    private static final Set<Outcome> DONE = Set.of(Outcome.SUCCESS, Outcome.ACTIONED);
    /** Header of a result that did not change its request, and its only value. */
    private static final String EFFECT = "effect";

    private static final String NONE = "none";
    /** Headers that do not apply to a result without effect. */
    private static final Set<String> OF_EFFECT = Set.of("advice", "cancels");

    private static final String NAMESPACE = "urn:postern:outcome:1";
    private static final String XML = "application/xml";
    private static final String OCTETS = "application/octet-stream";

    private final Map<String, String> headers = new LinkedHashMap<>();
    private final DeliveryKind kind;
    private final ReplyAddress destination;
    private final Optional<String> request;

    private Results(DeliveryKind kind, ReplyAddress destination, Optional<String> request) {
        this.kind = kind;
        this.destination = destination;
        this.request = request;
    }

    /** The answer to a request, for the reply address of its caller. */
    public static Results of(RequestRecord request, Outcome outcome) {
        return answer(DeliveryKind.RESULT, request, outcome);
    }

    /** A command for local delivery. */
    static Results localCommand(RequestRecord request) {
        return answer(DeliveryKind.LOCAL_COMMAND, request, Outcome.LOCAL_COMMAND);
    }

    /** An answer that belongs to no request of the ledger. */
    public static Results ofNone(Outcome outcome) {
        return new Results(DeliveryKind.RESULT, ReplyAddress.COMMON, Optional.empty())
                .header("outcome", outcome.text());
    }

    /** An alert. */
    static Results alert() {
        return new Results(
                        DeliveryKind.ALERT,
                        new ReplyAddress(ReplyAddress.Kind.TOPIC, ReplyAddress.ALERTS, false),
                        Optional.empty())
                .header("outcome", Outcome.ALERT.text());
    }

    private static Results answer(DeliveryKind kind, RequestRecord request, Outcome outcome) {
        Results results = new Results(kind, request.origin().destination(), Optional.of(request.id()));
        results.headers.putAll(headers(request, outcome));
        return results;
    }

    /** The headers of every result. */
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
            request.target()
                    .service()
                    .flatMap(CredentialsTable.standard()::postCheck)
                    .ifPresent(service -> headers.put("postCheck", service));
        }
        return headers;
    }

    /** Adds a header; an empty value is left out. */
    public Results header(String name, String value) {
        if (!value.isEmpty()) {
            headers.put(name, value);
        }
        return this;
    }

    /** Adds the outcome of a firmware activation as reported by the device. */
    Results firmware(Optional<OutcomeAlert.Firmware> firmware) {
        firmware.ifPresent(
                f -> header("firmwareOutcome", Long.toString(f.outcome())).header("firmwareVersion", f.version()));
        return this;
    }

    private OutboxEntry entry(String id, String contentType, byte[] body, Map<String, Object> json) {
        return entry(id, contentType, body, Json.write(json));
    }

    /** Adds the headers as first member {@code postern} to the JSON object of the content. */
    private OutboxEntry entry(String id, String contentType, byte[] body, String content) {
        String rest = content.substring(1);
        String json = head(headers) + (rest.equals("}") ? rest : "," + rest);
        return OutboxEntry.pending(id, request, kind, destination, headers, contentType, body, Optional.of(json));
    }

    /** The start of the JSON form. */
    private static String head(Map<String, String> headers) {
        return "{\"postern\":" + Json.write(headers);
    }

    /** Marks the result as not changing the request: its state and the result that caused it remain valid. */
    Results withoutEffect() {
        return header(EFFECT, NONE);
    }

    /**
     * The same entry for a request whose state had changed before: it is flagged, and contains no advice that would
     * contradict the present state.
     *
     * @param remark one line for people
     */
    static OutboxEntry late(OutboxEntry entry, String remark) {
        Map<String, String> headers = new LinkedHashMap<>(entry.headers());
        headers.keySet().removeAll(OF_EFFECT);
        headers.merge("flag", remark, (before, text) -> before + "; " + text);
        headers.put(EFFECT, NONE);
        return OutboxEntry.pending(
                entry.id(),
                entry.request(),
                entry.kind(),
                entry.destination(),
                headers,
                entry.contentType(),
                entry.body(),
                entry.json()
                        .map(json -> head(headers)
                                + json.substring(head(entry.headers()).length())));
    }

    /**
     * Makes the entry of a parsed GBCS message: MMC if there is one, otherwise the bytes.
     *
     * @param id id of the entry
     * @param message the bytes, which are delivered unchanged if there is no MMC
     */
    public OutboxEntry gbcs(String id, ParsedMessage parsed, byte[] message) {
        header("authenticated", parsed.proven() ? "yes" : "no");
        header("mac", parsed.mac().verdict().name().toLowerCase(Locale.ROOT));
        header("signature", parsed.signature().verdict().name().toLowerCase(Locale.ROOT));
        parsed.useCase().ifPresent(name -> header("useCase", name));
        parsed.message().map(GbcsMessage::header).ifPresent(h -> header("messageCode", h.messageCodeHex()));
        header("encrypted", !parsed.hasEncryptedParts() ? "no" : parsed.allDecrypted() ? "decrypted" : "yes");
        header("reason", parsed.reason());
        if (parsed.mmc().isEmpty()) {
            header("form", "gbcs");
            return entry(
                    id,
                    OCTETS,
                    message,
                    Map.of("gbcs", java.util.HexFormat.of().withUpperCase().formatHex(message)));
        }
        MmcDocument mmc = parsed.mmc().get();
        header("form", "mmc");
        return entry(id, XML, mmc.xml(), mmc.json());
    }

    /**
     * Makes the entry of a DCC document without a GBCS message, as received.
     *
     * @param code its response code
     */
    public OutboxEntry duis(String id, byte[] document, DuisResponse response, ResponseCode code) {
        header("form", "duis");
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("requestId", headers.getOrDefault("requestId", ""));
        json.put("outcome", headers.getOrDefault("outcome", ""));
        json.put("responseCode", code.code());
        json.put("text", code.text());
        json.put("kind", response.kind());
        response.body()
                .fold(
                        message -> message.payload().map(payload -> json.put(payload.element(), value(payload))),
                        alert -> json.put("GBCSPayload", alert.gbcsPayload().hex()),
                        alert -> json.put(alert.payload().name(), Json.tree(alert.payload())),
                        smets1 -> json.put(smets1.signedResponse().name(), Json.tree(smets1.signedResponse())),
                        unread -> json.put("problem", unread.problem()));
        return entry(id, XML, document, json);
    }

    /** Makes the entry of a document that could not be processed, as received. */
    public OutboxEntry unread(String id, byte[] document) {
        header("form", "duis");
        return entry(id, XML, document, new LinkedHashMap<>());
    }

    private static Object value(ResponsePayload payload) {
        if (payload instanceof ResponsePayload.DccData data) {
            return Json.tree(data.data());
        }
        if (payload instanceof ResponsePayload.ScheduleId schedule) {
            return schedule.id();
        }
        if (payload instanceof ResponsePayload.UnknownPayload unknown) {
            return unknown.problem();
        }
        return payload.gbcs().map(bytes -> (Object) bytes.hex()).orElse("");
    }

    /**
     * Makes the entry with the digits of a top-up, for the reply address of its caller. The digits are only in the
     * body, because others may log the headers.
     *
     * @param id id of the entry
     */
    public static OutboxEntry token(RequestRecord request, String id, TopUpDigits digits) {
        Results results = answer(DeliveryKind.TOKEN, request, Outcome.TOKEN).header("form", "top-up");
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("request", request.id());
        json.put("requestId", requestId(request));
        json.put("outcome", Outcome.TOKEN.text());
        json.put("utrn", digits.value());
        String xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><TopUp xmlns=\"urn:postern:top-up:1\" request=\""
                + request.id()
                + "\" requestId=\"" + escape(requestId(request)) + "\"><UTRN>" + digits.value() + "</UTRN></TopUp>";
        return results.entry(id, XML, xml.getBytes(StandardCharsets.UTF_8), json);
    }

    private static String requestId(RequestRecord request) {
        return request.requestId().map(Object::toString).orElse("");
    }

    /**
     * Advice for a top-up that did not reach its meter: the token that was issued remains valid, and no other one must
     * be made. Empty for any other request.
     */
    static String advice(RequestRecord request) {
        return request.target().service().filter(TopUps.SERVICE::equals).isPresent()
                ? "key the token in at the meter; it remains valid, and a meter accepts it once"
                : "";
    }

    /** Advice for a top-up that a meter did not accept, to avoid crediting it twice. Empty for any other request. */
    static String adviceOnFailure(RequestRecord request) {
        return request.target().service().filter(TopUps.SERVICE::equals).isPresent()
                ? "read the meter's balance and last top-ups first; do not issue a second token for this payment"
                : "";
    }

    /** A text stating that a meter has received the token of a top-up before. */
    static String told(Meaning.AlreadyCredited meaning) {
        return "already credited: the meter has received this token before (result " + meaning.result() + ", "
                + meaning.words() + ")";
    }

    /** Adds text, result number and advice for a top-up that the meter has received before. */
    Results alreadyCredited(Meaning.AlreadyCredited meaning) {
        return header("told", told(meaning))
                .header("topUpResult", Long.toString(meaning.result()))
                .header(
                        "advice",
                        meaning.sure()
                                ? "the credit is on the meter; no action is needed for this payment"
                                : "check that the credit is on the meter, see the flag; do not issue a second token"
                                        + " for this payment");
    }

    /** The result for a Pre-Command that does not match the request. */
    static OutboxEntry notCorrelated(RequestRecord request, List<Difference> differences) {
        List<Object> list = differences.stream().<Object>map(Results::members).toList();
        StringBuilder xml = new StringBuilder();
        for (Difference difference : differences) {
            xml.append("<Difference path=\"")
                    .append(escape(difference.path()))
                    .append("\" expected=\"")
                    .append(escape(difference.expected()))
                    .append("\" got=\"")
                    .append(escape(difference.got()))
                    .append("\" rule=\"")
                    .append(escape(difference.rule()))
                    .append("\"/>");
        }
        return of(request, Outcome.NOT_CORRELATED)
                .ended(
                        request,
                        Outcome.NOT_CORRELATED.text(),
                        "nothing was signed",
                        xml.toString(),
                        Map.of("differences", list));
    }

    private static Map<String, Object> members(Difference difference) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("path", difference.path());
        members.put("expected", difference.expected());
        members.put("got", difference.got());
        members.put("rule", difference.rule());
        return members;
    }

    /** The result for a future-dated request that was cancelled by another request. */
    static OutboxEntry cancelled(RequestRecord request, RequestRecord by, String cause) {
        return told(request, Outcome.CANCELLED, cause, "cancelledBy", by);
    }

    /** A notice that a later request may have replaced a pending one; the request does not end. */
    static OutboxEntry superseded(RequestRecord request, RequestRecord by, String cause) {
        return told(request, Outcome.SUPERSEDED, cause, "supersededBy", by);
    }

    private static OutboxEntry told(
            RequestRecord request, Outcome outcome, String cause, String relation, RequestRecord other) {
        return of(request, outcome)
                .header(relation, other.name())
                .ended(request, outcome.text() + "." + other.id(), cause, "", Map.of(relation, other.name()));
    }

    /** The result for a request that ended, or whose expected answer did not arrive, without an answer of the DCC. */
    static OutboxEntry ended(RequestRecord request, Outcome outcome, String cause) {
        return of(request, outcome).ended(request, outcome.text(), cause, "", Map.of());
    }

    /**
     * The result for a request that ended without a trusted answer; what was received instead is shown as unproven.
     *
     * @param said what was received instead, for display, at most some kilobytes; empty if nothing
     * @param code the response code that it contains; empty if there is none
     * @param signed true if the DCC has signed it, but it is not an answer to this request
     */
    static OutboxEntry unproven(
            RequestRecord request, Outcome outcome, String cause, String code, boolean signed, String said) {
        Map<String, Object> more = new LinkedHashMap<>();
        if (!code.isEmpty()) {
            more.put("unprovenCode", code);
        }
        if (!said.isEmpty()) {
            more.put("said", said);
        }
        String xml = (code.isEmpty() ? "" : "<UnprovenCode>" + escape(code) + "</UnprovenCode>")
                + (said.isEmpty() ? "" : "<Said>" + escape(said) + "</Said>");
        return of(request, outcome)
                .header(
                        "flag",
                        signed
                                ? "the DCC's reply is not proven to be the answer to this request"
                                : "the reply is not proven to be from the DCC")
                .header("unprovenCode", code)
                .ended(request, outcome.text(), cause, xml, more);
    }

    private OutboxEntry ended(RequestRecord of, String suffix, String cause, String inner, Map<String, Object> more) {
        String outcome = headers.get("outcome");
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("requestId", requestId(of));
        json.put("outcome", outcome);
        json.put("cause", cause);
        json.putAll(more);
        String advice = advice(of);
        if (!advice.isEmpty()) {
            json.put("advice", advice);
        }
        String xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Outcome xmlns=\"" + NAMESPACE + "\" requestId=\""
                + escape(requestId(of)) + "\" outcome=\"" + outcome + "\"><Cause>" + escape(cause) + "</Cause>"
                + inner + "</Outcome>";
        header("form", "outcome").header("advice", advice).header("reason", cause);
        return entry(of.id() + "." + suffix, XML, xml.getBytes(StandardCharsets.UTF_8), json);
    }

    /** Escapes text for XML 1.0; characters that XML cannot contain become question marks. */
    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replaceAll("[^\\x09\\x0A\\x0D\\x20-\\uD7FF\\uE000-\\uFFFD]", "?");
    }
}
