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
 * Passes on what comes, and forgets a connection that was idle for a while: from then on its bytes go nowhere, and
 * nobody is told.
 */
final class ForgetfulFirewall implements AutoCloseable {

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final long idle;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final List<Thread> passing = new CopyOnWriteArrayList<>();
    private final CountDownLatch forgotten = new CountDownLatch(1);

    /** One connection, and when it last carried anything. */
    private static final class Passage {
        private volatile long last = System.nanoTime();
        private volatile boolean dead;
    }

    ForgetfulFirewall(int target, Duration idle) throws IOException {
        this.target = target;
        this.idle = idle.toNanos();
        daemon(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    /** Waits until the first connection is forgotten. */
    void awaitForgotten() throws InterruptedException {
        if (!forgotten.await(20, TimeUnit.SECONDS)) {
            throw new AssertionError("the firewall forgets nothing");
        }
    }

    /**
     * Resets every connection that is open; new ones are let through. The system resets a connection when nobody reads
     * from it any more, so only then has this been done.
     */
    void reset() throws IOException, InterruptedException {
        for (Socket each : open) {
            each.setSoLinger(true, 0);
            each.close();
        }
        open.clear();
        for (Thread each : passing) {
            each.join();
        }
        passing.clear();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket here = socket.accept();
                Socket there = new Socket(InetAddress.getLoopbackAddress(), target);
                open.add(here);
                open.add(there);
                Passage passage = new Passage();
                passing.add(daemon(() -> pass(here, there, passage)));
                passing.add(daemon(() -> pass(there, here, passage)));
                daemon(() -> watch(passage));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void watch(Passage passage) {
        while (System.nanoTime() - passage.last < idle) {
            java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
        passage.dead = true;
        forgotten.countDown();
    }

    private static void pass(Socket from, Socket to, Passage passage) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8192];
            int length;
            while ((length = in.read(buffer)) >= 0) {
                if (!passage.dead) {
                    passage.last = System.nanoTime();
                    out.write(buffer, 0, length);
                    out.flush();
                }
            }
        } catch (IOException e) {
            // one side went away; a firewall tells nobody
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
