package org.postern.ledger;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.DeliveryState;
import org.postern.catalogue.ReplyAddress;

/**
 * Something to be delivered.
 *
 * @param id the same for the same thing: a second entry of that id is none
 * @param request durable id of the request it answers; empty for an alert
 * @param kind what it is
 * @param destination where it goes
 * @param headers for the message: request id, service, device, outcome, ...
 * @param contentType of body: {@code application/xml}, or {@code application/octet-stream} for raw bytes
 * @param body what is delivered
 * @param json the same as JSON, where there is such a form
 * @param state whether it has left
 * @param attempts how often delivery was tried without success
 * @param createdAt when
 */
public record OutboxEntry(
        String id,
        Optional<String> request,
        DeliveryKind kind,
        ReplyAddress destination,
        Map<String, String> headers,
        String contentType,
        byte[] body,
        Optional<String> json,
        DeliveryState state,
        int attempts,
        Instant createdAt) {

    /** A new entry. */
    public static OutboxEntry pending(
            String id,
            Optional<String> request,
            DeliveryKind kind,
            ReplyAddress destination,
            Map<String, String> headers,
            String contentType,
            byte[] body,
            Optional<String> json) {
        return new OutboxEntry(
                id,
                request,
                kind,
                destination,
                headers,
                contentType,
                body,
                json,
                DeliveryState.PENDING,
                0,
                Instant.EPOCH);
    }
}
