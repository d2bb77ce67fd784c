package org.postern.servicerequests;

import java.util.Objects;
import java.util.Optional;
import org.postern.catalogue.Channel;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ReplyAddress;

/**
 * A request as submitted by a supplier's system. The bytes are not copied: the interface must not change them
 * afterwards.
 *
 * @param channel the interface that it was submitted through
 * @param format the format of the bytes
 * @param bytes unsigned DUIS XML, or JSON {@code {service, device, role, body{...}}}
 * @param replyTo where the answer is sent; empty if the caller queries it by id; a copy may also be sent to the common
 *     results
 * @param correlationId the caller's own id: a repeated submission with the same id, channel and content is the same
 *     request
 * @param lane requested lane; empty for the default lane of the service. Only prepayment and supply-affecting services
 *     can use {@link Lane#PREPAYMENT}
 * @param principal the authenticated submitter as known to the channel; may be empty
 */
public record Submission(
        Channel channel,
        Format format,
        byte[] bytes,
        Optional<ReplyAddress> replyTo,
        Optional<String> correlationId,
        Optional<Lane> lane,
        String principal) {

    /** Forms of a submission. */
    public enum Format {
        /** A DUIS Request. Its RequestID contains the originator and the device; its counter is replaced. */
        XML,
        /** One JSON object. */
        JSON
    }

    public Submission {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(bytes, "bytes");
        Objects.requireNonNull(replyTo, "replyTo");
        Objects.requireNonNull(correlationId, "correlationId");
        Objects.requireNonNull(lane, "lane");
        Objects.requireNonNull(principal, "principal");
    }
}
