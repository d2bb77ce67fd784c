package org.postern.ledger;

import java.time.Instant;
import java.util.Optional;

/**
 * One transition of the state of a request.
 *
 * @param from the state before; empty for the first transition
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
