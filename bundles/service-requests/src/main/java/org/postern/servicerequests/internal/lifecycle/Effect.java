package org.postern.servicerequests.internal.lifecycle;

import java.util.Optional;
import java.util.function.Function;
import org.postern.catalogue.Outcome;
import org.postern.catalogue.ResponseClass;
import org.postern.duis.DuisResponse;
import org.postern.ledger.Change;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.parsecorrelate.ParsedMessage;
import org.postern.servicerequests.internal.answers.CodeClass;
import org.postern.servicerequests.internal.answers.Interpretation;
import org.postern.servicerequests.internal.answers.Meaning;
import org.postern.servicerequests.internal.answers.SentTo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the effect of one document to the ledger, with one method for each meaning. */
final class Effect extends UnsolicitedEffects {

    private static final Logger LOG = LoggerFactory.getLogger(Effect.class);
    private static final int DEFAULT_TARGET_SECONDS = 30;
    private static final String NOT_CHECKED = "MAC or signature of the device's answer was not checked";
    /** Sends the DCC the answer of a device to a command that was delivered locally. */
    private static final String RETURN_LOCAL_ANSWER = "8.13";

    Effect(
            Settlement settlement,
            Arrival arrival,
            DuisResponse response,
            Optional<RequestRecord> known,
            Optional<ParsedMessage> parsed,
            Interpretation interpretation) {
        super(settlement, arrival, response, known, parsed, interpretation);
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
}
