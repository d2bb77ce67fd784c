package org.postern.catalogue;

import java.util.Objects;

/**
 * The ResponseID of DUIS: {@code originator:target:counter} from the view of the sender of the response, so the
 * originator is the device (or the DCC) and the target is the User. An alert has a ResponseID and no RequestID.
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
     * Parses the notation of DUIS; hex digits in either case.
     *
     * @throws PosternException PST-1019 where the text has another format
     */
    public static ResponseId parse(String text) {
        IdParts parts = IdParts.parse(text, "ResponseID");
        return new ResponseId(parts.first(), parts.second(), parts.counter());
    }

    /** The RequestID of the request to which this response belongs. */
    @SuppressWarnings("ArgumentSelectionDefectChecker") // a request is sent in the opposite direction
    public RequestId requestId() {
        return new RequestId(target, originator, counter);
    }

    /** The notation of DUIS, upper case. */
    @Override
    public String toString() {
        return IdParts.format(originator, target, counter);
    }
}
