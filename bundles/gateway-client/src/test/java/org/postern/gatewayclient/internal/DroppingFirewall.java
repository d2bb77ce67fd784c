package org.postern.gatewayclient.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Forwards connections, and drops the state of a connection that was idle for a while: from then on its bytes are
 * discarded without notice to either side.
 */
final class DroppingFirewall implements AutoCloseable {

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final long idle;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final List<Thread> forwarders = new CopyOnWriteArrayList<>();
    private final CountDownLatch dropped = new CountDownLatch(1);

    /** The state of one connection: when it last carried bytes, and whether it has been dropped. */
    private static final class Flow {
        private volatile long last = System.nanoTime();
        private volatile boolean dead;
    }

    DroppingFirewall(int target, Duration idle) throws IOException {
        this.target = target;
        this.idle = idle.toNanos();
        daemon(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    /** Waits until the first connection is dropped. */
    void awaitDropped() throws InterruptedException {
        if (!dropped.await(20, TimeUnit.SECONDS)) {
            throw new AssertionError("the firewall has not dropped a connection");
        }
    }

    /**
     * Resets every open connection; new ones are forwarded. The operating system sends the reset when no thread reads
     * from the socket any more, so this method waits for the forwarding threads.
     */
    void reset() throws IOException, InterruptedException {
        for (Socket each : open) {
            each.setSoLinger(true, 0);
            each.close();
        }
        open.clear();
        for (Thread each : forwarders) {
            each.join();
        }
        forwarders.clear();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket here = socket.accept();
                Socket there = new Socket(InetAddress.getLoopbackAddress(), target);
                open.add(here);
                open.add(there);
                Flow flow = new Flow();
                forwarders.add(daemon(() -> forward(here, there, flow)));
                forwarders.add(daemon(() -> forward(there, here, flow)));
                daemon(() -> watch(flow));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void watch(Flow flow) {
        while (System.nanoTime() - flow.last < idle) {
            java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
        flow.dead = true;
        dropped.countDown();
    }

    private static void forward(Socket from, Socket to, Flow flow) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8192];
            int length;
            while ((length = in.read(buffer)) >= 0) {
                if (!flow.dead) {
                    flow.last = System.nanoTime();
                    out.write(buffer, 0, length);
                    out.flush();
                }
            }
        } catch (IOException e) {
            // one side closed its connection; the other side is not notified
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "firewall");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket each : open) {
            each.close();
        }
    }
}
