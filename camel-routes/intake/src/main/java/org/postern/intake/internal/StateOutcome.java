package org.postern.intake.internal;

import java.util.Map;
import org.postern.catalogue.Outcome;
import org.postern.ledger.RequestState;

/** The outcome that is shown for a request without a result, with the vocabulary of results. */
final class StateOutcome {

    private static final Map<RequestState, Outcome> OUTCOMES = Map.of(
            RequestState.REJECTED,
            Outcome.REJECTED,
            RequestState.REFUSED,
            Outcome.REFUSED,
            RequestState.NOT_CORRELATED,
            Outcome.NOT_CORRELATED,
            RequestState.CANCELLED,
            Outcome.CANCELLED,
            RequestState.OVERDUE,
            Outcome.OVERDUE,
            RequestState.UNKNOWN,
            Outcome.UNKNOWN,
            RequestState.ACCEPTED_BY_DEVICE,
            Outcome.ACCEPTED_BY_DEVICE,
            RequestState.ACTIONED,
            Outcome.ACTIONED,
            RequestState.NOT_ACTIONED,
            Outcome.NOT_ACTIONED);

    private StateOutcome() {}

    static Outcome of(RequestState state) {
        return OUTCOMES.getOrDefault(state, Outcome.ADMITTED);
    }
}
