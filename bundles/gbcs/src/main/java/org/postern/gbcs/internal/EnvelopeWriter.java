package org.postern.gbcs.internal;

import org.postern.gbcs.Bytes;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.Payload;

/** Writes the envelope. */
public final class EnvelopeWriter {

    private EnvelopeWriter() {
    }

    public record Written(byte[] bytes, int innerOffset, int contentOffset, int contentLength) {
    }

    public static Written write(GroupingHeader header, Payload payload, Bytes signature, Bytes mac) {
        throw new UnsupportedOperationException();
    }
}
