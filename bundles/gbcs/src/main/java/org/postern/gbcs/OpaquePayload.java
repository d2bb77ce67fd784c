package org.postern.gbcs;

import java.util.Objects;

/**
 * Content of none of the three families, as it was received. Used only for messages with an unknown message code, by
 * {@link GbcsCodec#decodeEnvelope}: their header, signature and MAC can nevertheless be checked.
 *
 * @param content the bytes between the grouping header and the signature
 */
public record OpaquePayload(Bytes content) implements Payload {
    public OpaquePayload {
        Objects.requireNonNull(content, "content");
    }

    @Override
    public Family family() {
        return Family.OPAQUE;
    }
}
