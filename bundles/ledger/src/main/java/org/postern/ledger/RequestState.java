package org.postern.ledger;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * The state of a Service Request. The permitted transitions are defined here and nowhere else; there is no way back to
 * an earlier state.
 */
public enum RequestState {
    /** Submitted, not yet checked. */
    RECEIVED,
    /** Checked, numbered and on disk; the caller receives the acknowledgement. */
    ADMITTED,
    /**
     * The signed critical request (CV4) is stored and sent to the DCC's Transform service. Transform is idempotent: the
     * call may be repeated.
     */
    TRANSFORM_SENT,
    /** The Pre-Command is stored and matches the request. */
    CORRELATED,
    /** The Pre-Command is signed. */
    COMMAND_SIGNED,
    /** The signed document is stored and is being sent to the DCC; no answer is stored yet. */
    SENT,
    /** Sent, but no HTTP answer was received; the identical bytes are sent again. */
    IN_DOUBT,
    /** The DCC acknowledged it. */
    ACKNOWLEDGED,
    /** The DCC returned a command for local delivery. */
    HANDED_OUT,
    /** No answer in time; a late answer is still accepted. */
    OVERDUE,
    /**
     * It is not known whether the request was carried out: the DCC states so, or gave no proven answer. A proven answer
     * that arrives later is accepted.
     */
    UNKNOWN,
    /** The device accepted a command that it will carry out later. */
    ACCEPTED_BY_DEVICE,
    /** Some, but not all, instructions of a future-dated command have an outcome. */
    PARTIALLY_ACTIONED,
    /** Every instruction of a future-dated command was carried out. */
    ACTIONED,
    /** All instructions of a future-dated command have an outcome, and at least one was not carried out. */
    NOT_ACTIONED,
    /** The answer is stored and in the outbox. */
    RESPONDED,
    /** The answer has been delivered from the outbox. */
    DELIVERED,
    /** Refused by Postern before anything was sent. */
    REJECTED,
    /** Refused by the DCC. */
    REFUSED,
    /** The DCC's Pre-Command does not match the request; nothing was signed. */
    NOT_CORRELATED,
    /** Withdrawn before it was sent, or cancelled at the DCC or on the device by another request. */
    CANCELLED;

    private static final Map<RequestState, Set<RequestState>> NEXT = Map.ofEntries(
            Map.entry(RECEIVED, EnumSet.of(ADMITTED, REJECTED)),
            Map.entry(ADMITTED, EnumSet.of(TRANSFORM_SENT, SENT, UNKNOWN, REJECTED, CANCELLED)),
            Map.entry(
                    TRANSFORM_SENT,
                    EnumSet.of(CORRELATED, NOT_CORRELATED, REFUSED, REJECTED, CANCELLED, OVERDUE, UNKNOWN)),
            Map.entry(CORRELATED, EnumSet.of(COMMAND_SIGNED, UNKNOWN, NOT_CORRELATED, REJECTED, CANCELLED)),
            Map.entry(COMMAND_SIGNED, EnumSet.of(SENT, REJECTED, CANCELLED)),
            Map.entry(
                    SENT,
                    EnumSet.of(
                            IN_DOUBT,
                            ACKNOWLEDGED,
                            HANDED_OUT,
                            OVERDUE,
                            UNKNOWN,
                            ACCEPTED_BY_DEVICE,
                            PARTIALLY_ACTIONED,
                            ACTIONED,
                            NOT_ACTIONED,
                            RESPONDED,
                            REFUSED,
                            CANCELLED)),
            Map.entry(
                    IN_DOUBT,
                    EnumSet.of(
                            ACKNOWLEDGED,
                            HANDED_OUT,
                            OVERDUE,
                            UNKNOWN,
                            ACCEPTED_BY_DEVICE,
                            PARTIALLY_ACTIONED,
                            ACTIONED,
                            NOT_ACTIONED,
                            RESPONDED,
                            REFUSED)),
            Map.entry(
                    ACKNOWLEDGED,
                    EnumSet.of(
                            HANDED_OUT,
                            OVERDUE,
                            UNKNOWN,
                            ACCEPTED_BY_DEVICE,
                            PARTIALLY_ACTIONED,
                            ACTIONED,
                            NOT_ACTIONED,
                            RESPONDED,
                            REFUSED,
                            CANCELLED)),
            Map.entry(HANDED_OUT, EnumSet.of(RESPONDED, DELIVERED)),
            Map.entry(OVERDUE, EnumSet.of(ACTIONED, NOT_ACTIONED, RESPONDED, REFUSED)),
            Map.entry(
                    UNKNOWN,
                    EnumSet.of(
                            HANDED_OUT,
                            ACCEPTED_BY_DEVICE,
                            PARTIALLY_ACTIONED,
                            ACTIONED,
                            NOT_ACTIONED,
                            RESPONDED,
                            REFUSED)),
            Map.entry(ACCEPTED_BY_DEVICE, EnumSet.of(PARTIALLY_ACTIONED, ACTIONED, NOT_ACTIONED, OVERDUE, CANCELLED)),
            Map.entry(PARTIALLY_ACTIONED, EnumSet.of(OVERDUE, ACTIONED, NOT_ACTIONED, CANCELLED)),
            Map.entry(RESPONDED, EnumSet.of(DELIVERED)));

    /** The states that may follow; empty for a final state. */
    public Set<RequestState> next() {
        Set<RequestState> next = NEXT.get(this);
        return next == null ? Set.of() : Set.copyOf(next);
    }

    /** True if that state may follow. */
    public boolean mayBecome(RequestState other) {
        Set<RequestState> next = NEXT.get(this);
        return next != null && next.contains(other);
    }

    /** True if no state follows. */
    public boolean isEnd() {
        return !NEXT.containsKey(this);
    }

    /** True if Postern has to take the next step; a restart puts such requests on the dispatch queue again. */
    public boolean needsStep() {
        return this == ADMITTED
                || this == TRANSFORM_SENT
                || this == CORRELATED
                || this == COMMAND_SIGNED
                || this == SENT
                || this == IN_DOUBT;
    }

    /** True if an answer of the DCC or device is outstanding. */
    public boolean awaitsAnswer() {
        return this == SENT
                || this == IN_DOUBT
                || this == ACKNOWLEDGED
                || this == ACCEPTED_BY_DEVICE
                || this == PARTIALLY_ACTIONED;
    }
}
