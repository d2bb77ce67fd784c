package org.postern.testkitprocess;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Ports that are free on this machine now. */
public record Ports(int dcc, int control, int callback, int http, int broker, int ssh, int rmiRegistry, int rmiServer) {

    private static final int COUNT = 8;

    public static Ports free() throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < COUNT; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            int[] ports = sockets.stream().mapToInt(ServerSocket::getLocalPort).toArray();
            return new Ports(ports[0], ports[1], ports[2], ports[3], ports[4], ports[5], ports[6], ports[7]);
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }
}
