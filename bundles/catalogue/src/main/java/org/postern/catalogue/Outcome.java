package org.postern.catalogue;

/**
 * The outcome of a request in a delivery, a response or a report: the header {@code postern_outcome}, the member
 * {@code outcome} of the body, and the column of a file report. A test compares the list in {@code docs/operations.md}
 * with this one.
 */
public enum Outcome {
    /** The response states that the request was carried out. */
    SUCCESS("success"),
    /** The DCC refused the request or did not carry it out. */
    REFUSED("refused"),
    /** The device responded that it did not carry the request out. */
    FAILED("failed"),
    /**
     * A top-up that the meter already has: its token was entered by hand or received before. The credit is there, and
     * no further token must be generated.
     */
    ALREADY_CREDITED("already-credited"),
    /** The response cannot be trusted or does not belong to this request; its content is delivered as received. */
    UNPROVEN("unproven"),
    /** The device has accepted a future-dated command. */
    ACCEPTED_BY_DEVICE("accepted-by-device"),
    /** An instruction of a future-dated command was carried out (Device Alert 8F66). */
    ACTIONED("actioned"),
    /** An instruction of a future-dated command was not carried out (Device Alert 8F67). */
    NOT_ACTIONED("not-actioned"),
    /** The command for local delivery. */
    LOCAL_COMMAND("local-command"),
    /**
     * The DCC does not know whether the request was carried out, or never responded; a proven later response still
     * counts.
     */
    UNKNOWN("unknown"),
    /** No response within the expected time; a late response still counts. */
    OVERDUE("overdue"),
    /** The device has not yet accepted a future-dated command; the outcome is pending. */
    NOT_YET_ACCEPTED("not-yet-accepted"),
    /** A later request of the same service may have replaced it; a notice, not a final outcome. */
    SUPERSEDED("superseded"),
    /** Withdrawn before it was sent, or cancelled by another request. */
    CANCELLED("cancelled"),
    /** The Pre-Command does not correlate with the request; nothing was signed. */
    NOT_CORRELATED("not-correlated"),
    /** The digits of a top-up. */
    TOKEN("token"),
    /** A response to a request that is not in the ledger. */
    UNMATCHED("unmatched"),
    /** A Device Alert or DCC Alert. */
    ALERT("alert"),
    /** A document that could not be processed, delivered as received. */
    UNPROCESSED("unprocessed"),
    /** Accepted and stored; the result is pending. */
    ADMITTED("admitted"),
    /** Refused by Postern; nothing was sent. */
    REJECTED("rejected");

    private final String text;

    Outcome(String text) {
        this.text = text;
    }

    /** The text in messages, lower case with hyphens. */
    public String text() {
        return text;
    }

    /**
     * The outcome with this text.
     *
     * @throws IllegalArgumentException for any other text
     */
    public static Outcome of(String text) {
        for (Outcome outcome : values()) {
            if (outcome.text.equals(text)) {
                return outcome;
            }
        }
        throw new IllegalArgumentException("there is no outcome with this name");
    }

    @Override
    public String toString() {
        return text;
    }
}
