package org.postern.catalogue;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What makes a document of the DCC the same one again. An acknowledgement, the response and every future-dated alert
 * share a ResponseID, so kind, response code and instruction number belong to it; so do the run of a schedule, and the
 * content of an alert. Built here and nowhere else, so that one document has one identity whichever way it came.
 *
 * @param text what the ledger holds, at most 400 characters
 */
public record InboundIdentity(String text) {

    private static final int LONGEST = 400;

    public InboundIdentity {
        Objects.requireNonNull(text, "text");
        if (text.isEmpty() || text.length() > LONGEST) {
            throw new IllegalArgumentException("an identity has 1 to " + LONGEST + " characters");
        }
    }

    /**
     * A document that the DCC handed to Receive Response.
     *
     * @param id ResponseID, or the mirror of its RequestID; empty where it has neither
     * @param at ResponseDateTime, which takes the place of a missing id
     * @param kind kind of its body
     * @param responseCode the DCC's code
     * @param instruction number of the instruction whose outcome it is
     */
    public static InboundIdentity received(
            Optional<ResponseId> id, Instant at, String kind, String responseCode, Optional<Integer> instruction) {
        return new InboundIdentity(id.map(ResponseId::toString).orElseGet(() -> "none@" + at) + "|" + kind + "|"
                + responseCode + "|" + instruction.map(String::valueOf).orElse(""));
    }

    /**
     * A run of a schedule, all of which may come under one ResponseID: that of the request that made the schedule.
     *
     * @param id ResponseID, or the mirror of its RequestID; empty where it has neither
     * @param kind kind of its body
     * @param responseCode the DCC's code
     * @param schedule number of the schedule
     * @param run which run: counter of the message in it, or a digest of what cannot be read
     */
    public static InboundIdentity run(
            Optional<ResponseId> id, String kind, String responseCode, long schedule, String run) {
        return new InboundIdentity(id.map(ResponseId::toString).orElse("none") + "|" + kind + "|" + responseCode + "||"
                + schedule + "|" + run);
    }

    /**
     * An alert, of which several may have one ResponseID or none, and one moment: each content is a document of its
     * own.
     *
     * @param id ResponseID; empty where it has none
     * @param kind kind of its body
     * @param responseCode the DCC's code
     * @param content digest of what it says, hex
     */
    public static InboundIdentity alert(Optional<ResponseId> id, String kind, String responseCode, String content) {
        return new InboundIdentity(
                id.map(ResponseId::toString).orElse("none") + "|" + kind + "|" + responseCode + "|||" + content);
    }

    /**
     * The answer in the HTTP exchange of a request, kept beside its effect.
     *
     * @param request durable id of the request
     * @param content digest of what it says, hex
     */
    public static InboundIdentity exchanged(String request, String content) {
        return new InboundIdentity("exchange:" + request + ":" + content);
    }

    /** The same with the digest of its content, for one that is kept apart from the first. */
    public InboundIdentity apart(String sha256) {
        return new InboundIdentity(text + "#" + sha256);
    }

    @Override
    public String toString() {
        return text;
    }
}
