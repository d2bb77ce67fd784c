package org.postern.ledger;

import java.util.Objects;
import java.util.Optional;
import org.postern.catalogue.Channel;
import org.postern.catalogue.ReplyAddress;

/**
 * Where a request came from and where its answer goes.
 *
 * @param channel the interface that it was submitted through
 * @param correlationId the caller's own id; the same id through the same channel identifies the same request
 * @param replyTo where the caller wants the answer; empty if it queries the answer by id
 * @param principal the authenticated submitter as known to the channel; may be empty
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

    /** Where the answer is sent. */
    public ReplyAddress destination() {
        return replyTo.orElse(ReplyAddress.UNNAMED);
    }
}
