package org.postern.broker.internal;

import org.apache.activemq.artemis.api.core.Interceptor;
import org.apache.activemq.artemis.core.protocol.core.Packet;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;

/**
 * Holds back everything that the broker says once its disk has failed. Artemis (NIO journal) reports a failed write or
 * sync to its listeners and then tells whoever waits for it that it was done, so that a sender, a supplier's or ours,
 * would have the broker's word for a message that is nowhere. The broker shuts itself down at once after such an error:
 * its clients then see their connection end, know nothing of the message, and send it again.
 */
final class NothingConfirmedAfterIoError implements Interceptor {

    private volatile boolean failed;

    /** The disk has failed; called on the thread that wrote, before those who wait for the write are told. */
    void ioError() {
        failed = true;
    }

    @Override
    public boolean intercept(Packet packet, RemotingConnection connection) {
        return !failed;
    }
}
