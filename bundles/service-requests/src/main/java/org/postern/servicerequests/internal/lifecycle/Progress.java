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

/**
 * Applies a change to the ledger and, once it is on disk, does what follows from it: counts, and offers its deliveries.
 */
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
        if (now.record().state() == RequestState.SENT && offers.here(WorkStep.PROCESS)) {
            offers.written().sending(now.stored(), now.parsed());
        }
        return Optional.of(now);
    }

    /**
     * A change that ends no request, and whose loss in a kill does no harm: it is on disk before every later write of
     * the request's record, or with it, and nobody waits for it.
     *
     * @param otherwise what is written where the change no longer applies
     * @return completed once one of the two is on disk; false where that is the second
     */
    CompletableFuture<Boolean> applyBehind(Change change, Change otherwise, RequestRecord request) {
        offers.written().changed(change);
        return followed(ledger.applyBehind(change, otherwise), change, request.lane());
    }

    /** As the other, for what another write behind has failed of: may be called on the ledger's thread. */
    CompletableFuture<Boolean> applyBehind(Change change, RequestRecord request) {
        return followed(ledger.applyBehind(change), change, request.lane());
    }

    private CompletableFuture<Boolean> followed(CompletableFuture<Boolean> write, Change change, Lane lane) {
        return write.whenComplete((applied, failure) -> {
            if (failure == null && applied) {
                follow(change, lane);
            } else {
                // the request may be in another state than what is in hand says
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
        inHand(change);
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
        follow(change, lane);
        // one of these that no longer applied has nothing to deliver: an offer of what is not there is no harm
        change.alongside().forEach(other -> follow(other, lane));
        return true;
    }

    /** Offers a document that is on disk to be processed. */
    void process(String inboundId, Lane lane) {
        offers.offer(WorkStep.PROCESS, lane, inboundId);
    }

    /**
     * Has what is to be delivered in hand before the ledger does: once it is there, the timers may offer it, and who
     * has delivered it finds in the ledger that it is. Only what changes a state or a document is written once, and so
     * are its deliveries; others may be there already.
     */
    private void inHand(Change change) {
        if ((!change.steps().isEmpty() || change.processed().isPresent()) && offers.here(WorkStep.DELIVER)) {
            change.outbox().forEach(offers.written()::delivering);
        }
    }

    private void follow(Change change, Lane lane) {
        change.steps()
                .forEach(step -> metrics.count(
                        "postern_transitions_total", "to", step.to().name()));
        for (OutboxEntry entry : change.outbox()) {
            // the timers may have found it in the ledger and offered it meanwhile
            if (!offers.inHand(WorkStep.DELIVER, entry.id())) {
                offers.offer(WorkStep.DELIVER, lane, entry.id());
            }
        }
    }
}
