package org.postern.broker.internal;

import org.apache.activemq.artemis.api.core.Interceptor;
import org.apache.activemq.artemis.core.protocol.core.Packet;
import org.apache.activemq.artemis.core.protocol.core.impl.PacketImpl;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;

/**
 * Holds back what the broker says once its disk has failed, but for the end of a connection. Artemis (NIO journal)
 * reports a failed write or sync to its listeners and then tells whoever waits for it that it was done, so that a
 * sender, a supplier's or ours, would have the broker's word for a message that is nowhere. The broker shuts itself
 * down at once after such an error: its clients then see their connection end, know nothing of the message, and send it
 * again.
 */
final class NothingConfirmedAfterIoError implements Interceptor {

    private volatile boolean failed;

    /** The disk has failed; called on the thread that wrote, before those who wait for the write are told. */
    void ioError() {
        failed = true;
    }

    @Override
    public boolean intercept(Packet packet, RemotingConnection connection) {
        return !failed || disconnects(packet);
    }

    /** Without these an in-process client would keep its connection to the stopped broker, and wait for its answers. */
    private static boolean disconnects(Packet packet) {
        return switch (packet.getType()) {
            case PacketImpl.DISCONNECT, PacketImpl.DISCONNECT_V2, PacketImpl.DISCONNECT_V3 -> true;
            default -> false;
        };
    }
}
