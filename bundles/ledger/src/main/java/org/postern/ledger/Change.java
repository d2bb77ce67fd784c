package org.postern.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ServiceEndpoint;

/**
 * One unit of work on one request: state, documents, outbox and inbox together, all or nothing. Built by its caller,
 * handed to {@link Ledger#apply}, then forgotten; not for sharing.
 */
public final class Change {

    /** One state on the way; several in a row are one transition each, in order. */
    public record Step(RequestState to, String cause, Optional<String> digest) {}

    /** A signed document and where it is sent. */
    public record Wire(ServiceEndpoint endpoint, byte[] bytes) {}

    /** How often it was tried without success, when it is tried again, and why it was not taken. */
    public record Retry(int attempts, Instant at, String cause) {}

    private final @Nullable String request;
    private final @Nullable RequestRecord seen;
    private final boolean first;
    private final Set<RequestState> from = EnumSet.noneOf(RequestState.class);
    private final List<Step> steps = new ArrayList<>();
    private @Nullable Wire wire;
    private byte @Nullable [] preCommand;
    private byte @Nullable [] signedPreCommand;
    private @Nullable String responseCode;
    private @Nullable Boolean success;
    private @Nullable Retry retry;
    private @Nullable Integer untold;
    private boolean noRetry;
    private @Nullable Instant dueBy;
    private final List<OutboxEntry> outbox = new ArrayList<>();
    private @Nullable InboundDocument exchanged;
    private @Nullable String processed;
    private String processedCause = "";
    private @Nullable Evidence evidence;
    private Evidence.@Nullable Signing signing;
    private @Nullable Instruction instruction;
    private @Nullable Integer expectedInstructions;
    private final List<String> remarks = new ArrayList<>();
    private final List<Change> alongside = new ArrayList<>();

    private Change(@Nullable String request, @Nullable RequestRecord seen, boolean first) {
        this.request = request;
        this.seen = seen;
        this.first = first;
    }

    /** A change of the request of that durable id. */
    public static Change of(String request) {
        return new Change(request, null, false);
    }

    /**
     * A change of a request that is in hand. Where it is still in the state that it was read in, the ledger writes
     * without looking again; where it has moved on meanwhile, the change means what {@link #of(String)} means.
     */
    public static Change of(RequestRecord seen) {
        return new Change(seen.id(), seen, seen.lane() == Lane.PREPAYMENT);
    }

    /** A change that belongs to no request: an alert's way from the inbox to the outbox. */
    public static Change ofNone() {
        return ofNone(Lane.INTERACTIVE);
    }

    /** A change of no request, in the lane of one that it belongs to. */
    public static Change ofNone(Lane lane) {
        return new Change(null, null, lane == Lane.PREPAYMENT);
    }

    /** Only where it is in one of these states now; otherwise nothing happens and apply answers false. */
    public Change from(RequestState... states) {
        from.addAll(List.of(states));
        return this;
    }

    /** The next state. */
    public Change to(RequestState state, String cause) {
        steps.add(new Step(state, cause, Optional.empty()));
        return this;
    }

    /** The next state, with the digest of the bytes that led there. */
    public Change to(RequestState state, String cause, String digest) {
        steps.add(new Step(state, cause, Optional.of(digest)));
        return this;
    }

    /** The signed document to be sent, and where; attempts start again. */
    public Change wire(ServiceEndpoint endpoint, byte[] bytes) {
        wire = new Wire(endpoint, bytes);
        retry = null;
        noRetry = false;
        return this;
    }

    /** The Pre-Command as received. */
    public Change preCommand(byte[] bytes) {
        preCommand = bytes;
        return this;
    }

    /** The Pre-Command with our signature, and for the evidence the signature itself and what it was made with. */
    public Change signedPreCommand(byte[] bytes, Evidence.Signing made) {
        signedPreCommand = bytes;
        signing = made;
        return this;
    }

    /** The verdict of a correlation. */
    public Change evidence(Evidence verdict) {
        evidence = verdict;
        return this;
    }

    /** The DCC's response code. */
    public Change responseCode(String code) {
        responseCode = code;
        return this;
    }

    /** MessageSuccess of the answer. */
    public Change success(boolean answered) {
        success = answered;
        return this;
    }

