package org.postern.ledger;

/**
 * The result of storing a document; the document is on disk in every case.
 *
 * @param outcome how it was stored
 * @param id its id in the ledger; for a duplicate, the id of the document stored first
 */
public record InboundResult(Outcome outcome, String id) {

    /** How a document was stored. */
    public enum Outcome {
        /** It is new. */
        STORED,
        /** A document with the same identity and content is stored already. */
        DUPLICATE,
        /** A document with the same identity but different content is stored already; this one is stored separately. */
        QUARANTINED
    }
}
