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

/** Completes the TLS handshake, then sends a TLS record byte by byte without ever finishing it. */
final class UnfinishedRecordDcc implements AutoCloseable {

    /** Header of a TLS record with 16 kB of application data. */
    private static final byte[] RECORD_HEADER = {23, 3, 3, 0x40, 0};

    private static final long PAUSE_MILLIS = 100;

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final SSLSocketFactory factory;
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    final AtomicInteger bytesSent = new AtomicInteger();

    UnfinishedRecordDcc(TlsFiles tls) throws Exception {
        this.factory = TestCertificates.context(tls).getSocketFactory();
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
            // written to the plain socket below TLS, so that the client receives the beginning of a record
            OutputStream out = plain.getOutputStream();
            out.write(RECORD_HEADER);
            while (!over.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                out.write(0);
                bytesSent.incrementAndGet();
            }
        } catch (IOException | InterruptedException e) {
            // the client closed the connection, or the test is over
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "unfinished-record-dcc");
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
