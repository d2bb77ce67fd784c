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
 * Determines the meaning of a document of the DCC, whether it was received in the exchange of its request, through
 * Receive Response, from a local delivery (8.13) or as a run of a schedule. A pure function of its arguments: it does
 * not use the ledger and has no state. Safe for use by several threads.
 *
 * <p>An answer is checked against its request: RequestID and ResponseID, service, the combination of payload, class of
 * response code and how the request was sent (table {@code answers.tsv}), the service that a code or payload belongs
 * to, and the device message: originator, target, counter, message code. An answer that fails these checks is unproven.
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
     * The bytes of the GBCS message in a document, which the caller parses; empty if there is none. A Pre-Command is
     * not returned.
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

    /** True if RequestID and ResponseID belong to two different requests. */
    public static boolean contradicts(DuisResponse response) {
        return response.requestId().isPresent()
                && response.responseId().isPresent()
                && !response.requestId()
                        .get()
                        .responseId()
                        .equals(response.responseId().get());
    }

    /**
     * Determines the meaning of a document.
     *
     * @param asked the request of {@link #answers}, if it is in the ledger
     * @param response the document
     * @param parsed the parsed {@link #message}; empty if there is none
     */
    public Interpretation interpret(
            Optional<RequestContext> asked, DuisResponse response, Optional<ParsedMessage> parsed) {
        if (contradicts(response)) {
            return withoutFlags(new Meaning.Quarantined("the ResponseID is not the mirror of the RequestID"));
        }
        List<String> flags = new ArrayList<>();
        if (!codes.known(response.responseCode())) {
            flags.add("response code " + response.responseCode() + " is not in the table");
        }
        return response.body()
                .fold(
                        message -> answer(asked, response, message, parsed, flags),
                        alert -> new Interpretation(gbcs.alert(response, alert, parsed.orElseThrow(), flags), flags),
                        alert -> dccAlert(alert, flags),
                        smets1 -> smets1(asked, response, smets1, flags),
                        unread -> unread(asked, unread, flags));
    }

    /**
     * Determines the meaning of a device's answer to a local delivery, returned through service 8.13.
     *
     * @param asked the request whose command was delivered
     * @param parsed the device's answer
     */
    public Interpretation localAnswer(RequestContext asked, ParsedMessage parsed) {
        List<String> flags = new ArrayList<>();
        return new Interpretation(gbcs.answer(asked, parsed, flags), flags);
    }

    private static Interpretation withoutFlags(Meaning meaning) {
        return new Interpretation(meaning, List.of());
    }

    private Interpretation answer(
            Optional<RequestContext> asked,
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
            return new Interpretation(new Meaning.Unmatched("no such request"), flags);
        }
        RequestContext request = asked.get();
        String problem = mismatch(request, response.responseCode(), message);
        if (!problem.isEmpty()) {
            return new Interpretation(unproven(problem, payload, code, request), flags);
        }
        Optional<Rule> rule = table.rule(payload, request.sent(), code);
        if (payload == Payload.NONE
                && request.timing().when() == RequestContext.When.CANCELS_AT_THE_DCC
                && (code == CodeClass.WAIT || code == CodeClass.DONE)) {
            // the DCC stored the cancelled request and no device is involved: the acknowledgement is the only answer
            rule = Optional.of(Rule.DONE);
        }
        if (rule.isEmpty()) {
            return new Interpretation(
                    unproven(invalidCombination(message, response.responseCode(), request), payload, code, request),
                    flags);
        }
        if (rule.get() == Rule.DONE
                && payload == Payload.NONE
                && code != CodeClass.WARNING
                && payloads.required(request.service())) {
            // I0 comes with data; I99 for a non-device service means that there is no data (DUIS, ResponseCode), which
            // is not possible for these services
            return new Interpretation(
                    new Meaning.Unproven(
                            "the answer to " + request.service() + " must contain data, and code "
                                    + response.responseCode() + " came without any",
                            true,
                            "",
                            true),
                    flags);
        }
        return new Interpretation(meaning(rule.get(), request, message, parsed, code, flags), flags);
    }

    private static String invalidCombination(
            ResponseBody.ResponseMessage message, String code, RequestContext request) {
        String unknown = message.payload()
                .map(p -> p instanceof ResponsePayload.UnknownPayload u ? ": " + u.problem() : "")
                .orElse("");
        return message.payload().map(ResponsePayload::element).orElse("no payload") + " with code " + code
                + " is not an answer to a request sent as "
                + request.sent().name().toLowerCase(Locale.ROOT) + unknown;
    }

    /** Why service, code or payload do not belong to the request; empty if they do. */
    private String mismatch(RequestContext request, String code, ResponseBody.ResponseMessage message) {
        if (!message.serviceReferenceVariant().equals(request.service())
                || !message.serviceReference().equals(request.reference())) {
            return "it answers service " + message.serviceReferenceVariant() + ", and " + request.service()
                    + " was requested";
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

    /** An inconsistent acknowledgement does not end the request; anything else claims to be the final answer. */
    private static Meaning unproven(String reason, Payload payload, CodeClass code, RequestContext request) {
        boolean comes = payload == Payload.NONE
                        && (code == CodeClass.WAIT || code == CodeClass.UNFAMILIAR)
                        && (request.sent() == SentTo.DEVICE || request.sent() == SentTo.BOTH)
                || payload == Payload.DATED_ALERT;
        return new Meaning.Unproven(reason, !comes, "");
    }

    private Meaning meaning(
            Rule rule,
            RequestContext request,
            ResponseBody.ResponseMessage message,
            Optional<ParsedMessage> parsed,
            CodeClass code,
            List<String> flags) {
        return switch (rule) {
            case ACKNOWLEDGED -> new Meaning.Acknowledged();
            case DONE -> new Meaning.Done();
            case REFUSED -> new Meaning.Refused();
            case UNKNOWN -> new Meaning.Unknown(code == CodeClass.RETRY);
            case NOTED -> new Meaning.Noted("an information code that is not in the table", true);
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
            case SCHEDULED, SMETS1 -> throw new IllegalStateException(rule + " is handled separately");
        };
    }

    private Interpretation scheduled(
            Optional<RequestContext> asked,
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
            problem = "it names a request of service " + asked.get().service() + ", which creates no schedule";
        } else if (table.rule(Payload.SCHEDULED, SentTo.DCC, code).isEmpty()
                || CodeClass.service(response.responseCode()).isPresent()) {
            problem = "a result with code " + response.responseCode();
        } else if (asked.isPresent()) {
            problem = asked.get()
                    .schedule()
                    .map(schedule -> scheduleMismatch(schedule, service, parsed))
                    .orElse("");
        }
        return new Interpretation(gbcs.scheduled(response, payload, service, row, problem, parsed, flags), flags);
    }

    /** Why a run does not belong to the schedule; empty if it does. */
    private static String scheduleMismatch(RequestContext.Schedule schedule, String service, ParsedMessage parsed) {
        if (!schedule.service().equals(service)) {
            return "the schedule was created for service " + schedule.service();
        }
        boolean other = parsed.message()
                .filter(message -> !message.header().originator().equals(schedule.device()))
                .isPresent();
        return other
                ? "the schedule was created for device " + schedule.device().dashed()
                : "";
    }

    private static Interpretation dccAlert(ResponseBody.DccAlertMessage alert, List<String> flags) {
        if (!alert.known()) {
            flags.add("DCC Alert " + alert.code() + " " + alert.payload().name() + " is not defined in DUIS 5.4");
        }
        return new Interpretation(
                new Meaning.DccAlert(alert.code(), alert.payload().name()), flags);
    }

    private Interpretation smets1(
            Optional<RequestContext> asked,
            DuisResponse response,
            ResponseBody.Smets1ResponseMessage message,
            List<String> flags) {
        flags.add("the inner signature of the SMETS1 provider was not checked");
        if (asked.isEmpty() || message.scheduleId().isPresent()) {
            return new Interpretation(Smets1Answers.unsolicited(response, message), flags);
        }
        RequestContext request = asked.get();
        CodeClass code = CodeClass.of(response.responseCode(), codes);
        String service = message.serviceReferenceVariant().orElse("none");
        if (!service.equals(request.service())) {
            return new Interpretation(
                    new Meaning.Unproven(
                            "it answers service " + service + ", and " + request.service() + " was requested",
                            true,
                            ""),
                    flags);
        }
        if (table.rule(Payload.SMETS1, request.sent(), code).isEmpty()
                || CodeClass.service(response.responseCode())
                        .filter(s -> !s.equals(request.reference()))
                        .isPresent()) {
            return new Interpretation(
                    new Meaning.Unproven(
                            "SMETS1ResponseMessage with code " + response.responseCode()
                                    + " is not an answer to a request sent as "
                                    + request.sent().name().toLowerCase(Locale.ROOT),
                            true,
                            ""),
                    flags);
        }
        return new Interpretation(Smets1Answers.answer(request, message), flags);
    }

    private static Interpretation unread(
            Optional<RequestContext> asked, ResponseBody.UnreadMessage unread, List<String> flags) {
        String reason = "not read, " + unread.problem();
        return new Interpretation(
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
