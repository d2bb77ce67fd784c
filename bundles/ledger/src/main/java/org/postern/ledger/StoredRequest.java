package org.postern.ledger;

/**
 * A request with its documents, as returned by one query.
 *
 * @param record the request
 * @param documents its documents
 */
public record StoredRequest(RequestRecord record, RequestDocuments documents) {

    /** The request as it is after that change has been written. */
    public StoredRequest after(Change change) {
        return new StoredRequest(record.after(change), documents.after(change));
    }
}
