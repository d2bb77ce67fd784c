package org.postern.ledger;

import java.util.Optional;

/**
 * A request that has been stored on disk.
 *
 * @param id durable id
 * @param existing true if the same channel and correlation id were stored before
 * @param stored the request with its documents as a query would return them, so that the caller need not query what it
 *     just wrote; empty if the request existed before
 */
public record Admitted(String id, boolean existing, Optional<StoredRequest> stored) {

    /** A request of which only the id is known. */
    public Admitted(String id, boolean existing) {
        this(id, existing, Optional.empty());
    }
}
