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
 * One unit of work on one request: state, documents, outbox and inbox are changed in one transaction, all or nothing. A
 * caller builds it, passes it to {@link Ledger#apply} and does not use it again. Not safe for use by several threads.
 */
public final class Change {

    /** The next state. Several steps are applied in order, each as one transition. */
    public record Step(RequestState to, String cause, Optional<String> digest) {}

    /** A signed document and the DCC service that it is sent to. */
    public record Wire(ServiceEndpoint endpoint, byte[] bytes) {}

    /** The number of failed attempts, the time of the next attempt, and the reason of the last failure. */
    public record Retry(int attempts, Instant at, String cause) {}

    private final @Nullable String request;
    private final @Nullable RequestRecord snapshot;
    private final boolean prepaymentLane;
    private final Set<RequestState> from = EnumSet.noneOf(RequestState.class);
    private final List<Step> steps = new ArrayList<>();
    private @Nullable Wire wire;
    private byte @Nullable [] preCommand;
    private byte @Nullable [] signedPreCommand;
    private @Nullable String responseCode;
    private @Nullable Boolean success;
    private @Nullable Retry retry;
    private @Nullable Integer inconclusive;
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

    private Change(@Nullable String request, @Nullable RequestRecord snapshot, boolean prepaymentLane) {
        this.request = request;
        this.snapshot = snapshot;
        this.prepaymentLane = prepaymentLane;
    }

    /** A change of the request with that durable id. */
    public static Change of(String request) {
        return new Change(request, null, false);
    }

    /**
     * A change of a request that the caller has read. If the stored request has not changed since it was read, the
     * ledger writes without reading it again; otherwise the change is applied as one made by {@link #of(String)}.
     */
    public static Change of(RequestRecord snapshot) {
        return new Change(snapshot.id(), snapshot, snapshot.lane() == Lane.PREPAYMENT);
    }

    /** A change that belongs to no request, such as moving an alert from the inbox to the outbox. */
    public static Change ofNone() {
        return ofNone(Lane.INTERACTIVE);
    }

    /** A change that belongs to no request, written in the given lane. */
    public static Change ofNone(Lane lane) {
        return new Change(null, null, lane == Lane.PREPAYMENT);
    }

    /**
     * Applies the change only if the request is in one of these states; otherwise nothing is changed and apply returns
     * false.
     */
    public Change from(RequestState... states) {
        from.addAll(List.of(states));
        return this;
    }

    /** Moves the request to the next state. */
    public Change to(RequestState state, String cause) {
        steps.add(new Step(state, cause, Optional.empty()));
        return this;
    }

    /** Moves the request to the next state and records the digest of the bytes that caused the transition. */
    public Change to(RequestState state, String cause, String digest) {
        steps.add(new Step(state, cause, Optional.of(digest)));
        return this;
    }

    /**
     * Stores the signed document to be sent and the DCC service that receives it; attempts are counted from zero again.
     */
    public Change wire(ServiceEndpoint endpoint, byte[] bytes) {
        wire = new Wire(endpoint, bytes);
        retry = null;
        noRetry = false;
        return this;
    }

    /** Stores the Pre-Command as received. */
    public Change preCommand(byte[] bytes) {
        preCommand = bytes;
        return this;
    }

    /**
     * Stores the Pre-Command with our signature and, as evidence, the signature and the key and certificate it was made
     * with.
     */
    public Change signedPreCommand(byte[] bytes, Evidence.Signing made) {
        signedPreCommand = bytes;
        signing = made;
        return this;
    }

    /** Stores the result of a correlation. */
    public Change evidence(Evidence verdict) {
        evidence = verdict;
        return this;
    }

    /** Stores the DCC's response code. */
    public Change responseCode(String code) {
        responseCode = code;
        return this;
    }

    /** Stores MessageSuccess of the answer. */
    public Change success(boolean answered) {
        success = answered;
        return this;
    }

    /** Records one more failed attempt; the next attempt is made at that time. */
    public Change retry(int attempts, Instant at, String cause) {
        retry = new Retry(attempts, at, cause);
        noRetry = false;
        return this;
    }

    /**
     * Sets the number of replies to the current document that did not show its outcome; it starts at zero for the next
     * document.
     */
    public Change inconclusive(int count) {
        inconclusive = count;
        return this;
    }

    /** Plans no further attempt. */
    public Change noRetry() {
        noRetry = true;
        return this;
    }

    /** Sets the time from which the answer is overdue. */
    public Change dueBy(Instant at) {
        dueBy = at;
        return this;
    }

    /** Stores the outcome of an instruction and counts it, unless an outcome with the same number is stored already. */
    public Change instruction(Instruction outcome) {
        instruction = outcome;
        return this;
    }

    /**
     * Applies the change only if exactly this many instructions have an outcome; otherwise nothing is changed and apply
     * returns false.
     */
    public Change ifInstructionsDone(int count) {
        expectedInstructions = count;
        return this;
    }

    /** Adds a line for people to read; the state does not change. */
    public Change remark(String text) {
        remarks.add(text);
        return this;
    }

    /**
     * Adds a change of another request to the same transaction. If the other change does not apply, only that one is
     * left out. It must not have an exchanged or processed document of its own.
     */
    public Change alongside(Change other) {
        alongside.add(other);
        return this;
    }

    /** Adds an entry to the outbox. */
    public Change deliver(OutboxEntry entry) {
        outbox.add(entry);
        return this;
    }

    /** Stores the answer that came in the same HTTP exchange as an inbound document that needs no processing. */
    public Change exchanged(InboundDocument document) {
        exchanged = document;
        return this;
    }

    /** Marks that inbound document as processed. */
    public Change processed(String inboundId, String cause) {
        processed = inboundId;
        processedCause = cause;
        return this;
    }

    /** Durable id of the request; empty for a change that belongs to no request. */
    public Optional<String> request() {
        return Optional.ofNullable(request);
    }

    /** The request as the caller had read it; empty if the change was made from an id. */
    public Optional<RequestRecord> snapshot() {
        return Optional.ofNullable(snapshot);
    }

    /**
     * True if it was made from the record of a prepayment request or for the prepayment lane: it is then written before
     * other changes. A change that was made from an id never is.
     */
    public boolean prepaymentLane() {
        return prepaymentLane;
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

    /** The number of replies that did not show the outcome. */
    public Optional<Integer> inconclusive() {
        return Optional.ofNullable(inconclusive);
    }

    /** True if no further attempt is planned. */
    public boolean endsRetries() {
        return noRetry;
    }

    /** The time from which the answer is overdue. */
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
