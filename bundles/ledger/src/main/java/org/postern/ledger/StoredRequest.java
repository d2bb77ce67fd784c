package org.postern.ledger;

/**
 * A request with its documents, as one read gives them.
 *
 * @param record the request
 * @param documents its documents
 */
public record StoredRequest(RequestRecord record, RequestDocuments documents) {

    /** The same once a change of it is on disk. */
    public StoredRequest after(Change change) {
        return new StoredRequest(record.after(change), documents.after(change));
    }
}
