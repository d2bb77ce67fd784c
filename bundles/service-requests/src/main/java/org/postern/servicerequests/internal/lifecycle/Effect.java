package org.postern.servicerequests.internal.lifecycle;

import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.postern.catalogue.Lane;
import org.postern.catalogue.Outcome;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ResponseClass;
import org.postern.catalogue.ResponseCode;
import org.postern.catalogue.ResponseId;
import org.postern.duis.DuisResponse;
import org.postern.duis.ResponseBody;
import org.postern.duis.Throttle;
import org.postern.ledger.Change;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.parsecorrelate.ParsedMessage;
import org.postern.securitylogging.SecurityEvent;
import org.postern.servicerequests.UserRoleProfile;
import org.postern.servicerequests.internal.answers.CodeClass;
import org.postern.servicerequests.internal.answers.Interpretation;
import org.postern.servicerequests.internal.answers.Interpreter;
import org.postern.servicerequests.internal.answers.Meaning;
import org.postern.servicerequests.internal.answers.SentTo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the effect of one document to the ledger, with one method for each meaning. */
final class Effect implements Meaning.Cases<SettlementResult> {

    private static final Logger LOG = LoggerFactory.getLogger(Effect.class);
    /** States in which an answer is accepted; the DCC's answer may arrive before its acknowledgement. */
    private static final RequestState[] OPEN = {
        RequestState.SENT, RequestState.IN_DOUBT, RequestState.ACKNOWLEDGED, RequestState.OVERDUE, RequestState.UNKNOWN
    };

    private static final RequestState[] OPEN_AND_TRANSFORM = {
        RequestState.TRANSFORM_SENT,
        RequestState.SENT,
        RequestState.IN_DOUBT,
        RequestState.ACKNOWLEDGED,
        RequestState.OVERDUE,
        RequestState.UNKNOWN
    };
    private static final int DEFAULT_TARGET_SECONDS = 30;
    private static final String NOT_CHECKED = "MAC or signature of the device's answer was not checked";
    /** Sends the DCC the answer of a device to a command that was delivered locally. */
    private static final String RETURN_LOCAL_ANSWER = "8.13";

    private final Settlement settlement;
    private final Settlement.Collaborators with;
    private final Arrival arrival;
    private final DuisResponse response;
    private final Optional<RequestRecord> known;
    private final Optional<ParsedMessage> parsed;
    private final ResponseCode code;
    private final String flag;

    Effect(
            Settlement settlement,
            Arrival arrival,
            DuisResponse response,
            Optional<RequestRecord> known,
            Optional<ParsedMessage> parsed,
            Interpretation interpretation) {
        this.settlement = settlement;
        this.with = settlement.with();
        this.arrival = arrival;
        this.response = response;
        this.known = known;
        this.parsed = parsed;
        this.code = with.codes().of(response.responseCode());
        this.flag = joined(interpretation.flag(), arrival.remark());
    }

    /**
     * True if the document may affect other requests: it contains no device message, or its authenticity was checked.
     */
    private boolean checked() {
        return parsed.isEmpty() || parsed.get().proven();
    }

    private static String joined(String... texts) {
        return String.join(
                "; ", Stream.of(texts).filter(text -> !text.isEmpty()).toList());
    }

    private RequestRecord request() {
        return known.orElseThrow();
    }

    private boolean transform() {
        return SentTo.of(RequestContextReader.sentAs(request())) == SentTo.TRANSFORM;
    }

    private Change answered(RequestState state, String cause, boolean success) {
        Change change = Change.of(request())
                .from(arrival.sameExchange() ? OPEN_AND_TRANSFORM : OPEN)
                .to(state, cause, arrival.digest())
                .noRetry()
                .success(success)
                .responseCode(code.code());
        return arrival.mark(change, flag);
    }

    private Results result(Outcome outcome) {
        return Results.of(request(), outcome)
                .header("responseCode", code.code())
                .header("flag", flag);
    }

    /** The outbox entry with the device's message, if there is one, or else with the DCC's document. */
    private OutboxEntry entry(Results results, String what) {
        Optional<byte[]> message = Interpreter.message(response);
        return message.isPresent() && parsed.isPresent()
                ? results.gbcs(arrival.entry(what), parsed.get(), message.get())
                : results.duis(arrival.entry(what), arrival.body(), response, code);
    }

