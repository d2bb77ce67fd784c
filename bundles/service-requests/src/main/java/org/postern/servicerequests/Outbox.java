package org.postern.servicerequests;

import java.util.Optional;
import org.postern.catalogue.Lane;
import org.postern.ledger.OutboxEntry;

/** What leaves, for the delivery routes: take, deliver, mark. A crash between the last two delivers the same again. */
public interface Outbox {

    /** The entry, while it is pending; empty where it was delivered or never was. */
    Optional<OutboxEntry> take(String id);

    /** Delivered; idempotent. */
    void delivered(String id);

    /**
     * Not delivered; offered again later, with growing distance.
     *
     * @param entry as it was taken
     * @param lane the lane that it was taken from, and is offered in again
     * @param reason one word for the log
     */
    void failed(OutboxEntry entry, Lane lane, String reason);
}