    /** One more attempt without success; the next at that time. */
    public Change retry(int attempts, Instant at, String cause) {
        retry = new Retry(attempts, at, cause);
        noRetry = false;
        return this;
    }

    /** How often what came back for the present document told nothing of its outcome; counted anew for the next one. */
    public Change untold(int count) {
        untold = count;
        return this;
    }

    /** No further attempt planned. */
    public Change noRetry() {
        noRetry = true;
        return this;
    }

    /** When the answer is overdue. */
    public Change dueBy(Instant at) {
        dueBy = at;
        return this;
    }

    /** The outcome of an instruction; kept and counted where there is none of its number yet. */
    public Change instruction(Instruction outcome) {
        instruction = outcome;
        return this;
    }

    /**
     * Only where exactly so many instructions have an outcome now; otherwise nothing happens and apply answers false.
     */
    public Change ifInstructionsDone(int count) {
        expectedInstructions = count;
        return this;
    }

    /** A line for people; the state does not change by it. */
    public Change remark(String text) {
        remarks.add(text);
        return this;
    }

    /**
     * A change of another request in the same transaction. Where that one no longer applies, it alone is left out; it
     * has no exchanged or processed document of its own.
     */
    public Change alongside(Change other) {
        alongside.add(other);
        return this;
    }

    /** Something to deliver. */
    public Change deliver(OutboxEntry entry) {
        outbox.add(entry);
        return this;
    }

    /** The answer of the same exchange, kept as an inbound document that needs no processing. */
    public Change exchanged(InboundDocument document) {
        exchanged = document;
        return this;
    }

    /** That inbound document has been processed. */
    public Change processed(String inboundId, String cause) {
        processed = inboundId;
        processedCause = cause;
        return this;
    }

    /** Durable id; empty for a change of no request. */
    public Optional<String> request() {
        return Optional.ofNullable(request);
    }

    /** The request as it was in hand when the change was made; empty where it was not. */
    public Optional<RequestRecord> seen() {
        return Optional.ofNullable(seen);
    }

    /**
     * True where it was made of the record of a top-up, or in the lane of one: it is written before others. One that
     * was made of an id alone never is.
     */
    public boolean first() {
        return first;
    }

    public Set<RequestState> from() {
        return from;
    }

    public List<Step> steps() {
        return steps;
    }

    /** The document to be sent. */
    public Optional<Wire> wire() {
        return Optional.ofNullable(wire);
    }

    /** The Pre-Command as received. */
    public Optional<byte[]> preCommand() {
        return Optional.ofNullable(preCommand);
    }

    /** The Pre-Command with our signature. */
    public Optional<byte[]> signedPreCommand() {
        return Optional.ofNullable(signedPreCommand);
    }

    /** The DCC's response code. */
    public Optional<String> responseCode() {
        return Optional.ofNullable(responseCode);
    }

    /** MessageSuccess of the answer. */
    public Optional<Boolean> success() {
        return Optional.ofNullable(success);
    }

    /** The next attempt. */
    public Optional<Retry> retry() {
        return Optional.ofNullable(retry);
    }

    /** How often what came back told nothing of the outcome. */
    public Optional<Integer> untold() {
        return Optional.ofNullable(untold);
    }

    /** True where no further attempt is planned. */
    public boolean endsRetries() {
        return noRetry;
    }

    /** When the answer is overdue. */
    public Optional<Instant> dueBy() {
        return Optional.ofNullable(dueBy);
    }

    public List<OutboxEntry> outbox() {
        return outbox;
    }

    public Optional<InboundDocument> exchanged() {
        return Optional.ofNullable(exchanged);
    }

    public Optional<String> processed() {
        return Optional.ofNullable(processed);
    }

    public String processedCause() {
        return processedCause;
    }

    public Optional<Evidence> evidence() {
        return Optional.ofNullable(evidence);
    }

    public Optional<Evidence.Signing> signing() {
        return Optional.ofNullable(signing);
    }

    public Optional<Instruction> instruction() {
        return Optional.ofNullable(instruction);
    }

    public Optional<Integer> expectedInstructions() {
        return Optional.ofNullable(expectedInstructions);
    }

    public List<String> remarks() {
        return remarks;
    }

    public List<Change> alongside() {
        return alongside;
    }
}
