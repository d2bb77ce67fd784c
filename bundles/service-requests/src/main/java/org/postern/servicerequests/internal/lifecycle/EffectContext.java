package org.postern.servicerequests.internal.lifecycle;

import java.util.Optional;
import java.util.stream.Stream;
import org.postern.catalogue.Outcome;
import org.postern.catalogue.ResponseCode;
import org.postern.duis.DuisResponse;
import org.postern.ledger.Change;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.parsecorrelate.ParsedMessage;
import org.postern.servicerequests.internal.answers.Interpretation;
import org.postern.servicerequests.internal.answers.Interpreter;
import org.postern.servicerequests.internal.answers.SentTo;

/** The document whose effect is written, its request, and what the effects of all meanings share. */
abstract class EffectContext {
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

    final Settlement settlement;
    final Settlement.Collaborators with;
    final Arrival arrival;
    final DuisResponse response;
    final Optional<RequestRecord> known;
    final Optional<ParsedMessage> parsed;
    final ResponseCode code;
    final String flag;

    EffectContext(
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
    boolean checked() {
        return parsed.isEmpty() || parsed.get().proven();
    }

    static String joined(String... texts) {
        return String.join(
                "; ", Stream.of(texts).filter(text -> !text.isEmpty()).toList());
    }

    RequestRecord request() {
        return known.orElseThrow();
    }

    boolean transform() {
        return SentTo.of(RequestContextReader.sentAs(request())) == SentTo.TRANSFORM;
    }

    Change answered(RequestState state, String cause, boolean success) {
        Change change = Change.of(request())
                .from(arrival.sameExchange() ? OPEN_AND_TRANSFORM : OPEN)
                .to(state, cause, arrival.digest())
                .noRetry()
                .success(success)
                .responseCode(code.code());
        return arrival.mark(change, flag);
    }

    Results result(Outcome outcome) {
        return Results.of(request(), outcome)
                .header("responseCode", code.code())
                .header("flag", flag);
    }

    /** The outbox entry with the device's message, if there is one, or else with the DCC's document. */
    OutboxEntry entry(Results results, String what) {
        Optional<byte[]> message = Interpreter.message(response);
        return message.isPresent() && parsed.isPresent()
                ? results.gbcs(arrival.entry(what), parsed.get(), message.get())
                : results.duis(arrival.entry(what), arrival.body(), response, code);
    }

    /** The result for a document that, in the exchange of a request, is not an answer to it. */
    SettlementResult noAnswer(String what) {
        return arrival.sameExchange()
                ? new SettlementResult.NoAnswer(what + " where an answer was expected")
                : SettlementResult.DONE;
    }
}
