package org.postern.ledger;

import java.util.Objects;
import java.util.Optional;
import org.postern.catalogue.Channel;
import org.postern.catalogue.ReplyAddress;

/**
 * Where a request came from and where its answer goes.
 *
 * @param channel how it was handed in
 * @param correlationId the caller's own id; the same by the same channel is the same request
 * @param replyTo where the caller wants the answer; empty where it reads the answer by its id
 * @param principal who handed it in, as the channel knows it; may be empty
 * @param contentType {@code xml} or {@code json}
 */
public record Origin(
        Channel channel,
        Optional<String> correlationId,
        Optional<ReplyAddress> replyTo,
        String principal,
        String contentType) {

    public Origin {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(correlationId, "correlationId");
        Objects.requireNonNull(replyTo, "replyTo");
        Objects.requireNonNull(principal, "principal");
        Objects.requireNonNull(contentType, "contentType");
    }

    /** Where its answer goes. */
    public ReplyAddress destination() {
        return replyTo.orElse(ReplyAddress.UNNAMED);
    }
}
