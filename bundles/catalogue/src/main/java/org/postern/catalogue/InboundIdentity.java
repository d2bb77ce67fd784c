package org.postern.catalogue;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The identity of a document of the DCC, which serves to recognise a document that is received again. An
 * acknowledgement, the response and every future-dated alert have the same ResponseID, so the identity also contains
 * the kind, the response code and the instruction number; for a schedule it contains the run, for an alert the content.
 * It is built only in this class, so a document has the same identity in whichever way it is received.
 *
 * @param text text that the ledger stores, at most 400 characters
 */
public record InboundIdentity(String text) {

    private static final int MAX_LENGTH = 400;

    public InboundIdentity {
        Objects.requireNonNull(text, "text");
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("an identity has 1 to " + MAX_LENGTH + " characters");
        }
    }

    /**
     * A document that the DCC sent to Receive Response.
     *
     * @param id ResponseID, or the one derived from its RequestID; empty where it has neither
     * @param at ResponseDateTime, used instead of a missing id
     * @param kind kind of its body
     * @param responseCode response code of the DCC
     * @param instruction number of the instruction whose outcome it states
     */
    public static InboundIdentity received(
            Optional<ResponseId> id, Instant at, String kind, String responseCode, Optional<Integer> instruction) {
        return new InboundIdentity(id.map(ResponseId::toString).orElseGet(() -> "none@" + at) + "|" + kind + "|"
                + responseCode + "|" + instruction.map(String::valueOf).orElse(""));
    }

    /**
     * A run of a schedule. All runs may have the same ResponseID, that of the request that created the schedule.
     *
     * @param id ResponseID, or the one derived from its RequestID; empty where it has neither
     * @param kind kind of its body
     * @param responseCode response code of the DCC
     * @param schedule number of the schedule
     * @param run identifier of the run: counter of the message in it, or a digest where the message cannot be read
     */
    public static InboundIdentity run(
            Optional<ResponseId> id, String kind, String responseCode, long schedule, String run) {
        return new InboundIdentity(id.map(ResponseId::toString).orElse("none") + "|" + kind + "|" + responseCode + "||"
                + schedule + "|" + run);
    }

    /**
     * An alert. Several alerts may have the same time and the same ResponseID or none, so each different content counts
     * as a separate document.
     *
     * @param id ResponseID; empty where it has none
     * @param kind kind of its body
     * @param responseCode response code of the DCC
     * @param content digest of its content, in hex
     */
    public static InboundIdentity alert(Optional<ResponseId> id, String kind, String responseCode, String content) {
        return new InboundIdentity(
                id.map(ResponseId::toString).orElse("none") + "|" + kind + "|" + responseCode + "|||" + content);
    }

    /**
     * The response in the HTTP exchange of a request, which is stored together with its effect.
     *
     * @param request durable id of the request
     * @param content digest of its content, in hex
     */
    public static InboundIdentity exchanged(String request, String content) {
        return new InboundIdentity("exchange:" + request + ":" + content);
    }

    /**
     * The same identity with the digest of the content, for a document that is stored separately from the first one.
     */
    public InboundIdentity apart(String sha256) {
        return new InboundIdentity(text + "#" + sha256);
    }

    @Override
    public String toString() {
        return text;
    }
}
