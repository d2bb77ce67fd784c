package org.postern.delivery.internal;

import org.postern.catalogue.Lane;
import org.postern.catalogue.ReplyAddress;
import org.postern.ledger.OutboxEntry;

/** One entry of the outbox on its way, and the lane that it was taken from. */
record Delivery(OutboxEntry entry, Lane lane) {

    ReplyAddress to() {
        return entry.destination();
    }
}
