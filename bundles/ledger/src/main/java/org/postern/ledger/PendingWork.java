package org.postern.ledger;

import org.postern.catalogue.Lane;

/**
 * Something that waits to be done, for the queue between two steps.
 *
 * @param id durable id of the request, inbound document or outbox entry
 * @param lane its lane
 */
public record PendingWork(String id, Lane lane) {}
