package org.postern.ledger;

import java.time.Instant;
import org.postern.catalogue.Lane;

/**
 * A request whose next attempt is due.
 *
 * @param id durable id of the request
 * @param lane its lane
 * @param at when the attempt is or was due
 */
public record DueWork(String id, Lane lane, Instant at) {}
