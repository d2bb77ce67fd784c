package org.postern.servicerequests.internal.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.postern.catalogue.FutureDating;
import org.postern.catalogue.Outcome;
import org.postern.ledger.Change;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;

/**
 * Ends requests without an answer: withdrawn, not accepted by the DCC, or not answered in time. Safe for use by several
 * threads.
 */
public final class Endings {

    private final Ledger ledger;
    private final Progress progress;
    private final FutureDatedRequests futureDated;
    private final TrustedClock clock;
    private final Duration giveUpAfter;

    /** @param giveUpAfter how long a request that the DCC has not accepted is retried */
    public Endings(
            Ledger ledger,
            Progress progress,
            FutureDatedRequests futureDated,
            TrustedClock clock,
            Duration giveUpAfter) {
        this.ledger = ledger;
        this.progress = progress;
        this.futureDated = futureDated;
        this.clock = clock;
        this.giveUpAfter = giveUpAfter;
    }

    /**
     * Withdraws a request that certainly has had no effect at the DCC.
     *
     * @param by who requests the withdrawal, for display
     * @param atWork true if a step of it may be running, which may be sending it
     * @return false if it is too late, or there is no such request
     */
    boolean cancel(String id, String by, boolean atWork) {
        return ledger.find(id)
                .filter(record -> withoutEffect(record, atWork))
                .map(record -> progress.apply(
                        Change.of(record)
                                .from(record.state())
                                .noRetry()
                                .deliver(Results.ended(record, Outcome.CANCELLED, "withdrawn by " + by))
                                .to(RequestState.CANCELLED, "withdrawn by " + by),
                        record))
                .orElse(false);
    }

    /**
     * True if the request has had no effect. A planned attempt proves that the last one did not reach the DCC, unless
     * an earlier attempt may have.
     */
    private boolean withoutEffect(RequestRecord record, boolean atWork) {
        return switch (record.state()) {
            case ADMITTED -> true;
            case TRANSFORM_SENT, CORRELATED, COMMAND_SIGNED -> !atWork && !Attempts.mayHaveBeenReceived(ledger, record);
            case SENT ->
                !atWork && record.sending().retryAt().isPresent() && !Attempts.mayHaveBeenReceived(ledger, record);
            default -> false;
        };
    }

    /**
     * Ends a request that the DCC has not accepted within the time limit. It becomes OVERDUE; if the DCC may have
     * accepted it without an acknowledgement, its outcome is UNKNOWN.
     *
     * @return false if it is to be sent again
     */
    boolean givenUp(RequestRecord record) {
        if (!triedForLong(record)) {
            return false;
        }
        boolean doubt = Attempts.mayHaveBeenReceived(ledger, record);
        String cause = doubt ? "no answer of the DCC" : "not accepted by the DCC";
        giveUp(
                record,
                doubt ? Outcome.UNKNOWN : Outcome.OVERDUE,
                doubt ? RequestState.UNKNOWN : RequestState.OVERDUE,
                cause);
        return true;
    }

    /**
     * Ends a request that could not be sent within the time limit because its documents in the ledger are damaged. A
     * request that was never sent to the DCC as a command is rejected; any other ends as one that the DCC has not
     * accepted. A transmission whose result is not on disk becomes IN_DOUBT first.
     *
     * @return false if it is to be retried: the damage may be repaired from a copy, or may have occurred only when
     *     reading
     */
    boolean givenUpDamaged(RequestRecord record) {
        return switch (record.state()) {
            case ADMITTED, CORRELATED -> {
                if (!triedForLong(record)) {
                    yield false;
                }
                boolean doubt = Attempts.mayHaveBeenReceived(ledger, record);
                giveUp(
                        record,
                        doubt ? Outcome.UNKNOWN : Outcome.REJECTED,
                        doubt ? RequestState.UNKNOWN : RequestState.REJECTED,
                        doubt
                                ? "it may have been sent before the restore, and cannot be sent now"
                                : "it could not be sent");
                yield true;
            }
            case SENT -> record.sending().retryAt().isPresent() && givenUp(record);
            case TRANSFORM_SENT, IN_DOUBT -> givenUp(record);
            default -> false;
        };
    }

    /**
     * True after the time limit. A request is tried at least once after each start, regardless of how long the process
     * was stopped.
     */
    private boolean triedForLong(RequestRecord record) {
        return record.sending().attempts() > 0
                && !record.updatedAt().isBefore(clock.startedAt())
                && clock.settled()
                && record.createdAt().plus(giveUpAfter).isBefore(clock.instant());
    }

    private void giveUp(RequestRecord record, Outcome outcome, RequestState end, String cause) {
        progress.apply(
                Change.of(record)
                        .from(record.state())
                        .noRetry()
                        .deliver(Results.ended(
                                record,
                                outcome,
                                cause + ": " + record.progress().cause()))
                        .to(end, cause + " within " + giveUpAfter),
                record);
    }

    /**
     * Ends a request that has waited too long for its answer. If a device has not yet accepted a future-dated command,
     * a notice is delivered while there is still time to react, and the request waits until its outcome is due.
     */
    void overdue(String id) {
        RequestRecord record = ledger.find(id).orElse(null);
        if (record == null) {
            return;
        }
        Instant now = clock.instant();
        Optional<Instant> outcome =
                record.timing().executesAt().map(futureDated::outcomeDueBy).filter(now::isBefore);
        if (record.state() == RequestState.ACKNOWLEDGED && outcome.isPresent()) {
            String cause = "the device has not accepted it yet; its outcome is expected by " + outcome.get();
            progress.apply(
                    Change.of(record)
                            .from(RequestState.ACKNOWLEDGED)
                            .dueBy(outcome.get())
                            .remark(cause)
                            .deliver(Results.ended(record, Outcome.NOT_YET_ACCEPTED, cause)),
                    record);
            return;
        }
        String cause = missing(record.timing());
        progress.apply(
                Change.of(record)
                        .from(
                                RequestState.ACKNOWLEDGED,
                                RequestState.ACCEPTED_BY_DEVICE,
                                RequestState.PARTIALLY_ACTIONED)
                        .deliver(Results.ended(record, Outcome.OVERDUE, cause))
                        .to(RequestState.OVERDUE, cause),
                record);
    }

    private static String missing(RequestRecord.Timing timing) {
        if (timing.executesAt().isEmpty()) {
            return "no answer in time";
        }
        String within = " within " + FutureDating.OUTCOME_WITHIN.toHours() + " hours of its time";
        return timing.instructionsDone() == 0
                ? "no outcome" + within
                : timing.instructionsDone() + " outcomes, and no more" + within;
    }
}
