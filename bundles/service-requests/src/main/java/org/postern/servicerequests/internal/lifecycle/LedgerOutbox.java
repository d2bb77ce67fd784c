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

/** The outbox on top of the ledger. */
public final class LedgerOutbox implements Outbox {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerOutbox.class);

    private final Ledger ledger;
    private final Backoff backoff;
    private final WorkOffers offers;
    private final Timers timers;
    private final Metrics metrics;
    private final Clock clock;
    /** Delivered entries that are not marked as delivered yet, with the number of failed attempts to mark them. */
    private final Map<String, Integer> unmarked = new ConcurrentHashMap<>();
    /** Entries that are damaged in the ledger, with the number of failed attempts to read them. */
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
            // it has been delivered already; only if no mark is in progress, another one is written
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
     * Handles a damaged entry: it cannot be delivered or replaced, so it stays pending and is checked again after
     * growing delays, because the damage may be repaired from a copy. A remark is added to its request once after each
     * start.
     */
    private void damaged(String id, Fault fault) {
        int failures = damaged.getOrDefault(id, 0) + 1;
        Duration delay = backoff.after(failures);
        LOG.warn("{}: not delivered, checked again in {} ms: {}", id, delay.toMillis(), fault);
        metrics.count("postern_outbox_total", "outcome", "damaged");
        ledger.deliveryFailed(
                id,
                clock.instant().plus(delay),
                failures > 1
                        ? Optional.empty()
                        : Optional.of("delivery " + id + " cannot be delivered: " + fault.code() + " " + fault.field()
                                + ": " + fault.cause()));
        damaged.put(id, failures);
        timers.later(WorkStep.DELIVER, offers.lane(WorkStep.DELIVER, id).orElse(Lane.INTERACTIVE), id, delay);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the completion does not throw
    public void delivered(String id) {
        int failures = unmarked.merge(id, 0, (before, none) -> before);
        // it has been delivered; if the process is killed before the mark is on disk, it is delivered again with the
        // same id
        Lane lane = offers.lane(WorkStep.DELIVER, id).orElse(Lane.INTERACTIVE);
        mark(id, lane).whenComplete((marked, failure) -> {
            if (failure != null) {
                retryMark(id, lane, failures + 1, failure);
                return;
            }
            unmarked.remove(id);
            offers.done(WorkStep.DELIVER, id);
            if (marked) {
                metrics.count("postern_outbox_total", "outcome", "delivered");
            }
        });
    }

    /**
     * Converts an exception, for example while a module is being replaced, to a failed future so that the mark is
     * retried.
     */
    private CompletableFuture<Boolean> mark(String id, Lane lane) {
        try {
            return ledger.deliveredAsync(id, lane);
        } catch (RuntimeException | LinkageError e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Schedules a mark that could not be written; the entry is not delivered again because of it. */
    private void retryMark(String id, Lane lane, int failures, Throwable why) {
        Duration delay = backoff.after(failures);
        LOG.warn(
                "{}: delivered, but the mark was not written, retried in {} ms: {}",
                id,
                delay.toMillis(),
                why.toString());
        unmarked.put(id, failures);
        timers.later(WorkStep.DELIVER, lane, id, delay);
    }

    @Override
    public void failed(OutboxEntry entry, Lane lane, String reason) {
        Duration delay = backoff.after(entry.attempts() + 1);
        LOG.warn("{}: not delivered ({}), retried in {} ms", entry.id(), reason, delay.toMillis());
        metrics.count("postern_outbox_total", "outcome", "failed");
        ledger.deliveryFailed(entry.id(), clock.instant().plus(delay));
        timers.later(WorkStep.DELIVER, lane, entry.id(), delay);
    }
}
