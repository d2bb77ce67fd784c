package org.postern.securitylogging;

import java.time.Instant;
import java.util.Map;

/**
 * A record as read back.
 *
 * @param number its number
 * @param at when it was appended
 * @param id stable id of its kind; {@code SL-001} opens a segment and {@code SL-009} seals one
 * @param details the kind's further members
 * @param hash its link of the chain, 64 lower-case hex digits
 */
public record LoggedEvent(
        long number,
        Instant at,
        String id,
        String actor,
        String door,
        String object,
        String outcome,
        Map<String, String> details,
        String hash) {

    public LoggedEvent {
        details = Map.copyOf(details);
    }
}
