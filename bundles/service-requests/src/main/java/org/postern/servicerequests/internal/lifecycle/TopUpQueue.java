package org.postern.servicerequests.internal.lifecycle;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.RequestId;
import org.postern.ledger.Change;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestFilter;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.servicerequests.TopUps;

/**
 * Sends the top-ups of one meter one after the other in the order of their counters. A meter may refuse a token with a
 * lower counter than one that it has accepted, and after an outage several top-ups of one meter would otherwise be sent
 * at the same time.
 */
final class TopUpQueue {

    /** States in which a top-up no longer delays the next one. */
    static final Set<RequestState> ENDS = Set.of(
            RequestState.RESPONDED,
            RequestState.REFUSED,
            RequestState.OVERDUE,
            RequestState.UNKNOWN,
            RequestState.CANCELLED,
            RequestState.REJECTED);

    private static final int MAX_REQUESTS = 100;

    private TopUpQueue() {}

    /** True for a top-up that must wait for an earlier one. */
    static boolean waits(Ledger ledger, RequestRecord record) {
        return topUp(record) && ledger.earlierInProgress(record);
    }

    /**
     * The id of the top-up that was waiting for that one and can continue now; if this fails, its planned retry takes
     * place.
     */
    static Optional<String> next(Ledger ledger, RequestRecord ended) {
        if (!topUp(ended)) {
            return Optional.empty();
        }
        try {
            List<RequestRecord> waiting = ledger.requests(new RequestFilter(
                    Optional.of(RequestState.ADMITTED),
                    ended.target().device(),
                    ended.target().service(),
                    MAX_REQUESTS));
            Optional<RequestRecord> next = waiting.stream()
                    .filter(record -> sameOriginator(record, ended))
                    .min(Comparator.comparingLong(record -> id(record).counter()));
            return next.filter(record -> ledger.apply(
                            Change.of(record).from(RequestState.ADMITTED).noRetry()))
                    .map(RequestRecord::id);
        } catch (PosternException e) {
            return Optional.empty();
        }
    }

    private static boolean topUp(RequestRecord record) {
        return record.requestId().isPresent()
                && record.target().service().filter(TopUps.SERVICE::equals).isPresent();
    }

    private static boolean sameOriginator(RequestRecord one, RequestRecord other) {
        return one.requestId().isPresent()
                && id(one).originator().equals(id(other).originator());
    }

    private static RequestId id(RequestRecord record) {
        return record.requestId().orElseThrow();
    }
}
