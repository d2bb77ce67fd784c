package org.postern.ledger;

import java.time.Instant;

/**
 * An event of a request that did not change its state, for people to read.
 *
 * @param at when it was recorded
 * @param text one line
 */
public record Remark(Instant at, String text) {}
