package org.postern.servicerequests;

import java.util.Objects;
import java.util.Optional;
import org.postern.catalogue.Channel;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ReplyAddress;

/**
 * What a supplier's system hands in. The bytes are copied by nobody: the door gives them away.
 *
 * @param channel by which way
 * @param format how the bytes are to be read
 * @param bytes unsigned DUIS XML, or JSON {@code {service, device, role, body{...}}}
 * @param replyTo where the answer goes; empty where the caller reads it by its id; a copy may lie in the common results
 * @param correlationId the caller's own id: handed in again by the same channel with the same content it is the same
 *     request
 * @param lane wished-for lane; empty for the service's own. Nothing but a prepayment or supply-affecting service gets
 *     {@link Lane#PREPAYMENT}
 * @param principal who, as the channel knows it; may be empty
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
        /** A DUIS Request; its RequestID says who asks and which device, its counter is replaced by ours. */
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
