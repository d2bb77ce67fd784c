package org.postern.benchmarks.appliance;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.postern.benchmarks.TlsKeys;
import org.postern.jettyruntime.PooledConnection;

/**
 * HTTP exchanges on connections that stay open; over TLS both sides have certificates. The peer is a plain blocking
 * socket elsewhere.
 */
final class ExchangeFloor {

    /** Connections, and threads that use them. */
    private static final int AT_ONCE = 8;

    private static final int BUFFER = 16 << 10;
    private static final String END = "\r\n\r\n";
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final int MOST = 1 << 20;

    private ExchangeFloor() {}

    /** One way to exchange documents as a client. */
    private interface Exchange {
        void once() throws Exception;
    }

    /**
     * The client's side, by the JDK's client or by the product's own persistent connection: the cheaper of the two is
     * the floor.
     */
    static final class Client implements FloorProcess.Work {

        static final String JDK = "jdk";
        static final String KEPT = "kept";

        private final LongAdder done = new LongAdder();
        private final PeerProcess peer;
        private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);

        /** @param way JDK or KEPT */
        Client(Path pki, FloorProcess.Sizes sizes, String way) throws Exception {
            peer = PeerProcess.start(
                    "serve", pki.resolve("simulator/tls").toString(), Integer.toString(sizes.answer()));
            URI address = URI.create("https://127.0.0.1:" + Integer.parseInt(peer.line()) + "/");
            SSLContext tls = TlsKeys.context(pki.resolve("postern/tls"), "client");
            HttpClient client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .sslContext(tls)
                    .build();
            byte[] document = new byte[sizes.sent()];
            for (int i = 0; i < AT_ONCE; i++) {
                Exchange exchange = way.equals(JDK) ? jdk(client, address, document) : kept(tls, address, document);
                var unused = threads.submit(() -> {
                    while (!Thread.currentThread().isInterrupted()) {
                        exchange.once();
                        done.increment();
                    }
                    return null;
                });
            }
        }

        private static Exchange jdk(HttpClient client, URI address, byte[] document) {
            HttpRequest request = HttpRequest.newBuilder(address)
                    .header("Content-Type", "application/xml")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(document))
                    .build();
            return () -> client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        }

        private static Exchange kept(SSLContext tls, URI address, byte[] document) throws IOException {
            PooledConnection connection = new PooledConnection(KEPT);
            connection.open(address, tls.getSocketFactory(), tls.getDefaultSSLParameters(), CONNECT);
            return () -> connection.post(address, document, MOST);
        }

        @Override
        public LongAdder done() {
            return done;
        }

        @Override
        public void close() {
            threads.shutdownNow();
            peer.close();
        }
    }

    /** The server's side by Jetty. */
    static final class Server implements FloorProcess.Work {

        private final LongAdder done = new LongAdder();
        private final org.eclipse.jetty.server.Server jetty;
        private final PeerProcess peer;

        Server(Path pki, FloorProcess.Sizes sizes, boolean tls) throws Exception {
            QueuedThreadPool threads = new QueuedThreadPool(AT_ONCE + 8, 4);
            jetty = new org.eclipse.jetty.server.Server(threads);
            HttpConnectionFactory http = new HttpConnectionFactory(new HttpConfiguration());
            ServerConnector connector = tls
                    ? new ServerConnector(
                            jetty, 1, 1, new SslConnectionFactory(ssl(pki.resolve("postern/tls")), "http/1.1"), http)
                    : new ServerConnector(jetty, 1, 1, http);
            connector.setHost("127.0.0.1");
            jetty.addConnector(connector);
            jetty.setHandler(new Handler.Abstract() {
                @Override
                public boolean handle(Request request, Response response, Callback callback) throws Exception {
                    Content.Source.asByteBuffer(request);
                    response.setStatus(200);
                    response.write(true, ByteBuffer.wrap(new byte[100]), callback);
                    done.increment();
                    return true;
                }
            });
            jetty.start();
            peer = PeerProcess.start(
                    "call",
                    Integer.toString(connector.getLocalPort()),
                    tls ? pki.resolve("simulator/tls").toString() : "-",
                    Integer.toString(tls ? sizes.answer() : 300));
        }

        private static SslContextFactory.Server ssl(Path folder) throws IOException, GeneralSecurityException {
            SslContextFactory.Server ssl = new SslContextFactory.Server();
            ssl.setSslContext(TlsKeys.context(folder, "server"));
            ssl.setNeedClientAuth(true);
            return ssl;
        }

        @Override
        public LongAdder done() {
            return done;
        }

        @Override
        public void close() throws IOException {
            peer.close();
            try {
                jetty.stop();
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
    }

    /** Answers every request with that many bytes; prints its port first. */
    static void serve(Path folder, int answer) throws Exception {
        SSLServerSocket socket = (SSLServerSocket) TlsKeys.context(folder, "server")
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        socket.setNeedClientAuth(true);
        System.out.println(socket.getLocalPort());
        byte[] bytes = message("HTTP/1.1 200 OK", answer);
        while (true) {
            Socket connection = socket.accept();
            connection.setTcpNoDelay(true);
            thread(() -> {
                Messages in = new Messages(connection.getInputStream());
                while (in.next()) {
                    connection.getOutputStream().write(bytes);
                }
            });
        }
    }

    /** Calls over several connections without a pause. */
    static void call(int port, String folder, int sent) throws Exception {
        byte[] bytes = message("POST / HTTP/1.1\r\nHost: 127.0.0.1", sent);
        for (int i = 0; i < AT_ONCE; i++) {
            Socket connection = folder.equals("-")
                    ? new Socket("127.0.0.1", port)
                    : TlsKeys.context(Path.of(folder), "client")
                            .getSocketFactory()
                            .createSocket("127.0.0.1", port);
            connection.setTcpNoDelay(true);
            thread(() -> {
                Messages in = new Messages(connection.getInputStream());
                OutputStream out = connection.getOutputStream();
                do {
                    out.write(bytes);
                } while (in.next());
            });
        }
    }

    private static byte[] message(String first, int body) {
        return (first + "\r\nContent-Type: application/xml\r\nContent-Length: " + body + END + "y".repeat(body))
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** What a thread of a peer does. */
    private interface Talk {
        void talk() throws IOException;
    }

    private static void thread(Talk talk) {
        Thread thread = new Thread(
                () -> {
                    try {
                        talk.talk();
                    } catch (IOException e) {
                        // the other side has what it wanted
                    }
                },
                "peer");
        thread.setDaemon(true);
        thread.start();
    }

    /** Whole messages from a stream, by their length. */
    private static final class Messages {

        private final InputStream in;
        private final byte[] buffer = new byte[BUFFER];
        private int held;

        Messages(InputStream in) {
            this.in = in;
        }

        /** Waits for the next and forgets it; false at the end. */
        boolean next() throws IOException {
            while (true) {
                int head = new String(buffer, 0, held, StandardCharsets.US_ASCII).indexOf(END);
                int length = head < 0
                        ? Integer.MAX_VALUE
                        : head + END.length() + length(new String(buffer, 0, head, StandardCharsets.US_ASCII));
                if (held >= length) {
                    System.arraycopy(buffer, length, buffer, 0, held - length);
                    held -= length;
                    return true;
                }
                int read = in.read(buffer, held, buffer.length - held);
                if (read < 0) {
                    return false;
                }
                held += read;
            }
        }

        private static int length(String head) {
            return head.lines()
                    .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:"))
                    .mapToInt(line -> Integer.parseInt(
                            line.substring("content-length:".length()).strip()))
                    .findFirst()
                    .orElse(0);
        }
    }
}
