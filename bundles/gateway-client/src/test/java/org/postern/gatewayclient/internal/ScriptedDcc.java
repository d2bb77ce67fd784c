package org.postern.gatewayclient.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.postern.gatewayclient.TlsFiles;

/** A server on a TLS socket that reads complete requests and answers them with a script. Counts connections. */
final class ScriptedDcc implements AutoCloseable {

    /** Answers a request; the connection is closed where the result is false. */
    interface Script {
        boolean answer(byte[] body, OutputStream out) throws IOException, InterruptedException;
    }

    private final SSLServerSocket socket;
    private final Script script;
    private final Thread accepting;
    private final List<SSLSocket> open = new CopyOnWriteArrayList<>();
    final AtomicInteger handshakes = new AtomicInteger();
    final List<byte[]> bodies = new CopyOnWriteArrayList<>();
    final List<String> heads = new CopyOnWriteArrayList<>();

    ScriptedDcc(TlsFiles tls, Script script) throws IOException {
        this(tls, 0, script);
    }

    ScriptedDcc(TlsFiles tls, int port, Script script) throws IOException {
        this.script = script;
        this.socket = (SSLServerSocket) TestCertificates.context(tls)
                .getServerSocketFactory()
                .createServerSocket(port, 50, InetAddress.getLoopbackAddress());
        socket.setNeedClientAuth(true);
        this.accepting = daemon(this::accept);
    }

    static Script answering(String status, String headers, byte[] body) {
        return (request, out) -> {
            out.write(("HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: " + body.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            out.flush();
            return true;
        };
    }

    int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                SSLSocket connection = (SSLSocket) socket.accept();
                open.add(connection);
                daemon(() -> serve(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(SSLSocket connection) {
        try (connection) {
            connection.startHandshake();
            handshakes.incrementAndGet();
            InputStream in = connection.getInputStream();
            boolean keepOpen = true;
            while (keepOpen) {
                String head = head(in);
                if (head.isEmpty()) {
                    return;
                }
                heads.add(head);
                int length = Integer.parseInt(head.toLowerCase(Locale.ROOT)
                        .split("content-length: ")[1]
                        .split("\r\n")[0]);
                byte[] body = in.readNBytes(length);
                bodies.add(body);
                keepOpen = script.answer(body, connection.getOutputStream());
            }
        } catch (IOException | InterruptedException e) {
            // the client closed the connection, or the test is over
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int c;
        while ((c = in.read()) >= 0) {
            head.write(c);
            if (head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
                return head.toString(StandardCharsets.US_ASCII);
            }
        }
        return "";
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "scripted-dcc");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Override
    public void close() throws IOException {
        socket.close();
        try {
            // before this thread has ended, the port may accept one more connection
            accepting.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (SSLSocket connection : open) {
            connection.close();
        }
    }
}
