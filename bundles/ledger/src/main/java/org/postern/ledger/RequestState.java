package org.postern.ledger;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Where a Service Request is in its life. The table of allowed next states is here and nowhere else; it only leads
 * forward.
 */
public enum RequestState {
    /** Handed in, not yet checked. */
    RECEIVED,
    /** Checked, numbered and on disk; the caller has been told. */
    ADMITTED,
    /**
     * The signed critical request (CV4) is stored and handed to the DCC's Transform service, which changes nothing: it
     * may be repeated.
     */
    TRANSFORM_SENT,
    /** The Pre-Command is stored and is what we asked for. */
    CORRELATED,
    /** The Pre-Command is signed. */
    COMMAND_SIGNED,
    /** The signed document is stored and handed to the DCC; no answer stored yet. */
    SENT,
    /** Sent, and no HTTP answer came; the identical bytes are sent again. */
    IN_DOUBT,
    /** The DCC took it in. */
    ACKNOWLEDGED,
    /** A local command was returned to us. */
    HANDED_OUT,
    /** No answer in time; a late one still counts. */
    OVERDUE,
    /**
     * Nobody knows whether it was carried out: the DCC says so, or gave no answer that is proven; a later proven answer
     * counts.
     */
    UNKNOWN,
    /** The device took a command that it will carry out later. */
    ACCEPTED_BY_DEVICE,
    /** Some of the instructions of a future-dated command have an outcome. */
    PARTIALLY_ACTIONED,
    /** Every instruction of a future-dated command was carried out. */
    ACTIONED,
    /** At least one instruction of a future-dated command was not carried out, and all have an outcome. */
    NOT_ACTIONED,
    /** The answer is stored and in the outbox. */
    RESPONDED,
    /** The answer has left the outbox. */
    DELIVERED,
    /** Refused by us, before anything was sent. */
    REJECTED,
    /** Refused by the DCC. */
    REFUSED,
    /** The DCC's Pre-Command is not what we asked for; nothing was signed. */
    NOT_CORRELATED,
    /** Withdrawn before it was sent, or cancelled at the DCC or the device by another request. */
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

    /** The states that may follow; empty for an end. */
    public Set<RequestState> next() {
        Set<RequestState> next = NEXT.get(this);
        return next == null ? Set.of() : Set.copyOf(next);
    }

    /** True where that state may follow. */
    public boolean mayBecome(RequestState other) {
        Set<RequestState> next = NEXT.get(this);
        return next != null && next.contains(other);
    }

    /** True where nothing follows. */
    public boolean isEnd() {
        return !NEXT.containsKey(this);
    }

    /** True where a step of ours is outstanding: what a restart must put on the dispatch queue again. */
    public boolean needsStep() {
        return this == ADMITTED
                || this == TRANSFORM_SENT
                || this == CORRELATED
                || this == COMMAND_SIGNED
                || this == SENT
                || this == IN_DOUBT;
    }

    /** True where an answer of the DCC or device is outstanding. */
    public boolean awaitsAnswer() {
        return this == SENT
                || this == IN_DOUBT
                || this == ACKNOWLEDGED
                || this == ACCEPTED_BY_DEVICE
                || this == PARTIALLY_ACTIONED;
    }
}