    @Override
    public SettlementResult acknowledged(Meaning.Acknowledged meaning) {
        Change change = Change.of(request())
                .from(RequestState.SENT, RequestState.IN_DOUBT)
                .noRetry()
                .responseCode(code.code())
                .to(RequestState.ACKNOWLEDGED, code.code(), arrival.digest());
        // the target time starts with the DCC's acknowledgement
        change.dueBy(with.futureDated()
                .dueAfterAcknowledgement(request(), with.clock().instant(), DEFAULT_TARGET_SECONDS));
        Change marked = arrival.mark(change, flag);
        Change before = arrival.mark(Change.ofNone(request().lane()), "acknowledged before");
        if (arrival.sameExchange()) {
            // this may be written asynchronously: nobody has received an acknowledgement, and a request that is SENT
            // after a kill is sent again with the same bytes
            return new SettlementResult.Writing(with.progress().applyAsync(marked, before, request()));
        }
        if (!with.progress().apply(marked, request())) {
            with.progress().apply(before, request());
        }
        return SettlementResult.DONE;
    }

    @Override
    public SettlementResult preCommand(Meaning.PreCommand meaning) {
        return arrival.sameExchange()
                ? new SettlementResult.Correlate(meaning.bytes())
                : noted(new Meaning.Noted("a Pre-Command is only accepted in the exchange of its request", false));
    }

    @Override
    public SettlementResult localCommand(Meaning.LocalCommand meaning) {
        Change change = Change.of(request())
                .from(RequestState.SENT, RequestState.IN_DOUBT)
                .noRetry()
                .responseCode(code.code())
                .to(
                        meaning.answerComes() ? RequestState.ACKNOWLEDGED : RequestState.HANDED_OUT,
                        "command for local delivery",
                        arrival.digest());
        if (meaning.answerComes()) {
            change.dueBy(with.futureDated()
                    .dueAfterAcknowledgement(request(), with.clock().instant(), DEFAULT_TARGET_SECONDS));
        }
        settlement.write(
                arrival,
                request(),
                arrival.mark(change, flag),
                Results.localCommand(request())
                        .header("responseCode", code.code())
                        .header("flag", flag)
                        .duis(arrival.entry("local"), arrival.body(), response, code));
        return SettlementResult.DONE;
    }

    @Override
    public SettlementResult done(Meaning.Done meaning) {
        Change change = answered(RequestState.RESPONDED, code.code() + " " + code.text(), true);
        if (request().target().service().filter(RETURN_LOCAL_ANSWER::equals).isPresent()) {
            settlement.returned(request()).ifPresent(change::alongside);
        }
        end(change, Outcome.SUCCESS, Function.identity());
        return SettlementResult.DONE;
    }

    /**
     * Ends a request with an answer; a successful cancellation ends the requests that it cancels in the same
     * transaction.
     */
    private void end(Change change, Outcome outcome, Function<Results, Results> more) {
        if (outcome != Outcome.SUCCESS || !request().timing().cancels()) {
            settlement.write(arrival, request(), change, entry(more.apply(result(outcome)), "result"));
            return;
        }
        if (!checked()) {
            String remark = "no request is cancelled: " + NOT_CHECKED;
            settlement.write(
                    arrival,
                    request(),
                    change.remark(remark),
                    entry(more.apply(result(outcome).header("flag", joined(flag, remark))), "result"));
            return;
        }
        FutureDatedRequests.ConfirmedCancellation confirmed =
                with.futureDated().confirmed(request(), arrival.receivedAt());
        confirmed.changes().forEach(change::alongside);
        if (!confirmed.remark().isEmpty()) {
            change.remark(confirmed.remark());
        }
        Results results = more.apply(result(outcome))
                .header("cancels", String.join(" ", confirmed.requestIds()))
                .header("flag", joined(flag, confirmed.remark()));
        if (settlement.write(arrival, request(), change, entry(results, "result"))) {
            // requests that were accepted at the same moment did not find the cancellation yet
            with.futureDated()
                    .confirmed(request(), arrival.receivedAt())
                    .changes()
                    .forEach(late -> with.progress().apply(late, request()));
        }
    }

    @Override
    public SettlementResult device(Meaning.Device meaning) {
        Change change =
                answered(RequestState.RESPONDED, flag.isEmpty() ? "answered by the device" : flag, meaning.success());
        end(
                change,
                meaning.success() ? Outcome.SUCCESS : Outcome.FAILED,
                results -> results.firmware(meaning.firmware())
                        .header("advice", meaning.success() ? "" : Results.adviceOnFailure(request())));
        return SettlementResult.DONE;
    }

