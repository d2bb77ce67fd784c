package org.postern.ledger;

import java.time.Instant;
import java.util.Optional;

/**
 * One step in the life of a request.
 *
 * @param from empty for the first
 * @param cause one line
 * @param digest SHA-256 of the bytes concerned, 64 lower-case hex digits
 */
public record Transition(
        int sequence,
        Optional<RequestState> from,
        RequestState to,
        Instant at,
        String cause,
        Optional<String> digest) {}
