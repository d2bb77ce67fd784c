package org.postern.catalogue;

import java.util.Objects;

/**
 * The RequestID of DUIS: {@code originator:target:counter}.
 *
 * @param originator User ID of the role in use
 * @param target Device ID, or the Access Control Broker (ACB) of the DCC for a non-device request
 * @param counter Originator Counter, unsigned 64 bits; those of this appliance are below 2^63
 */
public record RequestId(Eui64 originator, Eui64 target, long counter) {

    public RequestId {
        Objects.requireNonNull(originator, "originator");
        Objects.requireNonNull(target, "target");
    }

    /**
     * Parses the notation of DUIS; hex digits in either case.
     *
     * @throws PosternException PST-1019 where the text has another format
     */
    public static RequestId parse(String text) {
        IdParts parts = IdParts.parse(text, "RequestID");
        return new RequestId(parts.first(), parts.second(), parts.counter());
    }

    /** The ResponseID of the response to this request: the first two parts are swapped. */
    @SuppressWarnings("ArgumentSelectionDefectChecker") // a response is sent in the opposite direction
    public ResponseId responseId() {
        return new ResponseId(target, originator, counter);
    }

    /** The notation of DUIS, upper case. */
    @Override
    public String toString() {
        return IdParts.format(originator, target, counter);
    }
}
