package org.postern.servicerequests.internal.lifecycle;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.postern.catalogue.DeliveryState;
import org.postern.ledger.Ledger;
import org.postern.ledger.OutboxEntry;
import org.postern.servicerequests.Metrics;
import org.postern.servicerequests.Outbox;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The outbox, over the ledger. */
public final class LedgerOutbox implements Outbox {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerOutbox.class);

    private final Ledger ledger;
    private final Backoff backoff;
    private final BiConsumer<OutboxEntry, Duration> again;
    private final Consumer<String> taken;
    private final Metrics metrics;
    private final Clock clock;

    /**
     * @param again offers an entry again after that time
     * @param taken is told of every entry that was taken from its queue
     */
    public LedgerOutbox(Ledger ledger, Backoff backoff, BiConsumer<OutboxEntry, Duration> again, Consumer<String> taken,
            Metrics metrics, Clock clock) {
        this.ledger = ledger;
        this.backoff = backoff;
        this.again = again;
        this.taken = taken;
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public Optional<OutboxEntry> take(String id) {
        taken.accept(id);
        return ledger.delivery(id).filter(entry -> entry.state() == DeliveryState.PENDING);
    }

    @Override
    public void delivered(String id) {
        if (ledger.delivered(id)) {
            metrics.count("postern_outbox_total", "outcome", "delivered");
        }
    }

    @Override
    public void failed(String id, String reason) {
        take(id).ifPresent(entry -> {
            Duration distance = backoff.after(entry.attempts() + 1);
            LOG.warn("{}: not delivered ({}), again in {} ms", id, reason, distance.toMillis());
            metrics.count("postern_outbox_total", "outcome", "failed");
            ledger.deliveryFailed(id, clock.instant().plus(distance));
            again.accept(entry, distance);
        });
    }
}
