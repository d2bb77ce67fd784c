package org.postern.ledger;

import java.util.Optional;

/**
 * A request that is on disk.
 *
 * @param id durable id
 * @param existing true where it was there already, by channel and correlation id
 * @param stored the request with its documents as a read would find it, so that nobody reads what was just written;
 *     empty where it was there already
 */
public record Admitted(String id, boolean existing, Optional<StoredRequest> stored) {

    /** Of which no more is in hand than its id. */
    public Admitted(String id, boolean existing) {
        this(id, existing, Optional.empty());
    }
}