    /** The customer has keyed the token in already: the credit is on the meter, and no action is needed. */
    @Override
    public SettlementResult alreadyCredited(Meaning.AlreadyCredited meaning) {
        String cause = Results.told(meaning);
        end(
                answered(RequestState.RESPONDED, flag.isEmpty() ? cause : cause + "; " + flag, true),
                Outcome.ALREADY_CREDITED,
                results -> results.alreadyCredited(meaning));
        return SettlementResult.DONE;
    }

    /**
     * The device will execute the command at its execution time: its outcome is awaited, unless the request was
     * cancelled in the meantime.
     */
    @Override
    public SettlementResult accepted(Meaning.Accepted meaning) {
        Change change = Change.of(request())
                .from(RequestState.SENT, RequestState.IN_DOUBT, RequestState.ACKNOWLEDGED, RequestState.UNKNOWN)
                .to(
                        RequestState.ACCEPTED_BY_DEVICE,
                        "the device will execute it at its execution time",
                        arrival.digest())
                .noRetry()
                .success(true)
                .dueBy(with.futureDated()
                        .outcomeDueBy(request().timing().executesAt().orElseThrow()))
                .responseCode(code.code());
        if (checked()) {
            with.futureDated().superseded(request()).forEach(change::alongside);
        }
        settlement.write(
                arrival, request(), arrival.mark(change, flag), entry(result(Outcome.ACCEPTED_BY_DEVICE), "result"));
        with.ledger()
                .find(request().id())
                .filter(now -> now.state() == RequestState.ACCEPTED_BY_DEVICE)
                .flatMap(with.futureDated()::cancellationOf)
                .ifPresent(by ->
                        with.progress().apply(with.futureDated().cancelledBeforeAcceptance(request(), by), request()));
        return SettlementResult.DONE;
    }

    @Override
    public SettlementResult instruction(Meaning.Instruction meaning) {
        settlement
                .instructions()
                .count(arrival, request(), meaning, code.code(), flag, results -> entry(results, "result"));
        return SettlementResult.DONE;
    }

    @Override
    public SettlementResult refused(Meaning.Refused meaning) {
        if (arrival.mayHaveBeenReceived() && code.meaning() == ResponseClass.MANUAL) {
            // this may only refuse the repetition: the DCC may have carried out the request that it received before
            return unknown(
                    code.code() + " " + code.text() + "; the DCC may have received the request before",
                    RequestState.TRANSFORM_SENT,
                    RequestState.SENT,
                    RequestState.IN_DOUBT);
        }
        settlement.write(
                arrival,
                request(),
                answered(RequestState.REFUSED, code.code() + " " + code.text(), false),
                entry(result(Outcome.REFUSED).header("reason", code.text()), "result"));
        return SettlementResult.DONE;
    }

    @Override
    public SettlementResult unknown(Meaning.Unknown meaning) {
        if (arrival.sentAgain() && meaning.repeatable()) {
            return new SettlementResult.SendAgain("the DCC answered " + code.code());
        }
        if (transform()) {
            // a Transform has no effect that could be unknown
            return refused(new Meaning.Refused());
        }
        return unknown(
                code.code() + " " + code.text(), RequestState.SENT, RequestState.IN_DOUBT, RequestState.ACKNOWLEDGED);
    }

    private SettlementResult unknown(String cause, RequestState... from) {
        Change change = Change.of(request())
                .from(from)
                .to(RequestState.UNKNOWN, cause, arrival.digest())
                .noRetry()
                .responseCode(code.code());
        settlement.write(
                arrival,
                request(),
                arrival.mark(change, flag),
                entry(
                        result(Outcome.UNKNOWN)
                                .header("reason", code.text())
                                .header("advice", Results.advice(request())),
                        "result"));
        return SettlementResult.DONE;
    }

    @Override
    public SettlementResult scheduled(Meaning.Scheduled meaning) {
        boolean proven = meaning.proof().isEmpty();
        Outcome outcome = !proven ? Outcome.UNPROVEN : meaning.success() ? Outcome.SUCCESS : Outcome.FAILED;
        if (!proven) {
            settlement.notAuthentic(arrival.signer(), "schedule " + meaning.schedule(), parsed, meaning.proof());
        }
        // a run is delivered to the submitter of the schedule, if its request is named
        Results results = known.filter(record ->
                        record.target().service().filter("5.1"::equals).isPresent())
                .map(record -> Results.of(record, outcome))
                .orElseGet(() -> addressed(Results.ofNone(outcome)));
        OutboxEntry entry = entry(
                results.header("service", meaning.service())
                        .header("device", meaning.device())
                        .header("schedule", Long.toString(meaning.schedule()))
                        .header("run", meaning.run())
                        .header("responseCode", code.code())
                        .header("flag", joined(flag, meaning.proof())),
                "result");
        settlement.write(arrival, Change.ofNone().deliver(entry), meaning.proof(), Lane.ROUTINE);
        with.metrics().count("postern_answers_total", "state", "SCHEDULED");
        return noAnswer("a run of a schedule");
    }

