package org.postern.delivery.internal;

import org.postern.catalogue.Lane;
import org.postern.catalogue.ReplyAddress;
import org.postern.ledger.OutboxEntry;

/** An outbox entry that is being delivered, and the lane from which it was taken. */
record Delivery(OutboxEntry entry, Lane lane) {

    ReplyAddress to() {
        return entry.destination();
    }
}
