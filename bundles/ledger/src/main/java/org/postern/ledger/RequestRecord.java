package org.postern.ledger;

import java.time.Instant;
import java.util.Optional;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.catalogue.UserRole;

/**
 * One request without its documents.
 *
 * @param id             durable id, in order of time
 * @param requestId      RequestID
 * @param cause          why it is in that state, one line; empty for none
 * @param responseCode   the DCC's last response code
 * @param success        MMC MessageSuccess of the answer
 * @param wireEndpoint   where the present wire document goes
 * @param attempts       how often the present document was tried without an answer
 * @param retryAt        when it is tried again
 * @param executionTime  time of a future-dated request; in a cancellation the year 3000 that makes it one (DUIS facts 1.8)
 * @param dueBy          when the answer is overdue
 * @param instructionsDone how many instructions of a future-dated command have an outcome
 */
public record RequestRecord(String id, Optional<String> requestId, String door, Optional<String> correlationId,
        Optional<String> replyTo, String principal, String contentType, Optional<UserRole> role, Optional<String> service,
        Optional<CommandVariant> variant, Optional<Eui64> device, Lane lane, RequestState state, String cause,
        Optional<String> responseCode, Optional<Boolean> success, Optional<ServiceEndpoint> wireEndpoint, int attempts,
        Optional<Instant> retryAt, Optional<Instant> executionTime, Optional<Instant> dueBy, int instructionsDone,
        Instant createdAt, Instant updatedAt) {

    /** From here on an execution time stands for never. */
    private static final Instant NEVER = Instant.parse("3000-01-01T00:00:00Z");

    /** True where it cancels an earlier future-dated request. */
    public boolean cancels() {
        return executionTime.filter(time -> !time.isBefore(NEVER)).isPresent();
    }

    /** The time it is dated for; empty where it is to be carried out at once, or cancels. */
    public Optional<Instant> datedFor() {
        return executionTime.filter(time -> time.isBefore(NEVER));
    }
}
