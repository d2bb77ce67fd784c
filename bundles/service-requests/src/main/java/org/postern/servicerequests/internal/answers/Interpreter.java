package org.postern.servicerequests.internal.answers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ResponseCodes;
import org.postern.catalogue.ResponseId;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.duis.DuisResponse;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.parsecorrelate.ParsedMessage;
import org.postern.servicerequests.internal.answers.AnswerTable.Payload;
import org.postern.servicerequests.internal.answers.AnswerTable.Rule;

/**
 * The one place that says what a document of the DCC means, whichever way it came: in the exchange of its request, by
 * Receive Response, brought back from a site (8.13) or as a run of a schedule. A function of its arguments: it reads no
 * ledger and keeps nothing. Safe for many threads.
 *
 * <p>An answer is held to its request: RequestID and ResponseID, service, the kind of payload under that class of code
 * for the way the request was sent (table {@code answers.tsv}), the service that a code or payload belongs to, and what
 * the device itself says: originator, target, counter, message code. Whatever has no meaning there is unproven.
 */
public final class Interpreter {

    private static final String MAKES_SCHEDULES = "5.1";

    private final AnswerTable table = AnswerTable.load();
    private final PayloadServices payloads = new PayloadServices();
    private final ResponseCodes codes;
    private final ServiceCatalogue catalogue;
    private final GbcsAnswers gbcs;

    /** @param ours true for the User IDs of this installation */
    public Interpreter(ResponseCodes codes, ServiceCatalogue catalogue, Predicate<Eui64> ours) {
        this.codes = Objects.requireNonNull(codes, "codes");
        this.catalogue = Objects.requireNonNull(catalogue, "catalogue");
        this.gbcs = new GbcsAnswers(ours);
    }

    /**
     * The bytes of the GBCS message that decides what a document means, which its caller parses; empty where there is
     * none. A Pre-Command and a command for delivery on site are read as they are.
     */
    public static Optional<byte[]> message(DuisResponse response) {
        return response.body()
                .fold(
                        message -> message.payload()
                                .filter(p -> !(p instanceof ResponsePayload.PreCommand))
                                .flatMap(ResponsePayload::gbcs)
                                .map(org.postern.duis.Bytes::toArray),
                        alert -> Optional.of(alert.gbcsPayload().toArray()),
                        alert -> Optional.empty(),
                        smets1 -> Optional.empty(),
                        unread -> Optional.empty());
    }

    /** The RequestID that a document answers: its own, or the mirror of its ResponseID. */
    public static Optional<RequestId> answers(DuisResponse response) {
        return response.requestId().or(() -> response.responseId().map(ResponseId::requestId));
    }

    /** True where RequestID and ResponseID are of two requests. */
    public static boolean contradicts(DuisResponse response) {
        return response.requestId().isPresent()
                && response.responseId().isPresent()
                && !response.requestId()
                        .get()
                        .responseId()
                        .equals(response.responseId().get());
    }

    /**
     * What a document means.
     *
     * @param asked the request of {@link #answers}, where the ledger has it
     * @param response the document
     * @param parsed what the parser made of {@link #message}; empty where there is none
     */
    public Judgement judge(Optional<Asked> asked, DuisResponse response, Optional<ParsedMessage> parsed) {
        if (contradicts(response)) {
            return plain(new Meaning.Quarantined("the ResponseID is not the mirror of the RequestID"));
        }
        List<String> flags = new ArrayList<>();
        if (!codes.known(response.responseCode())) {
            flags.add("response code " + response.responseCode() + " is in no table");
        }
        return response.body()
                .fold(
                        message -> answer(asked, response, message, parsed, flags),
                        alert -> new Judgement(gbcs.alert(response, alert, parsed.orElseThrow(), flags), flags),
                        alert -> dccAlert(alert, flags),
                        smets1 -> smets1(asked, response, smets1, flags),
                        unread -> unread(asked, unread, flags));
    }

    /**
     * What the answer means that a device gave on site, brought back by 8.13.
     *
     * @param asked the request whose command was delivered
     * @param parsed the device's answer
     */
    public Judgement fromTheSite(Asked asked, ParsedMessage parsed) {
        List<String> flags = new ArrayList<>();
        return new Judgement(gbcs.answer(asked, parsed, flags), flags);
    }

    private static Judgement plain(Meaning meaning) {
        return new Judgement(meaning, List.of());
    }

