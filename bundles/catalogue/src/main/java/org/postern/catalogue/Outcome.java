package org.postern.catalogue;

/**
 * What a delivery, an answer or a report says of a request: the header {@code postern_outcome}, the body's
 * {@code outcome} and the column of a file's report. The list in {@code docs/operations.md} is held to this one by a
 * test.
 */
public enum Outcome {
    /** Answered, and the answer says that it was carried out. */
    SUCCESS("success"),
    /** The DCC did not take it or did not carry it out. */
    REFUSED("refused"),
    /** The device answered that it did not carry it out. */
    FAILED("failed"),
    /**
     * A top-up that the meter has already: its token was keyed in, or came before; the credit is there, and no token is
     * to be made again.
     */
    ALREADY_CREDITED("already-credited"),
    /** An answer came that cannot be trusted, or is none to this request; its content is delivered as it came. */
    UNPROVEN("unproven"),
    /** The device has taken a command that it will carry out at its time. */
    ACCEPTED_BY_DEVICE("accepted-by-device"),
    /** An instruction of a future-dated command was carried out (Device Alert 8F66). */
    ACTIONED("actioned"),
    /** An instruction of a future-dated command was not carried out (Device Alert 8F67). */
    NOT_ACTIONED("not-actioned"),
    /** The command for local delivery. */
    LOCAL_COMMAND("local-command"),
    /** The DCC does not know whether it was carried out, or never answered; a later answer that is proven counts. */
    UNKNOWN("unknown"),
    /** No answer in time; a late one still counts. */
    OVERDUE("overdue"),
    /** The device has not yet accepted a future-dated command; its outcome is awaited. */
    NOT_YET_ACCEPTED("not-yet-accepted"),
    /** A later request of the same service may have taken its place: a notice, not an end. */
    SUPERSEDED("superseded"),
    /** Withdrawn before it was sent, or cancelled by another request. */
    CANCELLED("cancelled"),
    /** The Pre-Command is not what was asked for; nothing was signed. */
    NOT_CORRELATED("not-correlated"),
    /** The digits of a top-up. */
    TOKEN("token"),
    /** An answer to a request that is not in the ledger. */
    UNMATCHED("unmatched"),
    /** A Device Alert or DCC Alert. */
    ALERT("alert"),
    /** A document that could not be processed, delivered as it came. */
    UNPROCESSED("unprocessed"),
    /** Taken, and on disk; its result is still to come. */
    ADMITTED("admitted"),
    /** Refused by Postern; nothing was sent. */
    REJECTED("rejected");

    private final String text;

    Outcome(String text) {
        this.text = text;
    }

    /** The text used on the wire, lower case with hyphens. */
    public String text() {
        return text;
    }

    /**
     * The outcome of that text.
     *
     * @throws IllegalArgumentException for any other text
     */
    public static Outcome of(String text) {
        for (Outcome outcome : values()) {
            if (outcome.text.equals(text)) {
                return outcome;
            }
        }
        throw new IllegalArgumentException("no outcome of that name");
    }

    @Override
    public String toString() {
        return text;
    }
}
