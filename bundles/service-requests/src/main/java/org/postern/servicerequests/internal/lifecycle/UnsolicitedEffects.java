package org.postern.servicerequests.internal.lifecycle;

import java.util.Optional;
import org.postern.catalogue.Lane;
import org.postern.catalogue.Outcome;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ResponseId;
import org.postern.duis.DuisResponse;
import org.postern.duis.ResponseBody;
import org.postern.duis.Throttle;
import org.postern.ledger.Change;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.parsecorrelate.ParsedMessage;
import org.postern.securitylogging.SecurityEvent;
import org.postern.servicerequests.UserRoleProfile;
import org.postern.servicerequests.internal.answers.Interpretation;
import org.postern.servicerequests.internal.answers.Interpreter;
import org.postern.servicerequests.internal.answers.Meaning;

/**
 * The effects of documents that are not answers to a request: alerts, runs of a schedule, and documents without a known
 * request.
 */
abstract class UnsolicitedEffects extends EffectContext implements Meaning.Cases<SettlementResult> {

    UnsolicitedEffects(
            Settlement settlement,
            Arrival arrival,
            DuisResponse response,
            Optional<RequestRecord> known,
            Optional<ParsedMessage> parsed,
            Interpretation interpretation) {
        super(settlement, arrival, response, known, parsed, interpretation);
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
        Optional<RequestRecord> about = alert.payload()
                .find("RequestID")
                .flatMap(UnsolicitedEffects::requestId)
                .flatMap(with.ledger()::findByRequestId);
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
