package org.postern.ledger;

import java.time.Instant;
import java.util.Optional;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.Lane;
import org.postern.catalogue.UserRole;

/**
 * A request as it enters the ledger: admitted, or refused by us.
 *
 * @param door          where it came in: {@code jms}, {@code http}, {@code file}, {@code console}
 * @param correlationId the caller's own id; the same at the same door is the same request
 * @param replyTo       where the caller wants the answer
 * @param principal     who handed it in, as the door knows it; may be empty
 * @param contentType   {@code xml} or {@code json}
 * @param original      the bytes as handed in
 * @param requestId     RequestID; empty for one refused before it was numbered
 * @param role          User Role; empty where it could not be read
 * @param service       Service Reference Variant; empty where it could not be read
 * @param variant       first Command Variant; empty where it could not be read
 * @param device        target; empty where it could not be read
 * @param lane          lane of priority
 * @param document      our unsigned DUIS document; empty where refused
 * @param executionTime for a future-dated request; the year 3000 for a cancellation
 * @param dueBy         when the answer is overdue; empty for none
 * @param refusal       cause of our refusal in one line; empty where admitted
 */
public record NewRequest(String door, Optional<String> correlationId, Optional<String> replyTo, String principal,
        String contentType, byte[] original, Optional<String> requestId, Optional<UserRole> role, Optional<String> service,
        Optional<CommandVariant> variant, Optional<Eui64> device, Lane lane, Optional<byte[]> document,
        Optional<Instant> executionTime, Optional<Instant> dueBy, Optional<String> refusal) {
}
