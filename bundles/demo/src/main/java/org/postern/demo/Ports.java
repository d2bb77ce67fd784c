package org.postern.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** TCP ports on the loopback address that are free now, so that the demonstration disturbs no other process. */
record Ports(int dcc, int control, int callback, int http, int broker, int ssh, int rmiRegistry, int rmiServer) {

    static Ports free() throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            int[] ports = new int[8];
            for (int i = 0; i < ports.length; i++) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                sockets.add(socket);
                ports[i] = socket.getLocalPort();
            }
            return new Ports(ports[0], ports[1], ports[2], ports[3], ports[4], ports[5], ports[6], ports[7]);
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }
}