    @Override
    public SettlementResult deviceAlert(Meaning.DeviceAlert meaning) {
        if (!meaning.proof().isEmpty()) {
            settlement.notAuthentic(arrival.signer(), meaning.device(), parsed, meaning.proof());
        }
        Throttle throttle = response.body()
                .fold(
                        message -> Throttle.NONE,
                        ResponseBody.DeviceAlertMessage::throttle,
                        alert -> Throttle.NONE,
                        ResponseBody.Smets1ResponseMessage::throttle,
                        unread -> Throttle.NONE);
        Results results = throttled(addressed(Results.alert()), throttle)
                .header("alertCode", meaning.code())
                .header("device", meaning.device())
                .header("responseCode", code.code())
                .header("flag", joined(flag, meaning.proof()));
        Change change = settlement.topUpAlerts().noted(meaning, results);
        settlement.write(
                arrival, change.deliver(entry(results, "result")), joined(flag, meaning.proof()), Lane.INTERACTIVE);
        with.metrics().count("postern_alerts_total", "kind", "device");
        return noAnswer("a Device Alert");
    }

    @Override
    public SettlementResult dccAlert(Meaning.DccAlert meaning) {
        ResponseBody.DccAlertMessage alert = (ResponseBody.DccAlertMessage) response.body();
        // several kinds name the request that they concern, whose own answer may never arrive (DUIS, DCCAlert)
        Optional<RequestRecord> about =
                alert.payload().find("RequestID").flatMap(Effect::requestId).flatMap(with.ledger()::findByRequestId);
        Change change = about.map(
                        r -> Change.of(r.id()).remark("DCC Alert " + meaning.code() + " " + meaning.payload()))
                .orElseGet(Change::ofNone);
        Results results = throttled(addressed(Results.alert()), alert.throttle())
                .header("alertCode", meaning.code())
                .header("alert", meaning.payload())
                .header("responseCode", code.code())
                .header("flag", flag);
        about.ifPresent(r -> results.header("request", r.id()).header("requestId", r.name()));
        settlement.write(arrival, change.deliver(entry(results, "result")), flag, Lane.INTERACTIVE);
        with.metrics().count("postern_alerts_total", "kind", "dcc");
        return noAnswer("a DCC Alert");
    }

    private static Optional<RequestId> requestId(String text) {
        try {
            return Optional.of(RequestId.parse(text));
        } catch (PosternException e) {
            return Optional.empty();
        }
    }

    /** The result for a document that, in the exchange of a request, is not an answer to it. */
    private SettlementResult noAnswer(String what) {
        return arrival.sameExchange()
                ? new SettlementResult.NoAnswer(what + " where an answer was expected")
                : SettlementResult.DONE;
    }

    @Override
    public SettlementResult noted(Meaning.Noted meaning) {
        boolean answered = arrival.sameExchange() && !meaning.taken();
        if (answered && transform()) {
            return new SettlementResult.NoAnswer(meaning.reason());
        }
        Change change = Change.of(request()).remark(meaning.reason() + ": code " + code.code());
        if (meaning.taken()) {
            change.from(RequestState.SENT, RequestState.IN_DOUBT)
                    .noRetry()
                    .responseCode(code.code())
                    .to(RequestState.ACKNOWLEDGED, code.code() + ", " + meaning.reason(), arrival.digest())
                    .dueBy(with.futureDated()
                            .dueAfterAcknowledgement(request(), with.clock().instant(), DEFAULT_TARGET_SECONDS));
        }
        Results results = Results.of(request(), Outcome.UNPROVEN)
                .header("responseCode", code.code())
                .header("flag", joined(meaning.reason(), flag));
        if (answered) {
            answeredUnread(change, meaning.reason());
        } else if (!meaning.taken()) {
            results.withoutEffect();
        }
        settlement.write(
                arrival,
                request(),
                arrival.mark(change, meaning.reason()),
                results.duis(
                        arrival.entry("noted." + arrival.digest().substring(0, 16)), arrival.body(), response, code));
        return SettlementResult.DONE;
    }

