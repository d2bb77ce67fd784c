package org.postern.ledger;

import java.util.Optional;
import org.postern.catalogue.Eui64;

/**
 * Which requests; the newest first.
 *
 * @param state only that state
 * @param device only that device
 * @param service only that Service Reference Variant
 * @param limit at most so many, 1 to 10,000
 */
public record RequestFilter(Optional<RequestState> state, Optional<Eui64> device, Optional<String> service, int limit) {

    /** The newest of all. */
    public static RequestFilter newest(int limit) {
        return new RequestFilter(Optional.empty(), Optional.empty(), Optional.empty(), limit);
    }

    public RequestFilter {
        limit = Math.max(1, Math.min(limit, 10_000));
    }
}
