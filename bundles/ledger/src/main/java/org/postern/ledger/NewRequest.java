package org.postern.ledger;

import java.time.Instant;
import java.util.Optional;
import org.postern.catalogue.Lane;
import org.postern.catalogue.RequestId;

/**
 * A request as it enters the ledger: admitted, or refused by us.
 *
 * @param origin where it came from
 * @param original the bytes as handed in
 * @param requestId RequestID; empty for one refused before it was numbered
 * @param target what it asks for
 * @param lane lane of priority
 * @param document our unsigned DUIS document; empty where refused
 * @param executionTime for a future-dated request; the year 3000 for a cancellation
 * @param dueBy when the answer is overdue; empty for none
 * @param refusal cause of our refusal in one line; empty where admitted
 * @param remark what a person should know of it; empty for nothing
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

    /** Without a remark. */
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
