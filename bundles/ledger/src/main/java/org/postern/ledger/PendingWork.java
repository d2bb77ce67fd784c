package org.postern.ledger;

import org.postern.catalogue.Lane;

/**
 * Pending work, to be put on the queue between two steps.
 *
 * @param id durable id of the request, inbound document or outbox entry
 * @param lane its lane
 */
public record PendingWork(String id, Lane lane) {}
