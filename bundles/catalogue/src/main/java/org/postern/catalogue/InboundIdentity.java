package org.postern.catalogue;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What makes a document of the DCC the same one again. An acknowledgement, the response and every future-dated alert share a
 * ResponseID, so kind, response code and instruction number belong to it. Built here and nowhere else, so that one document
 * has one identity whichever way it came.
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
     * @param id           ResponseID, or the mirror of its RequestID; empty where it has neither
     * @param at           ResponseDateTime, which takes the place of a missing id
     * @param kind         kind of its body
     * @param responseCode the DCC's code
     * @param instruction  number of the instruction whose outcome it is
     */
    public static InboundIdentity received(Optional<ResponseId> id, Instant at, String kind, String responseCode,
            Optional<Integer> instruction) {
        return new InboundIdentity(id.map(ResponseId::toString).orElseGet(() -> "none@" + at) + "|" + kind + "|" + responseCode + "|"
                + instruction.map(String::valueOf).orElse(""));
    }

    /**
     * The answer in the HTTP exchange of a request, kept beside its effect.
     *
     * @param request durable id of the request
     * @param sha256  digest of the document, hex
     */
    public static InboundIdentity exchanged(String request, String sha256) {
        return new InboundIdentity("exchange:" + request + ":" + sha256);
    }

    /**
     * A device's answer in the HTTP exchange of a request, which is processed as any other.
     *
     * @param request      durable id of the request
     * @param kind         kind of its body
     * @param responseCode the DCC's code
     */
    public static InboundIdentity answered(String request, String kind, String responseCode) {
        return new InboundIdentity("answer:" + request + ":" + kind + ":" + responseCode);
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
