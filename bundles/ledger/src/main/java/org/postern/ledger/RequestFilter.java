package org.postern.ledger;

import java.util.Optional;
import org.postern.catalogue.Eui64;

/**
 * Selects requests; the result is in order of time, newest first.
 *
 * @param state only requests in that state
 * @param device only requests to that device
 * @param service only requests of that Service Reference Variant
 * @param limit maximum number of requests, 1 to 10,000
 */
public record RequestFilter(Optional<RequestState> state, Optional<Eui64> device, Optional<String> service, int limit) {

    /** The newest requests. */
    public static RequestFilter newest(int limit) {
        return new RequestFilter(Optional.empty(), Optional.empty(), Optional.empty(), limit);
    }

    public RequestFilter {
        limit = Math.max(1, Math.min(limit, 10_000));
    }
}
