package org.postern.ledger;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Something to be delivered.
 *
 * @param id          the same for the same thing: a second entry of that id is none
 * @param request     durable id of the request it answers; empty for an alert
 * @param kind        {@code RESULT}, {@code ALERT}, {@code LOCAL_COMMAND} or {@code TOKEN}
 * @param destination door-independent address: a reply-to, {@code postern.results} or {@code postern.alerts}
 * @param headers     for the message: request id, service, device, outcome, ...
 * @param contentType of body: {@code application/xml}, or {@code application/octet-stream} for raw bytes
 * @param body        what is delivered
 * @param json        the same as JSON, where there is such a form
 * @param state       {@code PENDING} or {@code DELIVERED}
 * @param attempts    how often delivery was tried in vain
 * @param createdAt   when
 */
public record OutboxEntry(String id, Optional<String> request, String kind, String destination, Map<String, String> headers,
        String contentType, byte[] body, Optional<String> json, String state, int attempts, Instant createdAt) {

    /** A new entry. */
    public static OutboxEntry pending(String id, Optional<String> request, String kind, String destination,
            Map<String, String> headers, String contentType, byte[] body, Optional<String> json) {
        return new OutboxEntry(id, request, kind, destination, headers, contentType, body, json, "PENDING", 0, Instant.EPOCH);
    }
}
