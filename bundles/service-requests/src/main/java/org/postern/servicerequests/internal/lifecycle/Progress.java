package org.postern.servicerequests.internal.lifecycle;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.postern.catalogue.Lane;
import org.postern.ledger.Change;
import org.postern.ledger.Ledger;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.servicerequests.Metrics;
import org.postern.servicerequests.WorkStep;

/** Applies a change to the ledger and, once it is on disk, does what follows from it: counts, and offers its deliveries. */
public final class Progress {

    private final Ledger ledger;
    private final WorkOffers offers;
    private final Metrics metrics;

    public Progress(Ledger ledger, WorkOffers offers, Metrics metrics) {
        this.ledger = ledger;
        this.offers = offers;
        this.metrics = metrics;
    }

    /**
     * A change of a request that is in hand, or of what belongs to it.
     *
     * @return false where the change no longer applies; nothing was done then
     */
    public boolean apply(Change change, RequestRecord request) {
        if (!apply(change, request.lane())) {
            return false;
        }
        if (change.steps().stream().anyMatch(step -> TopUpQueue.ENDS.contains(step.to()))) {
            TopUpQueue.next(ledger, request).ifPresent(next -> offers.offer(WorkStep.DISPATCH, request.lane(), next));
        }
        return true;
    }

    /** The request as it is then; empty where the change no longer applies. */
    Optional<InHand> advance(InHand work, Change change) {
        if (!apply(change, work.record())) {
            return Optional.empty();
        }
        InHand now = work.after(change);
        if (now.record().state() == RequestState.SENT) {
            offers.written().sending(now.stored(), now.parsed());
        }
        return Optional.of(now);
    }

    /**
     * A change that ends no request, and whose loss in a kill does no harm: it is on disk before every later write, and
     * nobody waits for it.
     *
     * @param otherwise what is written where the change no longer applies
     * @return completed once one of the two is on disk
     */
    CompletableFuture<Boolean> applyBehind(Change change, Change otherwise, RequestRecord request) {
        offers.written().changed(change);
        return ledger.applyBehind(change).thenCompose(applied -> {
            if (applied) {
                follow(change, request.lane(), true);
                return CompletableFuture.completedFuture(true);
            }
            return ledger.applyBehind(otherwise);
        }).whenComplete((written, failure) -> {
            if (failure != null) {
                offers.written().doubted(change);
            }
        });
    }

    /** What was just written. */
    public JustWritten written() {
        return offers.written();
    }

    /** A change that ends no request. False where it no longer applies; nothing was done then. */
    public boolean apply(Change change, Lane lane) {
        boolean applied = false;
        try {
            applied = ledger.apply(change);
        } finally {
            if (!applied) {
                offers.written().doubted(change);
            }
        }
        if (!applied) {
            return false;
        }
        offers.written().changed(change);
        // what changes a state or a document is written once, and so are its deliveries; others may be there already
        follow(change, lane, !change.steps().isEmpty() || change.processed().isPresent());
        // one of these that no longer applied has nothing to deliver: an offer of what is not there is no harm
        change.alongside().forEach(other -> follow(other, lane, false));
        return true;
    }

    /** Offers a document that is on disk to be processed. */
    void process(String inboundId, Lane lane) {
        offers.offer(WorkStep.PROCESS, lane, inboundId);
    }

    /** @param once true where the deliveries of the change are certainly new */
    private void follow(Change change, Lane lane, boolean once) {
        change.steps().forEach(step -> metrics.count("postern_transitions_total", "to", step.to().name()));
        for (OutboxEntry entry : change.outbox()) {
            if (once && offers.here(WorkStep.DELIVER)) {
                offers.written().delivering(entry);
            }
            offers.offer(WorkStep.DELIVER, lane, entry.id());
        }
    }
}
