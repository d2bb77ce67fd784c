package org.postern.gbcs;

import java.util.Objects;

/**
 * Content that is of none of the three families, as it came. Only messages whose code no table knows are read so, by
 * {@link GbcsCodec#decodeEnvelope}: their header, signature and MAC can be checked all the same.
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