    /**
     * Handles an answer in a form that is not known. Sending the request again would give the same answer. Its response
     * code still shows whether the device's answer follows later.
     */
    private void answeredUnread(Change change, String reason) {
        SentTo sent = SentTo.of(RequestContextReader.sentAs(request()));
        boolean comes = (sent == SentTo.DEVICE || sent == SentTo.BOTH)
                && CodeClass.of(response.responseCode(), with.codes()) == CodeClass.WAIT;
        change.from(RequestState.SENT, RequestState.IN_DOUBT)
                .noRetry()
                .responseCode(code.code())
                .to(
                        comes ? RequestState.ACKNOWLEDGED : RequestState.UNKNOWN,
                        code.code() + ", " + reason,
                        arrival.digest());
        if (comes) {
            change.dueBy(with.futureDated()
                    .dueAfterAcknowledgement(request(), with.clock().instant(), DEFAULT_TARGET_SECONDS));
        }
    }

    @Override
    public SettlementResult unproven(Meaning.Unproven meaning) {
        if (arrival.sameExchange() && (transform() || !meaning.ends())) {
            return new SettlementResult.NoAnswer("unproven: " + meaning.reason());
        }
        if (meaning.missingData()) {
            // the document is signed by the DCC and contains no message whose MAC or signature could be wrong
            LOG.warn("{}: {}", request().name(), meaning.reason());
        } else {
            settlement.notAuthentic(arrival.signer(), request().name(), parsed, meaning.reason());
        }
        String flags = joined(meaning.reason(), flag);
        Results results = Results.of(request(), Outcome.UNPROVEN)
                .header("responseCode", code.code())
                .header("flag", flags);
        settlement.instructions().describe(results, response);
        if (meaning.ends()) {
            // a request that was reported as unknown or overdue waits for a proven answer
            Change change = Change.of(request())
                    .from(RequestState.SENT, RequestState.IN_DOUBT, RequestState.ACKNOWLEDGED)
                    .to(RequestState.RESPONDED, "unproven: " + meaning.reason(), arrival.digest())
                    .noRetry()
                    .success(false)
                    .responseCode(code.code());
            settlement.write(arrival, request(), arrival.mark(change, flag), entry(results, "result"));
        } else {
            String what = meaning.subject().isEmpty() ? "an answer" : meaning.subject();
            Change change = Change.of(request()).remark(what + " not counted: " + meaning.reason());
            settlement.write(
                    arrival,
                    request(),
                    arrival.mark(change, meaning.reason()),
                    entry(results.withoutEffect(), "result"));
        }
        return SettlementResult.DONE;
    }

    @Override
    public SettlementResult unmatched(Meaning.Unmatched meaning) {
        Results results = addressed(Results.ofNone(Outcome.UNMATCHED))
                .header(
                        "requestId",
                        Interpreter.answers(response).map(Object::toString).orElse(""))
                .header("responseCode", code.code())
                .header("flag", joined(meaning.reason(), flag));
        if (response.body() instanceof ResponseBody.ResponseMessage message) {
            results.header("service", message.serviceReferenceVariant());
        }
        settlement.write(arrival, Change.ofNone().deliver(entry(results, "result")), meaning.reason(), Lane.ROUTINE);
        return noAnswer("an answer to no request");
    }

    @Override
    public SettlementResult quarantined(Meaning.Quarantined meaning) {
        if (arrival.sameExchange()) {
            return new SettlementResult.NoAnswer(meaning.reason());
        }
        // Receive Response quarantines such a document when it is received; one that was stored by an earlier version
        // is delivered without effect
        with.securityLog()
                .append(new SecurityEvent.Quarantined(
                        arrival.signer(),
                        "inbox",
                        Interpreter.answers(response).map(Object::toString).orElse("none"),
                        meaning.reason(),
                        arrival.digest()));
        settlement.write(
                arrival,
                Change.ofNone()
                        .deliver(entry(
                                addressed(Results.ofNone(Outcome.UNPROVEN)).header("flag", meaning.reason()),
                                "result")),
                meaning.reason(),
                Lane.ROUTINE);
        return SettlementResult.DONE;
    }

    private Results addressed(Results results) {
        response.responseId()
                .ifPresent(id -> results.header("responseId", id.toString())
                        .header("device", id.originator().toString()));
        response.responseId()
                .map(ResponseId::target)
                .flatMap(with.roles()::byUserId)
                .map(UserRoleProfile::role)
                .ifPresent(role -> results.header("role", role.name()));
        return results;
    }

    private static Results throttled(Results results, Throttle throttle) {
        throttle.count().ifPresent(count -> results.header("throttledCount", count.toString()));
        throttle.sequenceId().ifPresent(id -> results.header("throttledSequence", id.toString()));
        return results;
    }
}
