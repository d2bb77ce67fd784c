package org.postern.ledger;

import java.time.Instant;
import java.util.Optional;
import org.postern.catalogue.Lane;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceEndpoint;

/**
 * One request without its documents.
 *
 * @param id        durable id, in order of time
 * @param requestId RequestID; empty for one refused before it was numbered
 * @param origin    where it came from and where its answer goes
 * @param target    what it asks for
 * @param lane      lane of priority
 * @param progress  how far it has come
 * @param sending   the present document's way to the DCC
 * @param dating    when it is to be carried out, and answered
 * @param createdAt when it entered the ledger
 * @param updatedAt when it last changed
 */
public record RequestRecord(String id, Optional<RequestId> requestId, Origin origin, Target target, Lane lane, Progress progress,
        Sending sending, Dating dating, Instant createdAt, Instant updatedAt) {

    /**
     * How far a request has come.
     *
     * @param state        its state
     * @param cause        why it is in that state, one line; empty for none
     * @param responseCode the DCC's last response code
     * @param success      MMC MessageSuccess of the answer
     */
    public record Progress(RequestState state, String cause, Optional<String> responseCode, Optional<Boolean> success) {
    }

    /**
     * The way of the present document to the DCC.
     *
     * @param endpoint where it goes; empty where nothing is signed yet
     * @param attempts how often it was tried without an answer
     * @param retryAt  when it is tried again
     * @param untold   how often what came back told nothing of its outcome: no answer of the DCC that is proven, or one
     *                 that it does not know either
     */
    public record Sending(Optional<ServiceEndpoint> endpoint, int attempts, Optional<Instant> retryAt, int untold) {

        /** Nothing signed, nothing tried. */
        public static final Sending NONE = new Sending(Optional.empty(), 0, Optional.empty(), 0);
    }

    /**
     * The times of a request.
     *
     * @param executionTime    time of a future-dated request; in a cancellation the year 3000 that makes it one (DUIS, ExecutionDateTime)
     * @param dueBy            when the next answer is overdue
     * @param instructionsDone how many instructions of a future-dated command have an outcome
     */
    public record Dating(Optional<Instant> executionTime, Optional<Instant> dueBy, int instructionsDone) {

        /** From here on an execution time stands for never. */
        private static final Instant NEVER = Instant.parse("3000-01-01T00:00:00Z");

        /** Not dated, and nothing due. */
        public static final Dating NONE = new Dating(Optional.empty(), Optional.empty(), 0);

        /** True where it cancels an earlier future-dated request. */
        public boolean cancels() {
            return executionTime.filter(time -> !time.isBefore(NEVER)).isPresent();
        }

        /** The time it is dated for; empty where it is to be carried out at once, or cancels. */
        public Optional<Instant> datedFor() {
            return executionTime.filter(time -> time.isBefore(NEVER));
        }
    }

    /** Its state. */
    public RequestState state() {
        return progress.state();
    }

    /** RequestID in text, or the durable id where it has none: for people. */
    public String name() {
        return requestId.map(RequestId::toString).orElse(id);
    }
}
