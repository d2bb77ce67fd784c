package org.postern.ledger;

import java.time.Instant;

/**
 * What befell a request without changing its state: for people.
 *
 * @param at when it was noted
 * @param text one line
 */
public record Remark(Instant at, String text) {}
