package org.postern.ledger;

/**
 * What became of a document that was handed to the ledger; it is on disk in any case.
 *
 * @param outcome what became of it
 * @param id its id in the ledger; of the first one for a duplicate
 */
public record InboundResult(Outcome outcome, String id) {

    /** What became of it. */
    public enum Outcome {
        /** New. */
        STORED,
        /** The same identity and content are there already. */
        DUPLICATE,
        /** The same identity with another content is there already; this one is kept apart. */
        QUARANTINED
    }
}
