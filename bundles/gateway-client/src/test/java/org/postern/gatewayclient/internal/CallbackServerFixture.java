package org.postern.gatewayclient.internal;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.postern.gatewayclient.CallbackHandler;
import org.postern.gatewayclient.CallbackHandler.Receipt;
import org.postern.gatewayclient.TlsFiles;

/** Certificates, servers and clients for the tests of Receive Response. */
abstract class CallbackServerFixture {

    static final int LIMIT = 100_000;

    static final Duration DEADLINE = Duration.ofSeconds(3);

    static final byte[] DOCUMENT = "<sr:Response>caf\u00e9</sr:Response>".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    TestCertificates authority;

    TlsFiles ours;

    TlsFiles dcc;

    final List<byte[]> taken = new CopyOnWriteArrayList<>();

    final List<AutoCloseable> open = new ArrayList<>();

    @BeforeEach
    void makeCertificates() throws Exception {
        authority = new TestCertificates(folder, "authority");
        ours = authority.member("postern", authority, "localhost");
        dcc = authority.member("dcc", authority);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    Receipt take(byte[] document) {
        taken.add(document);
        return Receipt.TAKEN;
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    CallbackServer start(CallbackHandler handler) {
        CallbackServer server = new CallbackServer(settings(0), handler).start();
        open.add(server);
        return server;
    }

    CallbackServer.Settings settings(int port) {
        return new CallbackServer.Settings(
                "127.0.0.1", port, "/smartdcc/duis", ours, LIMIT, 204, 400, 503, 2, Duration.ofSeconds(20), DEADLINE);
    }

    int status(CallbackServer server) throws IOException, InterruptedException {
        return client(dcc)
                .send(post(server, DOCUMENT), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    int send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client(dcc)
                .send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    static HttpRequest.Builder request(CallbackServer server, HttpRequest.BodyPublisher body) {
        return HttpRequest.newBuilder(uri(server, "/smartdcc/duis"))
                .header("Content-Type", "application/xml")
                .timeout(Duration.ofSeconds(20))
                .POST(body);
    }

    static HttpRequest post(CallbackServer server, byte[] document) {
        return request(server, BodyPublishers.ofByteArray(document)).build();
    }

    static URI uri(CallbackServer server, String path) {
        return URI.create("https://localhost:" + server.port() + path);
    }

    static HttpClient client(TlsFiles files) {
        return client(TestCertificates.context(files));
    }

    static HttpClient client(SSLContext context) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(context)
                .build();
    }
}
