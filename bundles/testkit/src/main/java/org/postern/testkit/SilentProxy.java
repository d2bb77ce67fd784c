package org.postern.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP proxy before a server on this machine that can simulate a network which drops every packet: once silent it
 * still accepts connections, but forwards nothing, neither on old connections nor on new ones.
 */
public final class SilentProxy implements AutoCloseable {

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final int target;
    private volatile boolean silent;

    /** @param target port of the server on 127.0.0.1 */
    public SilentProxy(int target) throws IOException {
        this.target = target;
        daemon(this::accept);
    }

    /** The port on which it listens on 127.0.0.1. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Stops forwarding. */
    public void fallSilent() {
        silent = true;
    }

    /** Forwards new connections again; connections that were open while it was silent stay silent. */
    public void speak() {
        silent = false;
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "silent-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                sockets.add(client);
                if (!silent) {
                    Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                    sockets.add(server);
                    boolean[] mute = {false};
                    daemon(() -> forward(client, server, mute));
                    daemon(() -> forward(server, client, mute));
                }
            } catch (IOException e) {
                // closed, or the server does not run: the next connection tries again
            }
        }
    }

    private void forward(Socket from, Socket to, boolean[] mute) {
        byte[] bytes = new byte[8192];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                synchronized (mute) {
                    mute[0] |= silent;
                    if (!mute[0]) {
                        out.write(bytes, 0, count);
                        out.flush();
                    }
                }
            }
            synchronized (mute) {
                if (!mute[0] && !silent) {
                    to.close();
                }
            }
        } catch (IOException e) {
            // one side has closed its connection
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
