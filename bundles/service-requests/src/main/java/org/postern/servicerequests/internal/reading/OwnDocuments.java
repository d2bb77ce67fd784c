package org.postern.servicerequests.internal.reading;

import java.util.Objects;
import java.util.Optional;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisRequest;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestDocuments;

/** Reads the unsigned document that Postern made for a request from the ledger. Safe for use by several threads. */
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
     * @return empty if the ledger has no such request, or no document was made for it
     */
    public Optional<DuisRequest> of(String id) {
        return ledger.documents(id).flatMap(this::in);
    }

    /** The document among the given documents of a request. */
    public Optional<DuisRequest> in(RequestDocuments documents) {
        return documents.document().map(reader::readRequest);
    }
}
