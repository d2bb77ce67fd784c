package org.postern.servicerequests.internal.lifecycle;

import java.util.Optional;
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
    private DuisRequest request;

    private InHand(StoredRequest stored, OwnDocuments reader, boolean found, DuisRequest request) {
        this.stored = stored;
        this.reader = reader;
        this.found = found;
        this.request = request;
    }

    /** The request of that durable id. */
    static Optional<InHand> of(Ledger ledger, OwnDocuments reader, String id) {
        return ledger.stored(id).map(stored -> new InHand(stored, reader, true, null));
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

    /** The same once that change of it is on disk. */
    InHand after(Change change) {
        return new InHand(stored.after(change), reader, false, request);
    }
}
