package org.postern.securitylogging;

import java.time.Instant;
import java.util.Map;

/**
 * A record as read from the files of the log.
 *
 * @param number record number; each record has the number of the previous one plus one
 * @param at time at which the record was written
 * @param id stable id of the kind of event; {@code SL-001} opens a segment and {@code SL-009} seals one
 * @param channel interface by which the event came; from member {@code door} where an older release wrote the record
 * @param details further members, which depend on the kind of event
 * @param hash the record's hash in the chain, 64 lower-case hex digits
 */
public record LoggedEvent(
        long number,
        Instant at,
        String id,
        String actor,
        String channel,
        String object,
        String outcome,
        Map<String, String> details,
        String hash) {

    public LoggedEvent {
        details = Map.copyOf(details);
    }
}
