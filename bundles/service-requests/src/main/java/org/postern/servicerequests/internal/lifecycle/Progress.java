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

/** Applies a change to the ledger and, when it is on disk, counts it in the metrics and offers its deliveries. */
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
     * Applies a change of a request.
     *
     * @return false if the change no longer applies; then nothing was changed
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

    /** Applies a change and returns the changed request; empty if the change no longer applies. */
    Optional<RequestInProgress> advance(RequestInProgress work, Change change) {
        if (!apply(change, work.record())) {
            return Optional.empty();
        }
        RequestInProgress now = work.after(change);
        if (now.record().state() == RequestState.SENT && offers.isLocal(WorkStep.PROCESS)) {
            offers.written().sending(now.stored(), now.parsed());
        }
        return Optional.of(now);
    }

    /**
     * Applies a change asynchronously. The change must not end a request, and losing it when the process is killed must
     * cause no harm. It is on disk no later than any later write of the request's record.
     *
     * @param otherwise what is written if the change no longer applies
     * @return completes when one of the two is on disk; false if it is the second
     */
    CompletableFuture<Boolean> applyAsync(Change change, Change otherwise, RequestRecord request) {
        offers.written().changed(change);
        return followedUp(ledger.applyAsync(change, otherwise), change, request.lane());
    }

    /**
     * Applies a change asynchronously after another asynchronous write has failed; may be called on the ledger's
     * thread.
     */
    CompletableFuture<Boolean> applyAsync(Change change, RequestRecord request) {
        return followedUp(ledger.applyAsync(change), change, request.lane());
    }

    private CompletableFuture<Boolean> followedUp(CompletableFuture<Boolean> write, Change change, Lane lane) {
        return write.whenComplete((applied, failure) -> {
            if (failure == null && applied) {
                followUp(change, lane);
            } else {
                // the request may be in a different state than the cached one
                offers.written().remove(change);
            }
        });
    }

    /** The cache of recent writes. */
    public RecentWrites written() {
        return offers.written();
    }

    /**
     * Applies a change that does not end a request. Returns false if it no longer applies; then nothing was changed.
     */
    public boolean apply(Change change, Lane lane) {
        boolean applied = false;
        cacheDeliveries(change);
        try {
            applied = ledger.apply(change);
        } finally {
            if (!applied) {
                offers.written().remove(change);
            }
        }
        if (!applied) {
            return false;
        }
        offers.written().changed(change);
        followUp(change, lane);
        // a change that did not apply has no entries in the outbox; offering their ids is harmless
        change.alongside().forEach(other -> followUp(other, lane));
        return true;
    }

    /** Offers a stored document to be processed. */
    void process(String inboundId, Lane lane) {
        offers.offer(WorkStep.PROCESS, lane, inboundId);
    }

    /**
     * Caches outbox entries before they are in the ledger, because the timers may offer them as soon as they are. Only
     * for a change of a state or document, whose deliveries are written exactly once; other entries may exist already.
     */
    private void cacheDeliveries(Change change) {
        if ((!change.steps().isEmpty() || change.processed().isPresent()) && offers.isLocal(WorkStep.DELIVER)) {
            change.outbox().forEach(offers.written()::delivering);
        }
    }

    private void followUp(Change change, Lane lane) {
        change.steps()
                .forEach(step -> metrics.count(
                        "postern_transitions_total", "to", step.to().name()));
        for (OutboxEntry entry : change.outbox()) {
            // the timers may have found it in the ledger and offered it already
            if (!offers.inProgress(WorkStep.DELIVER, entry.id())) {
                offers.offer(WorkStep.DELIVER, lane, entry.id());
            }
        }
    }
}
