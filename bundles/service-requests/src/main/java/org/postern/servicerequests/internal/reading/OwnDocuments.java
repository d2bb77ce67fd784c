package org.postern.servicerequests.internal.reading;

import java.util.Objects;
import java.util.Optional;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisRequest;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestDocuments;

/** Reads our own unsigned document of a request, as the ledger keeps it. Safe for many threads. */
public final class OwnDocuments {

    private final Ledger ledger;
    private final DuisReader reader;

    public OwnDocuments(Ledger ledger, DuisReader reader) {
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        this.reader = Objects.requireNonNull(reader, "reader");
    }

    /**
     * The document of a request.
     *
     * @param id durable id
     * @return empty where the ledger has no such request, or nothing was made of it
     */
    public Optional<DuisRequest> of(String id) {
        return ledger.documents(id).flatMap(this::in);
    }

    /** The one among the documents of a request that is in hand. */
    public Optional<DuisRequest> in(RequestDocuments documents) {
        return documents.document().map(reader::readRequest);
    }
}
