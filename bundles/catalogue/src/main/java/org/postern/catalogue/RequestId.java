package org.postern.catalogue;

import java.util.Objects;

/**
 * The RequestID of DUIS: {@code originator:target:counter}.
 *
 * @param originator User ID of the role in use
 * @param target Device ID, or the DCC's Access Control Broker for a non-device request
 * @param counter originator counter, unsigned 64 bits on the wire; ours stay below 2^63
 */
public record RequestId(Eui64 originator, Eui64 target, long counter) {

    public RequestId {
        Objects.requireNonNull(originator, "originator");
        Objects.requireNonNull(target, "target");
    }

    /**
     * Reads the wire form; hex digits in either case.
     *
     * @throws PosternException PST-1019 where the text is anything else
     */
    public static RequestId parse(String text) {
        IdParts parts = IdParts.parse(text, "RequestID");
        return new RequestId(parts.first(), parts.second(), parts.counter());
    }

    /** The ResponseID that answers this request: the first two parts change places. */
    @SuppressWarnings("ArgumentSelectionDefectChecker") // an answer goes the other way
    public ResponseId responseId() {
        return new ResponseId(target, originator, counter);
    }

    /** The wire form, upper case. */
    @Override
    public String toString() {
        return IdParts.format(originator, target, counter);
    }
}
