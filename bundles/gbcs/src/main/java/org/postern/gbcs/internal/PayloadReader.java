package org.postern.gbcs.internal;

import org.postern.gbcs.Bytes;
import org.postern.gbcs.DecodeLimits;
import org.postern.gbcs.DerNode;
import org.postern.gbcs.DlmsData;

/** Entry points to the readers of parts. */
public final class PayloadReader {

    private PayloadReader() {
    }

    public static DlmsData data(Bytes bytes, DecodeLimits limits) {
        throw new UnsupportedOperationException();
    }

    public static DerNode der(Bytes bytes, DecodeLimits limits) {
        throw new UnsupportedOperationException();
    }
}
