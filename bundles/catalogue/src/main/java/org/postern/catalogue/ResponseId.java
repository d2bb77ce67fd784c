package org.postern.catalogue;

import java.util.Objects;

/**
 * The ResponseID of DUIS: {@code originator:target:counter} as seen by the sender of the answer, so that an answer's
 * originator is the device (or the DCC) and its target the User. An alert has a ResponseID and no RequestID.
 *
 * @param originator the device, or the DCC
 * @param target User ID
 * @param counter unsigned 64 bits
 */
public record ResponseId(Eui64 originator, Eui64 target, long counter) {

    public ResponseId {
        Objects.requireNonNull(originator, "originator");
        Objects.requireNonNull(target, "target");
    }

    /**
     * Reads the wire form; hex digits in either case.
     *
     * @throws PosternException PST-1019 where the text is anything else
     */
    public static ResponseId parse(String text) {
        IdParts parts = IdParts.parse(text, "ResponseID");
        return new ResponseId(parts.first(), parts.second(), parts.counter());
    }

    /** The RequestID of the request that this would answer. */
    @SuppressWarnings("ArgumentSelectionDefectChecker") // a request goes the other way
    public RequestId requestId() {
        return new RequestId(target, originator, counter);
    }

    /** The wire form, upper case. */
    @Override
    public String toString() {
        return IdParts.format(originator, target, counter);
    }
}
