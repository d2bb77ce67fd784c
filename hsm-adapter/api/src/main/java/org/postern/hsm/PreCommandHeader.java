package org.postern.hsm;

import java.nio.ByteBuffer;
import org.postern.catalogue.Eui64;

/**
 * The first 30 bytes of a Pre-Command, which have a fixed layout (GBCS, Grouping Header): {@code DF 09 01}, counter
 * (8), {@code 08}, originator (8), {@code 08}, target (8), {@code 00} for no date-time.
 *
 * @param counter unsigned
 */
record PreCommandHeader(Eui64 originator, Eui64 target, long counter) {

    private static final int LENGTH = 30;

    static PreCommandHeader read(byte[] bytes) {
        if (bytes == null
                || bytes.length <= LENGTH + 3
                || (bytes[0] & 0xFF) != 0xDF
                || bytes[1] != 9
                || bytes[2] != 1
                || bytes[11] != 8
                || bytes[20] != 8
                || bytes[29] != 0) {
            throw new KeyVaultException(
                    KeyVaultException.Kind.INPUT_REFUSED,
                    "preCommand",
                    "a Pre-Command starts with its grouping header (GBCS, Grouping Header)",
                    "the bytes do not start with a grouping header",
                    "pass the Pre-Command as the DCC sent it, without MAC wrapper or signature");
        }
        return new PreCommandHeader(
                Eui64.of(bytes, 12),
                Eui64.of(bytes, 21),
                ByteBuffer.wrap(bytes, 3, 8).getLong());
    }

    /** The RequestID of the request to which this Pre-Command belongs. */
    String requestId() {
        return originator.dashed() + ":" + target.dashed() + ":" + Long.toUnsignedString(counter);
    }
}
