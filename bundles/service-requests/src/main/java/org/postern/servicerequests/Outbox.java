package org.postern.servicerequests;

import java.util.Optional;
import org.postern.catalogue.Lane;
import org.postern.ledger.OutboxEntry;

/**
 * The outbox for the delivery routes: they take an entry, deliver it and mark it as delivered. A crash between delivery
 * and mark repeats the delivery.
 */
public interface Outbox {

    /** The entry while it is pending; empty if it has been delivered or does not exist. */
    Optional<OutboxEntry> take(String id);

    /** Marks the entry as delivered. Idempotent. */
    void delivered(String id);

    /**
     * Records a failed delivery; the entry is offered again after a delay that grows with each failure.
     *
     * @param entry as it was taken
     * @param lane the lane that it was taken from and is offered in again
     * @param reason one word for the log
     */
    void failed(OutboxEntry entry, Lane lane, String reason);
}