    private Judgement answer(
            Optional<Asked> asked,
            DuisResponse response,
            ResponseBody.ResponseMessage message,
            Optional<ParsedMessage> parsed,
            List<String> flags) {
        Payload payload = message.payload().map(p -> p.fold(KIND)).orElse(Payload.NONE);
        CodeClass code = CodeClass.of(response.responseCode(), codes);
        if (payload == Payload.SCHEDULED) {
            return scheduled(asked, response, message, code, parsed.orElseThrow(), flags);
        }
        if (asked.isEmpty()) {
            return new Judgement(new Meaning.Unmatched("no such request"), flags);
        }
        Asked request = asked.get();
        String problem = foreign(request, response.responseCode(), message);
        if (!problem.isEmpty()) {
            return new Judgement(unproven(problem, payload, code, request), flags);
        }
        Optional<Rule> rule = table.rule(payload, request.sent(), code);
        if (payload == Payload.NONE
                && request.dating().when() == Asked.When.CANCELS_AT_THE_DCC
                && (code == CodeClass.WAIT || code == CodeClass.DONE)) {
            // the DCC kept what is cancelled and no device is told: its word is all the answer there is
            rule = Optional.of(Rule.DONE);
        }
        if (rule.isEmpty()) {
            return new Judgement(
                    unproven(meaningless(message, response.responseCode(), request), payload, code, request), flags);
        }
        if (rule.get() == Rule.DONE
                && payload == Payload.NONE
                && code != CodeClass.WARNING
                && payloads.required(request.service())) {
            // I0 brings data; I99 to a non-device service says that there is none to bring (DUIS, ResponseCode): not of
            // these services
            return new Judgement(
                    new Meaning.Unproven(
                            "the answer to " + request.service() + " is data, and code " + response.responseCode()
                                    + " came without any",
                            true,
                            "",
                            true),
                    flags);
        }
        return new Judgement(meaning(rule.get(), request, message, parsed, code, flags), flags);
    }

    private static String meaningless(ResponseBody.ResponseMessage message, String code, Asked request) {
        String unknown = message.payload()
                .map(p -> p instanceof ResponsePayload.UnknownPayload u ? ": " + u.problem() : "")
                .orElse("");
        return message.payload().map(ResponsePayload::element).orElse("no payload") + " with code " + code
                + " is no answer to a request sent as " + request.sent().name().toLowerCase(Locale.ROOT) + unknown;
    }

    /** Why service, code or payload are not those of the request; empty where they are. */
    private String foreign(Asked request, String code, ResponseBody.ResponseMessage message) {
        if (!message.serviceReferenceVariant().equals(request.service())
                || !message.serviceReference().equals(request.reference())) {
            return "it answers service " + message.serviceReferenceVariant() + ", and " + request.service()
                    + " was asked for";
        }
        Optional<String> ofCode = CodeClass.service(code).filter(service -> !service.equals(request.reference()));
        if (ofCode.isPresent()) {
            return "response code " + code + " belongs to service " + ofCode.get();
        }
        return message.payload()
                .map(ResponsePayload::element)
                .flatMap(payloads::of)
                .filter(service -> !service.equals(request.service()))
                .map(service -> message.payload().get().element() + " belongs to service " + service)
                .orElse("");
    }

    /** An acknowledgement that contradicts itself ends nothing; everything else claims to be the answer. */
    private static Meaning unproven(String reason, Payload payload, CodeClass code, Asked request) {
        boolean comes = payload == Payload.NONE
                        && (code == CodeClass.WAIT || code == CodeClass.UNFAMILIAR)
                        && (request.sent() == Sent.DEVICE || request.sent() == Sent.BOTH)
                || payload == Payload.DATED_ALERT;
        return new Meaning.Unproven(reason, !comes, "");
    }

    private Meaning meaning(
            Rule rule,
            Asked request,
            ResponseBody.ResponseMessage message,
            Optional<ParsedMessage> parsed,
            CodeClass code,
            List<String> flags) {
        return switch (rule) {
            case ACKNOWLEDGED -> new Meaning.Acknowledged();
            case DONE -> new Meaning.Done();
            case REFUSED -> new Meaning.Refused();
            case UNKNOWN -> new Meaning.Unknown(code == CodeClass.RETRY);
            case NOTED -> new Meaning.Noted("an information code that is in no table", true);
            case PRE_COMMAND ->
                new Meaning.PreCommand(
                        message.payload().flatMap(ResponsePayload::gbcs).orElseThrow());
            case LOCAL_COMMAND ->
                gbcs.localCommand(
                        request,
                        message.payload().flatMap(ResponsePayload::gbcs).orElseThrow(),
                        parsed.orElseThrow());
            case DEVICE -> gbcs.answer(request, parsed.orElseThrow(), flags);
            case INSTRUCTION ->
                gbcs.instruction(
                        request,
                        (ResponsePayload.FutureDatedDeviceAlertMessage)
                                message.payload().orElseThrow(),
                        parsed.orElseThrow(),
                        flags);
            case SCHEDULED, SMETS1 -> throw new IllegalStateException(rule + " is judged apart");
        };
    }

