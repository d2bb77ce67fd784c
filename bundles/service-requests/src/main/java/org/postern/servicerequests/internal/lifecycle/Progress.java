package org.postern.servicerequests.internal.lifecycle;

import java.util.Optional;
import org.postern.catalogue.Lane;
import org.postern.ledger.Change;
import org.postern.ledger.Ledger;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
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
        return apply(change, work.record()) ? Optional.of(work.after(change)) : Optional.empty();
    }

    /** A change that ends no request. False where it no longer applies; nothing was done then. */
    public boolean apply(Change change, Lane lane) {
        if (!ledger.apply(change)) {
            return false;
        }
        follow(change, lane);
        // one of these that no longer applied has nothing to deliver: an offer of what is not there is no harm
        change.alongside().forEach(other -> follow(other, lane));
        return true;
    }

    /** Offers a document that is on disk to be processed. */
    void process(String inboundId, Lane lane) {
        offers.offer(WorkStep.PROCESS, lane, inboundId);
    }

    private void follow(Change change, Lane lane) {
        change.steps().forEach(step -> metrics.count("postern_transitions_total", "to", step.to().name()));
        for (OutboxEntry entry : change.outbox()) {
            offers.offer(WorkStep.DELIVER, lane, entry.id());
        }
    }
}
