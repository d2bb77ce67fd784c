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

/** Ends requests without an answer: withdrawn, not taken by the DCC, or not answered in time. Safe for many threads. */
public final class Endings {

    private final Ledger ledger;
    private final Progress progress;
    private final Dated dated;
    private final TrustedClock clock;
    private final Duration giveUpAfter;

    /** @param giveUpAfter how long a request is sent again that the DCC has not taken */
    public Endings(Ledger ledger, Progress progress, Dated dated, TrustedClock clock, Duration giveUpAfter) {
        this.ledger = ledger;
        this.progress = progress;
        this.dated = dated;
        this.clock = clock;
        this.giveUpAfter = giveUpAfter;
    }

    /**
     * Withdraws what has certainly had no effect at the DCC.
     *
     * @param by who wants it so, for people
     * @param atWork true where a step of it may be at work, which may be sending it
     * @return false where it is too late, or there is no such request
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

    /** A planned attempt proves that the last one ended without reaching the DCC, unless one before it may have. */
    private boolean withoutEffect(RequestRecord record, boolean atWork) {
        return switch (record.state()) {
            case ADMITTED -> true;
            case TRANSFORM_SENT, CORRELATED, COMMAND_SIGNED -> !atWork && !Attempts.hadBefore(ledger, record);
            case SENT -> !atWork && record.sending().retryAt().isPresent() && !Attempts.hadBefore(ledger, record);
            default -> false;
        };
    }

    /**
     * Ends what has been sent for too long without being taken. What the DCC has not taken is overdue; of what it may
     * have taken without a word, nobody knows the outcome.
     *
     * @return false where it is to be sent again
     */
    boolean givenUp(RequestRecord record) {
        if (!triedForLong(record)) {
            return false;
        }
        boolean doubt = Attempts.hadBefore(ledger, record);
        String cause = doubt ? "no answer of the DCC" : "not taken by the DCC";
        giveUp(
                record,
                doubt ? Outcome.UNKNOWN : Outcome.OVERDUE,
                doubt ? RequestState.UNKNOWN : RequestState.OVERDUE,
                cause);
        return true;
    }

    /**
     * Ends what could not be sent for too long because its documents in the ledger are damaged. What never was with the
     * DCC as a command is rejected; all else ends as what is not taken. A sending without an end on disk is none of
     * these: it is in doubt first.
     *
     * @return false where it is to be tried again: damage may be mended from a copy, or have been the machine's that
     *     has read it
     */
    boolean givenUpDamaged(RequestRecord record) {
        return switch (record.state()) {
            case ADMITTED, CORRELATED -> {
                if (!triedForLong(record)) {
                    yield false;
                }
                boolean doubt = Attempts.hadBefore(ledger, record);
                giveUp(
                        record,
                        doubt ? Outcome.UNKNOWN : Outcome.REJECTED,
                        doubt ? RequestState.UNKNOWN : RequestState.REJECTED,
                        doubt ? "it may have been sent before the restore, and cannot be now" : "it could not be sent");
                yield true;
            }
            case SENT -> record.sending().retryAt().isPresent() && givenUp(record);
            case TRANSFORM_SENT, IN_DOUBT -> givenUp(record);
            default -> false;
        };
    }

    /** It is tried at least once after a start, however long that was in coming. */
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
     * Ends what has waited too long for its answer. A device that has not yet accepted what it is to do later has until
     * the outcome is due; that it has not is told at once, since there is time to do something about it.
     */
    void overdue(String id) {
        RequestRecord record = ledger.find(id).orElse(null);
        if (record == null) {
            return;
        }
        Instant now = clock.instant();
        Optional<Instant> outcome =
                record.dating().datedFor().map(dated::outcomeBy).filter(now::isBefore);
        if (record.state() == RequestState.ACKNOWLEDGED && outcome.isPresent()) {
            String cause = "the device has not accepted it yet; its outcome is awaited until " + outcome.get();
            progress.apply(
                    Change.of(record)
                            .from(RequestState.ACKNOWLEDGED)
                            .dueBy(outcome.get())
                            .remark(cause)
                            .deliver(Results.ended(record, Outcome.NOT_YET_ACCEPTED, cause)),
                    record);
            return;
        }
        String cause = missing(record.dating());
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

    private static String missing(RequestRecord.Dating dating) {
        if (dating.datedFor().isEmpty()) {
            return "no answer in time";
        }
        String within = " within " + FutureDating.OUTCOME_WITHIN.toHours() + " hours of its time";
        return dating.instructionsDone() == 0
                ? "no outcome" + within
                : dating.instructionsDone() + " outcomes, and no more" + within;
    }
}