    private Judgement scheduled(
            Optional<Asked> asked,
            DuisResponse response,
            ResponseBody.ResponseMessage message,
            CodeClass code,
            ParsedMessage parsed,
            List<String> flags) {
        ResponsePayload.ScheduledMessage payload =
                (ResponsePayload.ScheduledMessage) message.payload().orElseThrow();
        String service = message.serviceReferenceVariant();
        Optional<ServiceRow> row = catalogue
                .find(service)
                .filter(ServiceRow::schedulable)
                .filter(r -> r.reference().equals(message.serviceReference()));
        String problem = "";
        if (row.isEmpty()) {
            problem = "service " + service + " cannot be scheduled";
        } else if (asked.filter(request -> !request.service().equals(MAKES_SCHEDULES))
                .isPresent()) {
            problem = "it comes under a request of service " + asked.get().service() + ", which makes no schedule";
        } else if (table.rule(Payload.SCHEDULED, Sent.DCC, code).isEmpty()
                || CodeClass.service(response.responseCode()).isPresent()) {
            problem = "a result with code " + response.responseCode();
        } else if (asked.isPresent()) {
            problem = asked.get()
                    .schedule()
                    .map(made -> otherThan(made, service, parsed))
                    .orElse("");
        }
        return new Judgement(gbcs.scheduled(response, payload, service, row, problem, parsed, flags), flags);
    }

    /** Why a run is none of the schedule that was made; empty where it is. */
    private static String otherThan(Asked.Schedule made, String service, ParsedMessage parsed) {
        if (!made.service().equals(service)) {
            return "the schedule was made for service " + made.service();
        }
        boolean other = parsed.message()
                .filter(message -> !message.header().originator().equals(made.device()))
                .isPresent();
        return other ? "the schedule was made for device " + made.device().dashed() : "";
    }

    private static Judgement dccAlert(ResponseBody.DccAlertMessage alert, List<String> flags) {
        if (!alert.known()) {
            flags.add("DCC Alert " + alert.code() + " " + alert.payload().name() + " is not of DUIS 5.4");
        }
        return new Judgement(new Meaning.DccAlert(alert.code(), alert.payload().name()), flags);
    }

    private Judgement smets1(
            Optional<Asked> asked,
            DuisResponse response,
            ResponseBody.Smets1ResponseMessage message,
            List<String> flags) {
        flags.add("the inner signature of the SMETS1 provider was not checked");
        if (asked.isEmpty() || message.scheduleId().isPresent()) {
            return new Judgement(Smets1Answers.unasked(response, message), flags);
        }
        Asked request = asked.get();
        CodeClass code = CodeClass.of(response.responseCode(), codes);
        String service = message.serviceReferenceVariant().orElse("none");
        if (!service.equals(request.service())) {
            return new Judgement(
                    new Meaning.Unproven(
                            "it answers service " + service + ", and " + request.service() + " was asked for",
                            true,
                            ""),
                    flags);
        }
        if (table.rule(Payload.SMETS1, request.sent(), code).isEmpty()
                || CodeClass.service(response.responseCode())
                        .filter(s -> !s.equals(request.reference()))
                        .isPresent()) {
            return new Judgement(
                    new Meaning.Unproven(
                            "SMETS1ResponseMessage with code " + response.responseCode()
                                    + " is no answer to a request sent as "
                                    + request.sent().name().toLowerCase(Locale.ROOT),
                            true,
                            ""),
                    flags);
        }
        return new Judgement(Smets1Answers.answer(request, message), flags);
    }

    private static Judgement unread(Optional<Asked> asked, ResponseBody.UnreadMessage unread, List<String> flags) {
        String reason = "not read, " + unread.problem();
        return new Judgement(
                asked.isPresent() ? new Meaning.Noted(reason, false) : new Meaning.Unmatched(reason), flags);
    }

    private static final ResponsePayload.Cases<Payload> KIND = new ResponsePayload.Cases<>() {

        @Override
        public Payload gbcs(ResponsePayload.GbcsPayload payload) {
            return Payload.GBCS;
        }

        @Override
        public Payload preCommand(ResponsePayload.PreCommand payload) {
            return Payload.PRE_COMMAND;
        }

        @Override
        public Payload localCommand(ResponsePayload.LocalCommand payload) {
            return Payload.LOCAL_COMMAND;
        }

        @Override
        public Payload futureDatedAlert(ResponsePayload.FutureDatedDeviceAlertMessage payload) {
            return Payload.DATED_ALERT;
        }

        @Override
        public Payload scheduled(ResponsePayload.ScheduledMessage payload) {
            return Payload.SCHEDULED;
        }

        @Override
        public Payload customerNumber(ResponsePayload.CustomerNumber payload) {
            return Payload.CUSTOMER_NUMBER;
        }

        @Override
        public Payload scheduleId(ResponsePayload.ScheduleId payload) {
            return Payload.SCHEDULE_ID;
        }

        @Override
        public Payload dccData(ResponsePayload.DccData payload) {
            return Payload.DCC_DATA;
        }

        @Override
        public Payload unknown(ResponsePayload.UnknownPayload payload) {
            return Payload.UNKNOWN;
        }
    };
}
