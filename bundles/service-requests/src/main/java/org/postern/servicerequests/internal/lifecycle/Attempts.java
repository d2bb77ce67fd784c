package org.postern.servicerequests.internal.lifecycle;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.postern.ledger.Change;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;

/**
 * Plans further attempts at what is not done: makes the changes that say when, and counts those without an outcome.
 * Writes nothing itself. Safe for many threads.
 */
public final class Attempts {

    /** Why a request is in doubt that nothing is known of but that a sending was begun. */
    static final String BEGUN = "a sending was begun, and how it ended is not on disk";

    private final Clock clock;
    private final Backoff backoff;
    private final int tries;

    /**
     * @param backoff distance between attempts
     * @param tries how often a document is sent, from 1, where what comes back in its exchange is no proven answer or
     *     says that the outcome is not known
     */
    public Attempts(Clock clock, Backoff backoff, int tries) {
        this.clock = clock;
        this.backoff = backoff;
        this.tries = tries;
    }

    /** True where no attempt is planned for later than now. */
    boolean due(RequestRecord record) {
        return record.sending()
                .retryAt()
                .map(at -> !at.isAfter(clock.instant()))
                .orElse(true);
    }

    /** It stays where it is, and is tried again. */
    Change again(RequestRecord record, String cause) {
        return again(record, Duration.ZERO, cause);
    }

    /** It stays where it is, and is tried again, no sooner than after that time. */
    Change again(RequestRecord record, Duration wish, String cause) {
        return planned(Change.of(record).from(record.state()), record, wish, cause);
    }

    /** It was sent and nobody knows whether it was taken: the identical bytes are sent again. */
    Change inDoubt(RequestRecord record, String reason) {
        Change change = Change.of(record).from(record.state());
        if (record.state() == RequestState.SENT) {
            change.to(RequestState.IN_DOUBT, reason);
        }
        return planned(change, record, Duration.ZERO, "no answer: " + reason);
    }

    /** A step failed: where a sending was begun that has no end on disk, the DCC may have taken it. */
    Change failed(RequestRecord record, String cause) {
        return record.state() == RequestState.SENT && record.sending().retryAt().isEmpty()
                ? inDoubt(record, cause)
                : again(record, cause);
    }

    /** True where it is sent once more although what came back in this exchange tells nothing of the outcome. */
    boolean mayAskAgain(RequestRecord record) {
        return untold(record) < tries;
    }

    /** How often what came back told nothing of the outcome, this time included. */
    static int untold(RequestRecord record) {
        return record.sending().untold() + 1;
    }

    /**
     * True where the DCC may have had the request before, without a word of it in the ledger: an earlier exchange told
     * nothing of the outcome, or the ledger is a copy that was put back, and the request may have gone on after that
     * was made.
     */
    static boolean hadBefore(Ledger ledger, RequestRecord record) {
        return record.state() == RequestState.IN_DOUBT
                || record.state() == RequestState.SENT && record.sending().untold() > 0
                || ledger.restored().filter(record.createdAt()::isBefore).isPresent();
    }

    private Change planned(Change change, RequestRecord record, Duration wish, String cause) {
        int attempts = record.sending().attempts() + 1;
        Duration distance = backoff.after(attempts);
        Instant at = clock.instant().plus(wish.compareTo(distance) > 0 ? wish : distance);
        return change.retry(attempts, at, cause);
    }
}
