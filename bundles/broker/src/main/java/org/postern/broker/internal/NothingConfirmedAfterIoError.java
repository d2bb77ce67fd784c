package org.postern.broker.internal;

import org.apache.activemq.artemis.api.core.Interceptor;
import org.apache.activemq.artemis.core.protocol.core.Packet;
import org.apache.activemq.artemis.core.protocol.core.impl.PacketImpl;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;

/**
 * Stops all outgoing packets of the broker, except disconnect packets, once its disk has failed. Artemis (NIO journal)
 * reports a failed write or sync to its listeners and then nevertheless confirms it to the sender, so that a sender (a
 * supplier or Postern) would have an acknowledgement for a message that was not stored. The broker shuts itself down
 * immediately after such an error: its clients see their connection end without an acknowledgement and send the message
 * again.
 */
final class NothingConfirmedAfterIoError implements Interceptor {

    private volatile boolean failed;

    /**
     * The disk has failed. Called on the thread that wrote, before the write is confirmed to those that wait for it.
     */
    void ioError() {
        failed = true;
    }

    @Override
    public boolean intercept(Packet packet, RemotingConnection connection) {
        return !failed || disconnects(packet);
    }

    /**
     * Without these packets an in-process client would keep its connection to the stopped broker and wait for answers.
     */
    private static boolean disconnects(Packet packet) {
        return switch (packet.getType()) {
            case PacketImpl.DISCONNECT, PacketImpl.DISCONNECT_V2, PacketImpl.DISCONNECT_V3 -> true;
            default -> false;
        };
    }
}
