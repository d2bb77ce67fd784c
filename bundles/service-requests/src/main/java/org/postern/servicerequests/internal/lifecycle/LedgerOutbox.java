package org.postern.servicerequests.internal.lifecycle;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.postern.catalogue.DeliveryState;
import org.postern.catalogue.Fault;
import org.postern.catalogue.Lane;
import org.postern.ledger.Ledger;
import org.postern.ledger.LedgerException;
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
    /** What has left and is not marked so yet, and how often that failed. */
    private final Map<String, Integer> unmarked = new ConcurrentHashMap<>();
    /** What the ledger holds damaged, and how often it was found so. */
    private final Map<String, Integer> damaged = new ConcurrentHashMap<>();

    public LedgerOutbox(
            Ledger ledger, Backoff backoff, WorkOffers offers, Timers timers, Metrics metrics, Clock clock) {
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
        Integer failures = unmarked.get(id);
        if (failures != null) {
            // it has left already; where a mark of it is on its way, that one is enough
            if (failures > 0) {
                delivered(id);
            }
            return Optional.empty();
        }
        try {
            Optional<OutboxEntry> entry = offers.written()
                    .delivery(id)
                    .or(() -> ledger.delivery(id))
                    .filter(found -> found.state() == DeliveryState.PENDING);
            damaged.remove(id);
            if (entry.isEmpty()) {
                offers.done(WorkStep.DELIVER, id);
            }
            return entry;
        } catch (LedgerException e) {
            if (e.kind() != LedgerException.Kind.DOCUMENT_DAMAGED) {
                throw e;
            }
            damaged(id, e.fault());
            return Optional.empty();
        }
    }

    /**
     * What is damaged cannot leave, and nothing true can leave in its place: it stays pending, and is looked at again
     * with growing distance, as damage may be mended from a copy. Noted with its request once after each start.
     */
    private void damaged(String id, Fault fault) {
        int failures = damaged.getOrDefault(id, 0) + 1;
        Duration distance = backoff.after(failures);
        LOG.warn("{}: not delivered, looked at again in {} ms: {}", id, distance.toMillis(), fault);
        metrics.count("postern_outbox_total", "outcome", "damaged");
        ledger.deliveryFailed(
                id,
                clock.instant().plus(distance),
                failures > 1
                        ? Optional.empty()
                        : Optional.of("delivery " + id + " cannot leave: " + fault.code() + " " + fault.field() + ": "
                                + fault.cause()));
        damaged.put(id, failures);
        timers.later(WorkStep.DELIVER, offers.lane(WorkStep.DELIVER, id).orElse(Lane.INTERACTIVE), id, distance);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // what follows the mark throws nothing
    public void delivered(String id) {
        int failures = unmarked.merge(id, 0, (before, none) -> before);
        // it has left: where the mark is lost in a kill, it leaves again under the same id
        Lane lane = offers.lane(WorkStep.DELIVER, id).orElse(Lane.INTERACTIVE);
        mark(id, lane).whenComplete((marked, failure) -> {
            if (failure != null) {
                again(id, lane, failures + 1, failure);
                return;
            }
            unmarked.remove(id);
            offers.done(WorkStep.DELIVER, id);
            if (marked) {
                metrics.count("postern_outbox_total", "outcome", "delivered");
            }
        });
    }

    /** Also what is thrown here, as while a module is exchanged, is a mark to be tried again: nobody else would. */
    private CompletableFuture<Boolean> mark(String id, Lane lane) {
        try {
            return ledger.deliveredBehind(id, lane);
        } catch (RuntimeException | LinkageError e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * A mark that could not be written is written later; what has left does not leave again for it, and is in hand
     * until then.
     */
    private void again(String id, Lane lane, int failures, Throwable why) {
        Duration distance = backoff.after(failures);
        LOG.warn("{}: delivered, but not marked so, again in {} ms: {}", id, distance.toMillis(), why.toString());
        unmarked.put(id, failures);
        timers.later(WorkStep.DELIVER, lane, id, distance);
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
