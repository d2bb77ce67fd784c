package org.postern.ledger;

/**
 * What became of a document that was handed to the ledger together with its effect.
 *
 * @param document what became of the document; it is on disk in any case
 * @param applied  true where the effect is on disk as well. False where the document is none of its own (a duplicate, or kept apart), and
 *                 where the effect no longer applied: then the document is stored and waits to be processed
 */
public record Settlement(InboundResult document, boolean applied) {
}
