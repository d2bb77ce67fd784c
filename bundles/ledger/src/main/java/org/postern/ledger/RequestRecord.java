package org.postern.ledger;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.postern.catalogue.CancellationTime;
import org.postern.catalogue.Lane;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceEndpoint;

/**
 * One request without its documents.
 *
 * @param id durable id, in order of time
 * @param requestId RequestID; empty for one refused before it was numbered
 * @param origin where it came from and where its answer goes
 * @param target what it asks for
 * @param lane lane of priority
 * @param progress how far it has come
 * @param sending the present document's way to the DCC
 * @param dating when it is to be carried out, and answered
 * @param createdAt when it entered the ledger
 * @param updatedAt when it last changed
 */
public record RequestRecord(
        String id,
        Optional<RequestId> requestId,
        Origin origin,
        Target target,
        Lane lane,
        Progress progress,
        Sending sending,
        Dating dating,
        Instant createdAt,
        Instant updatedAt) {

    /**
     * How far a request has come.
     *
     * @param state its state
     * @param cause why it is in that state, one line; empty for none
     * @param responseCode the DCC's last response code
     * @param success MMC MessageSuccess of the answer
     * @param transitions how many states it has had; a change that was made of this record is applied without another
     *     look where it still has had as many
     */
    public record Progress(
            RequestState state,
            String cause,
            Optional<String> responseCode,
            Optional<Boolean> success,
            int transitions) {

        /** Of a request whose path is not known here. */
        public Progress(RequestState state, String cause, Optional<String> responseCode, Optional<Boolean> success) {
            this(state, cause, responseCode, success, 0);
        }
    }

    /**
     * The way of the present document to the DCC.
     *
     * @param endpoint where it goes; empty where nothing is signed yet
     * @param attempts how often it was tried without an answer
     * @param retryAt when it is tried again
     * @param untold how often what came back told nothing of its outcome: no answer of the DCC that is proven, or one
     *     that it does not know either
     */
    public record Sending(Optional<ServiceEndpoint> endpoint, int attempts, Optional<Instant> retryAt, int untold) {

        /** Nothing signed, nothing tried. */
        public static final Sending NONE = new Sending(Optional.empty(), 0, Optional.empty(), 0);
    }

    /**
     * The times of a request.
     *
     * @param executionTime time of a future-dated request; in a cancellation the year 3000 that makes it one (DUIS,
     *     ExecutionDateTime)
     * @param dueBy when the next answer is overdue
     * @param instructionsDone how many instructions of a future-dated command have an outcome
     */
    public record Dating(Optional<Instant> executionTime, Optional<Instant> dueBy, int instructionsDone) {

        /** Not dated, and nothing due. */
        public static final Dating NONE = new Dating(Optional.empty(), Optional.empty(), 0);

        /** True where it cancels an earlier future-dated request. */
        public boolean cancels() {
            return executionTime.filter(CancellationTime::isNever).isPresent();
        }

        /** The time it is dated for; empty where it is to be carried out at once, or cancels. */
        public Optional<Instant> datedFor() {
            return executionTime.filter(time -> !CancellationTime.isNever(time));
        }
    }

    /**
     * The same request once a change of it is on disk, so that what is in hand need not be read again. The time of the
     * change is the ledger's own and stays unknown here, as do counts of instructions.
     */
    public RequestRecord after(Change change) {
        List<Change.Step> steps = change.steps();
        Optional<Change.Step> last = steps.isEmpty() ? Optional.empty() : Optional.of(steps.get(steps.size() - 1));
        Progress now = new Progress(
                last.map(Change.Step::to).orElse(progress.state()),
                change.retry()
                        .map(Change.Retry::cause)
                        .or(() -> last.map(Change.Step::cause))
                        .map(TextLimit.CAUSE::fitted)
                        .orElse(progress.cause()),
                change.responseCode().map(TextLimit.RESPONSE_CODE::fitted).or(progress::responseCode),
                change.success().or(progress::success),
                progress.transitions() + steps.size());
        Sending sent = change.wire()
                .map(wire -> new Sending(Optional.of(wire.endpoint()), 0, Optional.empty(), 0))
                .orElse(sending);
        Optional<Instant> retryAt = change.retry()
                .map(retry -> kept(retry.at()))
                .or(() -> change.endsRetries() ? Optional.empty() : sent.retryAt());
        return new RequestRecord(
                id,
                requestId,
                origin,
                target,
                lane,
                now,
                new Sending(
                        sent.endpoint(),
                        change.retry().map(Change.Retry::attempts).orElse(sent.attempts()),
                        retryAt,
                        change.untold().orElse(sent.untold())),
                new Dating(
                        dating.executionTime(),
                        change.dueBy().map(RequestRecord::kept).or(dating::dueBy),
                        dating.instructionsDone()),
                createdAt,
                updatedAt);
    }

    /** The ledger keeps times in milliseconds. */
    private static Instant kept(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS);
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
