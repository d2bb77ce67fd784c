package org.postern.ledger;

import java.time.Instant;

/**
 * An event of a request that changed no state, for people to read.
 *
 * @param at when it was noted
 * @param text one line
 */
public record Remark(Instant at, String text) {}
