package org.postern.gbcs;

import java.util.Objects;
import java.util.Optional;

/**
 * One encrypted part of a message and what became of it.
 *
 * @param path where it stands: {@code item[0]} of a response, {@code more[1]} of an alert, {@code component[2]}
 * @param index index of the response item, notification element or component
 * @param status outcome
 * @param reason one sentence where the status is not DECRYPTED, else empty
 * @param data the decoded plain text of a DLMS part
 * @param zcl the plain ZCL payload of a GBZ component
 */
public record DecryptedPart(
        String path, int index, Status status, String reason, Optional<DlmsData> data, Optional<Bytes> zcl) {

    /** Outcome of one part. */
    public enum Status {
        /** Tag valid, plain text available. */
        DECRYPTED,
        /** The private key that would decrypt it is not ours, or the device's certificate is not known. */
        NO_KEY,
        /** The tag is wrong: not made for us with these keys, or changed under way. */
        FAILED,
        /** Decrypted, but the plain text is not what it has to be (one DLMS data). */
        BROKEN
    }

    public DecryptedPart {
        Objects.requireNonNull(status, "status");
    }

    public boolean decrypted() {
        return status == Status.DECRYPTED;
    }
}
