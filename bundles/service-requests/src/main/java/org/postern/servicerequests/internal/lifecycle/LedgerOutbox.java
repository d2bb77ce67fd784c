package org.postern.servicerequests.internal.lifecycle;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.postern.catalogue.DeliveryState;
import org.postern.catalogue.Lane;
import org.postern.ledger.Ledger;
import org.postern.ledger.OutboxEntry;
import org.postern.servicerequests.Metrics;
import org.postern.servicerequests.Outbox;
import org.postern.servicerequests.WorkStep;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The outbox, over the ledger. */
public final class LedgerOutbox implements Outbox {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerOutbox.class);

    private final Ledger ledger;
    private final Backoff backoff;
    private final WorkOffers offers;
    private final Timers timers;
    private final Metrics metrics;
    private final Clock clock;

    public LedgerOutbox(Ledger ledger, Backoff backoff, WorkOffers offers, Timers timers, Metrics metrics,
            Clock clock) {
        this.ledger = ledger;
        this.backoff = backoff;
        this.offers = offers;
        this.timers = timers;
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public Optional<OutboxEntry> take(String id) {
        offers.taken(WorkStep.DELIVER, id);
        Optional<OutboxEntry> entry = offers.written().delivery(id).or(() -> ledger.delivery(id))
                .filter(found -> found.state() == DeliveryState.PENDING);
        if (entry.isEmpty()) {
            offers.done(WorkStep.DELIVER, id);
        }
        return entry;
    }

    @Override
    public void delivered(String id) {
        // it has left: where the mark is lost in a kill, it leaves again under the same id
        ledger.deliveredBehind(id).whenComplete((marked, failure) -> {
            offers.done(WorkStep.DELIVER, id);
            if (failure != null) {
                LOG.warn("{}: delivered, but not marked so: {}", id, failure.toString());
                offers.owe();
            } else if (marked) {
                metrics.count("postern_outbox_total", "outcome", "delivered");
            }
        });
    }

    @Override
    public void failed(OutboxEntry entry, Lane lane, String reason) {
        Duration distance = backoff.after(entry.attempts() + 1);
        LOG.warn("{}: not delivered ({}), again in {} ms", entry.id(), reason, distance.toMillis());
        metrics.count("postern_outbox_total", "outcome", "failed");
        ledger.deliveryFailed(entry.id(), clock.instant().plus(distance));
        timers.later(WorkStep.DELIVER, lane, entry.id(), distance);
    }
}
