package org.postern.gbcs.internal;

import org.postern.gbcs.DerNode;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.Payload;

/** Writes payloads. */
public final class PayloadWriter {

    private PayloadWriter() {
    }

    public static byte[] data(DlmsData data) {
        throw new UnsupportedOperationException();
    }

    public static byte[] der(DerNode node) {
        throw new UnsupportedOperationException();
    }

    public static byte[] payload(Payload payload) {
        throw new UnsupportedOperationException();
    }
}
