package org.postern.gbcs;

import java.util.Objects;
import java.util.Optional;

/**
 * One encrypted part of a message and the result of its decryption.
 *
 * @param path its position: {@code item[0]} of a response, {@code more[1]} of an alert, {@code component[2]}
 * @param index index of the response item, notification element or component
 * @param status result of the decryption
 * @param reason one sentence where the status is not DECRYPTED, otherwise empty
 * @param data the decoded plain text of a DLMS part
 * @param zcl the plain ZCL payload of a GBZ component
 */
public record DecryptedPart(
        String path, int index, Status status, String reason, Optional<DlmsData> data, Optional<Bytes> zcl) {

    /** Result of the decryption of one part. */
    public enum Status {
        /** Tag valid, plain text available. */
        DECRYPTED,
        /** The private key for decryption is not available, or the certificate of the device is unknown. */
        NO_KEY,
        /**
         * The tag is wrong: the part was encrypted with other keys or for another recipient, or was changed in transit.
         */
        FAILED,
        /** Decrypted, but the plain text is not exactly one DLMS data value. */
        BROKEN
    }

    public DecryptedPart {
        Objects.requireNonNull(status, "status");
    }

    public boolean decrypted() {
        return status == Status.DECRYPTED;
    }
}
