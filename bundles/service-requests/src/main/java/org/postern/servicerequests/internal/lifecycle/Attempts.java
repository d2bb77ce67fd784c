package org.postern.servicerequests.internal.lifecycle;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.postern.ledger.Change;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;

/**
 * Plans retries: creates the changes that schedule the next attempt, and counts attempts without an outcome. Writes
 * nothing itself. Safe for use by several threads.
 */
public final class Attempts {

    /** Cause of IN_DOUBT for a request of which it is only known that a transmission was started. */
    static final String BEGUN = "a transmission was started, and its result is not on disk";

    private final Clock clock;
    private final Backoff backoff;
    private final int tries;

    /**
     * @param backoff delays between attempts
     * @param tries how often a document is sent, at least 1, if the reply in its exchange is not a proven answer or
     *     states that the outcome is not known
     */
    public Attempts(Clock clock, Backoff backoff, int tries) {
        this.clock = clock;
        this.backoff = backoff;
        this.tries = tries;
    }

    /** True if the next attempt is due or none is planned. */
    boolean due(RequestRecord record) {
        return record.sending()
                .retryAt()
                .map(at -> !at.isAfter(clock.instant()))
                .orElse(true);
    }

    /** The request stays in its state and is retried. */
    Change retry(RequestRecord record, String cause) {
        return retry(record, Duration.ZERO, cause);
    }

    /** The request stays in its state and is retried after at least the given delay. */
    Change retry(RequestRecord record, Duration minDelay, String cause) {
        return planned(Change.of(record).from(record.state()), record, minDelay, cause);
    }

    /** The request was sent, and it is not known whether the DCC accepted it: the identical bytes are sent again. */
    Change inDoubt(RequestRecord record, String reason) {
        Change change = Change.of(record).from(record.state());
        if (record.state() == RequestState.SENT) {
            change.to(RequestState.IN_DOUBT, reason);
        }
        return planned(change, record, Duration.ZERO, "no answer: " + reason);
    }

    /**
     * A step failed. If a transmission was started whose result is not on disk, the DCC may have received the request.
     */
    Change failed(RequestRecord record, String cause) {
        return record.state() == RequestState.SENT && record.sending().retryAt().isEmpty()
                ? inDoubt(record, cause)
                : retry(record, cause);
    }

    /** True if it may be sent again although the reply in this exchange does not show the outcome. */
    boolean maySendAgain(RequestRecord record) {
        return inconclusive(record) < tries;
    }

    /** The number of replies that did not show the outcome, including the present one. */
    static int inconclusive(RequestRecord record) {
        return record.sending().inconclusive() + 1;
    }

    /**
     * True if the DCC may have received the request before without a record in the ledger: an earlier exchange did not
     * show the outcome, or the ledger was restored from a copy and the request may have progressed after the copy was
     * made.
     */
    static boolean mayHaveBeenReceived(Ledger ledger, RequestRecord record) {
        return record.state() == RequestState.IN_DOUBT
                || record.state() == RequestState.SENT && record.sending().inconclusive() > 0
                || ledger.restored().filter(record.createdAt()::isBefore).isPresent();
    }

    private Change planned(Change change, RequestRecord record, Duration minDelay, String cause) {
        int attempts = record.sending().attempts() + 1;
        Duration delay = backoff.after(attempts);
        Instant at = clock.instant().plus(minDelay.compareTo(delay) > 0 ? minDelay : delay);
        return change.retry(attempts, at, cause);
    }
}
