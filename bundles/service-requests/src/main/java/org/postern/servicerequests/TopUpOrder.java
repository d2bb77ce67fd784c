package org.postern.servicerequests;

import java.util.Objects;
import java.util.Optional;
import org.postern.catalogue.Eui64;

/**
 * A top-up that somebody has paid for.
 *
 * @param door          {@code console}, {@code http}, ...
 * @param by            our User Role such as {@code IS}, or our User ID in it
 * @param meter         the meter
 * @param amount        how much
 * @param replyTo       where token and answer go as messages; empty where the caller waits for the token itself
 * @param correlationId the caller's own id: handed in again at the same door with the same content it is the same top-up and gives the
 *                      same token. Without one every call is another top-up
 * @param principal     who, as the door knows it; may be empty
 */
public record TopUpOrder(String door, String by, Eui64 meter, TopUpAmount amount, Optional<String> replyTo,
        Optional<String> correlationId, String principal) {

    public TopUpOrder {
        Objects.requireNonNull(door, "door");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(meter, "meter");
        Objects.requireNonNull(amount, "amount");
        Objects.requireNonNull(replyTo, "replyTo");
        Objects.requireNonNull(correlationId, "correlationId");
        Objects.requireNonNull(principal, "principal");
    }
}
