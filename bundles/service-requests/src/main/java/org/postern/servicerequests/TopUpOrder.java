package org.postern.servicerequests;

import java.util.Objects;
import java.util.Optional;
import org.postern.catalogue.Channel;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.ReplyAddress;

/**
 * An order for a top-up that a customer has paid for.
 *
 * @param channel the interface that it was submitted through
 * @param by our User Role such as {@code IS}, or our User ID in it
 * @param meter the meter
 * @param amount the amount
 * @param replyTo where token and answer are sent as messages; empty if the caller waits for the token
 * @param correlationId the caller's own id: a repeated order with the same id, channel and content is the same top-up
 *     and returns the same token. Without an id every call is a new top-up
 * @param principal the authenticated submitter as known to the channel; may be empty
 */
public record TopUpOrder(
        Channel channel,
        String by,
        Eui64 meter,
        TopUpAmount amount,
        Optional<ReplyAddress> replyTo,
        Optional<String> correlationId,
        String principal) {

    public TopUpOrder {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(meter, "meter");
        Objects.requireNonNull(amount, "amount");
        Objects.requireNonNull(replyTo, "replyTo");
        Objects.requireNonNull(correlationId, "correlationId");
        Objects.requireNonNull(principal, "principal");
    }
}
