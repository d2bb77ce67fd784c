package org.postern.servicerequests.internal.lifecycle;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.postern.duis.DuisRequest;
import org.postern.ledger.Change;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestDocuments;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.StoredRequest;
import org.postern.servicerequests.internal.reading.OwnDocuments;

/**
 * A request in the hands of one step: read from the ledger once, and its document parsed at most once. What the step
 * writes is written on the condition that the request is still where it was; then it goes on with what it has in hand.
 * Of one thread.
 */
final class InHand {

    private final StoredRequest stored;
    private final OwnDocuments reader;
    private final boolean found;
    /** Writes of this step that nobody waits for, and that are not on disk yet. */
    private final List<CompletableFuture<?>> behind;

    private @Nullable DuisRequest request;

    private InHand(
            StoredRequest stored,
            OwnDocuments reader,
            boolean found,
            @Nullable DuisRequest request,
            List<CompletableFuture<?>> behind) {
        this.stored = stored;
        this.reader = reader;
        this.found = found;
        this.request = request;
        this.behind = behind;
    }

    /** The request of that durable id. */
    static Optional<InHand> of(Ledger ledger, OwnDocuments reader, String id) {
        return ledger.stored(id).map(stored -> new InHand(stored, reader, true, null, new ArrayList<>()));
    }

    /** A request that was just written. */
    static InHand of(JustWritten.Written written, OwnDocuments reader) {
        return new InHand(written.stored(), reader, true, written.document().orElse(null), new ArrayList<>());
    }

    StoredRequest stored() {
        return stored;
    }

    RequestRecord record() {
        return stored.record();
    }

    /** True where its state was found in the ledger, and is not what this step has just written. */
    boolean found() {
        return found;
    }

    RequestDocuments documents() {
        return stored.documents();
    }

    /** Our unsigned document. */
    DuisRequest request() {
        if (request == null) {
            request = reader.in(documents()).orElseThrow();
        }
        return request;
    }

    /** Our unsigned document, where it is parsed. */
    Optional<DuisRequest> parsed() {
        return Optional.ofNullable(request);
    }

    /** A write of this step that nobody waits for. */
    void behind(CompletableFuture<?> write) {
        behind.add(write);
    }

    /** Completed once everything that this step has written is on disk; failed where that is not known of something. */
    CompletableFuture<Void> written() {
        return CompletableFuture.allOf(behind.toArray(CompletableFuture[]::new));
    }

    /** The same once that change of it is on disk. */
    InHand after(Change change) {
        return new InHand(stored.after(change), reader, false, request, behind);
    }
}
