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
 * @param id durable id; ids sort by time
 * @param requestId RequestID; empty if the request was refused before it was numbered
 * @param origin who submitted it and where its answer is sent
 * @param target service, device and role of the request
 * @param lane priority lane
 * @param progress its state
 * @param sending transmission of the current document to the DCC
 * @param timing when it is to be executed and answered
 * @param createdAt when it was stored
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
        Timing timing,
        Instant createdAt,
        Instant updatedAt) {

    /**
     * The progress of a request.
     *
     * @param state its state
     * @param cause why it is in that state, one line; may be empty
     * @param responseCode the DCC's last response code
     * @param success MMC MessageSuccess of the answer
     * @param transitions number of transitions so far; a change that was made from this record is applied without
     *     another query if the stored number is still the same
     */
    public record Progress(
            RequestState state,
            String cause,
            Optional<String> responseCode,
            Optional<Boolean> success,
            int transitions) {

        /** Progress of a request whose number of transitions is not known. */
        public Progress(RequestState state, String cause, Optional<String> responseCode, Optional<Boolean> success) {
            this(state, cause, responseCode, success, 0);
        }
    }

    /**
     * The transmission of the current document to the DCC.
     *
     * @param endpoint the DCC service that it is sent to; empty if nothing has been signed yet
     * @param attempts number of attempts without an answer
     * @param retryAt when the next attempt is due
     * @param inconclusive number of replies that did not show its outcome: a reply that is not proven to be from the
     *     DCC, or one in which the DCC states that it does not know the outcome
     */
    public record Sending(
            Optional<ServiceEndpoint> endpoint, int attempts, Optional<Instant> retryAt, int inconclusive) {

        /** Nothing has been signed or sent. */
        public static final Sending NONE = new Sending(Optional.empty(), 0, Optional.empty(), 0);
    }

    /**
     * The times of a request.
     *
     * @param executionTime execution time of a future-dated request; in a cancellation a time in the year 3000, which
     *     marks it as one (DUIS, ExecutionDateTime)
     * @param dueBy when the next answer is overdue
     * @param instructionsDone how many instructions of a future-dated command have an outcome
     */
    public record Timing(Optional<Instant> executionTime, Optional<Instant> dueBy, int instructionsDone) {

        /** Not future-dated, and no answer due. */
        public static final Timing NONE = new Timing(Optional.empty(), Optional.empty(), 0);

        /** True if it cancels an earlier future-dated request. */
        public boolean cancels() {
            return executionTime.filter(CancellationTime::isNever).isPresent();
        }

        /**
         * The execution time of a future-dated request; empty if the request is to be executed at once or is a
         * cancellation.
         */
        public Optional<Instant> executesAt() {
            return executionTime.filter(time -> !CancellationTime.isNever(time));
        }
    }

    /**
     * The request as it is after that change has been written, so that the caller need not query it again.
     * {@code updatedAt} and the number of instructions with an outcome are determined by the ledger and are not updated
     * here.
     */
    public RequestRecord after(Change change) {
        List<Change.Step> steps = change.steps();
        Optional<Change.Step> last = steps.isEmpty() ? Optional.empty() : Optional.of(steps.get(steps.size() - 1));
        Progress now = new Progress(
                last.map(Change.Step::to).orElse(progress.state()),
                change.retry()
                        .map(Change.Retry::cause)
                        .or(() -> last.map(Change.Step::cause))
                        .map(TextLimit.CAUSE::truncated)
                        .orElse(progress.cause()),
                change.responseCode().map(TextLimit.RESPONSE_CODE::truncated).or(progress::responseCode),
                change.success().or(progress::success),
                progress.transitions() + steps.size());
        Sending sent = change.wire()
                .map(wire -> new Sending(Optional.of(wire.endpoint()), 0, Optional.empty(), 0))
                .orElse(sending);
        Optional<Instant> retryAt = change.retry()
                .map(retry -> millis(retry.at()))
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
                        change.inconclusive().orElse(sent.inconclusive())),
                new Timing(
                        timing.executionTime(),
                        change.dueBy().map(RequestRecord::millis).or(timing::dueBy),
                        timing.instructionsDone()),
                createdAt,
                updatedAt);
    }

    /** The ledger stores times in milliseconds. */
    private static Instant millis(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS);
    }

    /** Its state. */
    public RequestState state() {
        return progress.state();
    }

    /** RequestID as text, or the durable id if there is none; for messages to people. */
    public String name() {
        return requestId.map(RequestId::toString).orElse(id);
    }
}
