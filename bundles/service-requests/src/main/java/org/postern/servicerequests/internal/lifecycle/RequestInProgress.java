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
 * A request during one step. It is read from the ledger once, and its document is parsed at most once. A change is
 * applied only if the stored request has not been changed by others; the step then continues with the changed copy in
 * memory. Used by one thread.
 */
final class RequestInProgress {

    private final StoredRequest stored;
    private final OwnDocuments reader;
    private final boolean fromLedger;
    /** Asynchronous writes of this step that may not be on disk yet. */
    private final List<CompletableFuture<?>> writes;

    private @Nullable DuisRequest request;

    private RequestInProgress(
            StoredRequest stored,
            OwnDocuments reader,
            boolean fromLedger,
            @Nullable DuisRequest request,
            List<CompletableFuture<?>> writes) {
        this.stored = stored;
        this.reader = reader;
        this.fromLedger = fromLedger;
        this.request = request;
        this.writes = writes;
    }

    /** Reads the request with that durable id. */
    static Optional<RequestInProgress> of(Ledger ledger, OwnDocuments reader, String id) {
        return ledger.stored(id).map(stored -> new RequestInProgress(stored, reader, true, null, new ArrayList<>()));
    }

    /** A request that was written recently and is still in memory. */
    static RequestInProgress of(RecentWrites.Written written, OwnDocuments reader) {
        return new RequestInProgress(
                written.stored(), reader, true, written.document().orElse(null), new ArrayList<>());
    }

    StoredRequest stored() {
        return stored;
    }

    RequestRecord record() {
        return stored.record();
    }

    /** True if its state was read from the ledger, false if it was written by this step. */
    boolean fromLedger() {
        return fromLedger;
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

    /** Our unsigned document, if it has been parsed. */
    Optional<DuisRequest> parsed() {
        return Optional.ofNullable(request);
    }

    /** Adds an asynchronous write of this step. */
    void addWrite(CompletableFuture<?> write) {
        writes.add(write);
    }

    /** Completes when everything that this step has written is on disk; fails if this is not known. */
    CompletableFuture<Void> written() {
        return CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new));
    }

    /** The request as it is after that change has been written. */
    RequestInProgress after(Change change) {
        return new RequestInProgress(stored.after(change), reader, false, request, writes);
    }
}
