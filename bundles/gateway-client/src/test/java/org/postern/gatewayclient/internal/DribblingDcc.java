package org.postern.gatewayclient.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.postern.gatewayclient.TlsFiles;

/** Shakes hands and then begins a TLS record that it never ends, a byte now and then. */
final class DribblingDcc implements AutoCloseable {

    /** Head of a record with application data of 16 kB. */
    private static final byte[] BEGINNING = {23, 3, 3, 0x40, 0};

    private static final long PAUSE_MILLIS = 100;

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final SSLSocketFactory factory;
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    final AtomicInteger dribbled = new AtomicInteger();

    DribblingDcc(TlsFiles tls) throws Exception {
        this.factory = ThrowawayTls.context(tls).getSocketFactory();
        daemon(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                open.add(connection);
                daemon(() -> serve(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket plain) {
        try (plain) {
            SSLSocket tls = (SSLSocket) factory.createSocket(plain, null, false);
            tls.setUseClientMode(false);
            tls.startHandshake();
            // below TLS: what arrives there is the beginning of a record
            OutputStream out = plain.getOutputStream();
            out.write(BEGINNING);
            while (!over.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                out.write(0);
                dribbled.incrementAndGet();
            }
        } catch (IOException | InterruptedException e) {
            // the other side went away, or the test is over
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "dribbling-dcc");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        over.countDown();
        socket.close();
        for (Socket each : open) {
            each.close();
        }
    }
}
