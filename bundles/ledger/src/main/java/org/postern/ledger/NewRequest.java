package org.postern.ledger;

import java.time.Instant;
import java.util.Optional;
import org.postern.catalogue.Lane;
import org.postern.catalogue.RequestId;

/**
 * A request to be stored: admitted, or refused by Postern.
 *
 * @param origin where it came from
 * @param original the bytes as submitted
 * @param requestId RequestID; empty if the request was refused before it was numbered
 * @param target service, device and role of the request
 * @param lane priority lane
 * @param document our unsigned DUIS document; empty if refused
 * @param executionTime for a future-dated request; the year 3000 for a cancellation
 * @param dueBy when the answer is overdue; empty if no answer is expected
 * @param refusal cause of the refusal in one line; empty if admitted
 * @param remark a note for people; empty if there is none
 */
public record NewRequest(
        Origin origin,
        byte[] original,
        Optional<RequestId> requestId,
        Target target,
        Lane lane,
        Optional<byte[]> document,
        Optional<Instant> executionTime,
        Optional<Instant> dueBy,
        Optional<String> refusal,
        Optional<String> remark) {

    /** A request without a remark. */
    public NewRequest(
            Origin origin,
            byte[] original,
            Optional<RequestId> requestId,
            Target target,
            Lane lane,
            Optional<byte[]> document,
            Optional<Instant> executionTime,
            Optional<Instant> dueBy,
            Optional<String> refusal) {
        this(origin, original, requestId, target, lane, document, executionTime, dueBy, refusal, Optional.empty());
    }
}
