package org.postern.ledger;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.DeliveryState;
import org.postern.catalogue.ReplyAddress;

/**
 * A message to be delivered.
 *
 * @param id identifies the message: a second entry with the same id is ignored
 * @param request durable id of the request it answers; empty for an alert
 * @param kind what it is
 * @param destination where it is sent
 * @param headers for the message: request id, service, device, outcome, ...
 * @param contentType of body: {@code application/xml}, or {@code application/octet-stream} for raw bytes
 * @param body the content
 * @param json the same content as JSON, if there is a JSON form
 * @param state whether it has been delivered
 * @param attempts number of failed attempts
 * @param createdAt when the entry was created
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
