package org.postern.gbcs.internal;

import org.postern.gbcs.Bytes;
import org.postern.gbcs.DecodeLimits;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.Payload;

/** Reads the envelope. */
public final class EnvelopeReader {

    private EnvelopeReader() {
    }

    /** Makes the message; its constructor is not public. */
    public interface Assembler {
        GbcsMessage make(GroupingHeader header, Payload payload, Bytes signature, Bytes mac, Bytes encoded, int innerOffset,
                int contentOffset, int contentLength, long steps);
    }

    public static GbcsMessage read(Bytes message, DecodeLimits limits, Assembler assembler) {
        throw new UnsupportedOperationException();
    }
}
