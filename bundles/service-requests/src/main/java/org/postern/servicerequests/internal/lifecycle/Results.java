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
 * Puts together what leaves by the outbox: MMC where there is one, else the bytes as they came; in every case headers
 * that say what it is and how far it can be trusted, and a JSON form that holds the same headers as its member
 * {@code postern}. One builder makes one entry; not for sharing.
 */
public final class Results {

    /** Outcomes after which the device holds other credentials. */
    private static final Set<Outcome> DONE = Set.of(Outcome.SUCCESS, Outcome.ACTIONED);
    /** Header of a result by which the request did not change; its only value. */
    private static final String EFFECT = "effect";

    private static final String NONE = "none";
    /** Headers that are not true of what has no effect. */
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

    /** The answer to a request, to where its caller asked for it. */
    public static Results of(RequestRecord request, Outcome outcome) {
        return answer(DeliveryKind.RESULT, request, outcome);
    }

    /** A command for delivery on site to the device. */
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
            request.target()
                    .service()
                    .flatMap(CredentialsTable.standard()::postCheck)
                    .ifPresent(service -> headers.put("postCheck", service));
        }
        return headers;
    }

    /** One more header; an empty value is left out. */
    public Results header(String name, String value) {
        if (!value.isEmpty()) {
            headers.put(name, value);
        }
        return this;
    }

    /** What a device says of a firmware activation. */
    Results firmware(Optional<OutcomeAlert.Firmware> firmware) {
        firmware.ifPresent(
                f -> header("firmwareOutcome", Long.toString(f.outcome())).header("firmwareVersion", f.version()));
        return this;
    }

    private OutboxEntry entry(String id, String contentType, byte[] body, Map<String, Object> json) {
        return entry(id, contentType, body, Json.write(json));
    }

    /** The content's JSON object with the headers put first, as its member {@code postern}. */
    private OutboxEntry entry(String id, String contentType, byte[] body, String content) {
        String rest = content.substring(1);
        String json = head(headers) + (rest.equals("}") ? rest : "," + rest);
        return OutboxEntry.pending(id, request, kind, destination, headers, contentType, body, Optional.of(json));
    }

    /** How the JSON form begins. */
    private static String head(Map<String, String> headers) {
        return "{\"postern\":" + Json.write(headers);
    }

    /** The request is not changed by it: state and the result that led there stand. */
    Results withoutEffect() {
        return header(EFFECT, NONE);
    }

    /**
     * The same entry where the request has moved on before: it says so, and gives no advice that would contradict the
     * state that stands.
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
     * What the parser made of a GBCS message: MMC where there is one, else the bytes.
     *
     * @param id of the entry
     * @param message the bytes, delivered as they are where there is no MMC
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
     * The DCC's document as received: its own words, for which there is no other form.
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

    /** A document that could not be processed, as it came. */
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
     * The digits of a top-up, to where its caller asked for them. They are in the body alone: headers are logged by
     * others.
     *
     * @param id of the entry
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
     * What to do where a top-up did not reach its meter: no other token is made, and the one that was given out stays
     * good. Empty for any other request.
     */
    static String advice(RequestRecord request) {
        return request.target().service().filter(TopUps.SERVICE::equals).isPresent()
                ? "key the token in at the meter; it stays good, and a meter takes it once"
                : "";
    }

    /**
     * What to do where a meter did not take a top-up: nothing that could credit it twice. Empty for any other request.
     */
    static String adviceOnFailure(RequestRecord request) {
        return request.target().service().filter(TopUps.SERVICE::equals).isPresent()
                ? "read the meter's balance and last top-ups first; give no second token for this payment"
                : "";
    }

    /** In words, that a meter has had the token of a top-up before. */
    static String told(Meaning.AlreadyCredited meaning) {
        return "already credited: the meter has had this token before (result " + meaning.result() + ", "
                + meaning.words() + ")";
    }

    /** The words and the meter's number of a top-up that it has already. */
    Results alreadyCredited(Meaning.AlreadyCredited meaning) {
        return header("told", told(meaning))
                .header("topUpResult", Long.toString(meaning.result()))
                .header(
                        "advice",
                        meaning.sure()
                                ? "the credit is on the meter; nothing is to be done for this payment"
                                : "see that the credit is on the meter, as the flag says; give no second token for this payment");
    }

    /** The Pre-Command was not what we asked for. */
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

    /** A future-dated request was cancelled by another. */
    static OutboxEntry cancelled(RequestRecord request, RequestRecord by, String cause) {
        return told(request, Outcome.CANCELLED, cause, "cancelledBy", by);
    }

    /** A later request may have taken the place of a pending one: a notice, not an end. */
    static OutboxEntry superseded(RequestRecord request, RequestRecord by, String cause) {
        return told(request, Outcome.SUPERSEDED, cause, "supersededBy", by);
    }

    private static OutboxEntry told(
            RequestRecord request, Outcome outcome, String cause, String relation, RequestRecord other) {
        return of(request, outcome)
                .header(relation, other.name())
                .ended(request, outcome.text() + "." + other.id(), cause, "", Map.of(relation, other.name()));
    }

    /** The request ended, or what is awaited did not come, without an answer that tells. */
    static OutboxEntry ended(RequestRecord request, Outcome outcome, String cause) {
        return of(request, outcome).ended(request, outcome.text(), cause, "", Map.of());
    }

    /**
     * The request ended without an answer that can be trusted; what came instead is told as what it is.
     *
     * @param said what came instead, for people, at most some kilobytes; empty for nothing
     * @param code the response code that it claims; empty for none
     * @param signed true where the DCC has signed it, and it is no answer to this request
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
                                ? "what the DCC answered is not proven to be the answer to this"
                                : "what the DCC answered is not proven to be its own")
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

    /** Text for XML 1.0: what it cannot carry at all becomes a question mark. */
    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replaceAll("[^\\x09\\x0A\\x0D\\x20-\\uD7FF\\uE000-\\uFFFD]", "?");
    }
}
