package org.postern.servicerequests;

import java.util.Objects;
import java.util.Optional;
import org.postern.catalogue.Channel;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.ReplyAddress;

/**
 * A top-up that somebody has paid for.
 *
 * @param channel by which way
 * @param by our User Role such as {@code IS}, or our User ID in it
 * @param meter the meter
 * @param amount how much
 * @param replyTo where token and answer go as messages; empty where the caller waits for the token itself
 * @param correlationId the caller's own id: handed in again by the same channel with the same content it is the same
 *     top-up and gives the same token. Without one every call is another top-up
 * @param principal who, as the channel knows it; may be empty
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
