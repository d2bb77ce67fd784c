package org.postern.ledger;

/**
 * A request that is on disk.
 *
 * @param id       durable id
 * @param existing true where it was there already, by channel and correlation id
 */
public record Admitted(String id, boolean existing) {
}
