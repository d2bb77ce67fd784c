package org.postern.gatewayclient.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.PosternException;
import org.postern.gatewayclient.CallbackHandler;
import org.postern.gatewayclient.CallbackHandler.Receipt;
import org.postern.gatewayclient.TlsFiles;
import org.postern.testkit.ForeignBytes;

class CallbackServerTest {

    private static final int LIMIT = 100_000;
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final byte[] DOCUMENT = "<sr:Response>caf\u00e9</sr:Response>".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private ThrowawayTls authority;
    private TlsFiles ours;
    private TlsFiles dcc;
    private final List<byte[]> taken = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeEach
    void makeCertificates() throws Exception {
        authority = new ThrowawayTls(folder, "authority");
        ours = authority.member("postern", authority, "localhost");
        dcc = authority.member("dcc", authority);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Test
    void handsOverTheExactBytesAndThePeersNameAndAcknowledges() throws Exception {
        List<String> peers = new CopyOnWriteArrayList<>();
        CallbackServer server = start((document, peer) -> {
            peers.add(peer);
            return take(document);
        });
        HttpResponse<byte[]> response =
                client(dcc).send(post(server, DOCUMENT), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(response.body()).isEmpty();
        assertThat(response.headers().map()).doesNotContainKey("server");
        assertThat(taken).containsExactly(DOCUMENT);
        assertThat(peers).containsExactly("CN=dcc");
    }

    // The DCC may forget a document as soon as it has our answer.
    @Test
    void theAnswerWaitsUntilTheHandlerHasReturned() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch durable = new CountDownLatch(1);
        CallbackServer server = start((document, peer) -> {
            inside.countDown();
            await(durable);
            return take(document);
        });
        var response = client(dcc).sendAsync(post(server, DOCUMENT), HttpResponse.BodyHandlers.discarding());
        assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(response).isNotDone();
        durable.countDown();
        assertThat(response.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(204);
    }

    @Test
    void theHandlersWordBecomesTheStatus() throws Exception {
        assertThat(status(start((document, peer) -> Receipt.BAD))).isEqualTo(400);
        CallbackServer busy = start((document, peer) -> Receipt.BUSY);
        HttpResponse<Void> response = client(dcc).send(post(busy, DOCUMENT), HttpResponse.BodyHandlers.discarding());
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
        assertThat(status(start((document, peer) -> {
                    throw new IllegalStateException("the ledger is gone");
                })))
                .isEqualTo(503);
    }

    @Test
    void withoutAGoodClientCertificateNothingReachesTheHandler() throws Exception {
        CallbackServer server = start((document, peer) -> take(document));
        TlsFiles stranger = new ThrowawayTls(folder, "other").member("stranger", authority);
        assertThatThrownBy(() -> client(ThrowawayTls.withoutKey(dcc))
                        .send(post(server, DOCUMENT), HttpResponse.BodyHandlers.discarding()))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> client(stranger).send(post(server, DOCUMENT), HttpResponse.BodyHandlers.discarding()))
                .isInstanceOf(IOException.class);
        HttpRequest plain = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/smartdcc/duis"))
                .POST(BodyPublishers.ofByteArray(DOCUMENT))
                .timeout(Duration.ofSeconds(5))
                .build();
        assertThatThrownBy(() -> HttpClient.newHttpClient().send(plain, HttpResponse.BodyHandlers.discarding()))
                .isInstanceOf(IOException.class);
        assertThat(taken).isEmpty();
    }

    @Test
    void otherPathsMethodsAndTypesAreRefused() throws Exception {
        CallbackServer server = start((document, peer) -> take(document));
        URI good = uri(server, "/smartdcc/duis");
        assertThat(send(HttpRequest.newBuilder(uri(server, "/smartdcc/duis/x"))
                        .header("Content-Type", "application/xml")
                        .POST(BodyPublishers.ofByteArray(DOCUMENT))))
                .isEqualTo(404);
        assertThat(send(HttpRequest.newBuilder(good)
                        .header("Content-Type", "application/xml")
                        .PUT(BodyPublishers.ofByteArray(DOCUMENT))))
                .isEqualTo(405);
        assertThat(send(HttpRequest.newBuilder(good).GET())).isEqualTo(405);
        assertThat(send(HttpRequest.newBuilder(good)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(DOCUMENT))))
                .isEqualTo(415);
        assertThat(send(HttpRequest.newBuilder(good).POST(BodyPublishers.ofByteArray(DOCUMENT))))
                .isEqualTo(415);
        assertThat(taken).isEmpty();
    }

    @Test
    void theSizeLimitHoldsForDeclaredAndForStreamedBodies() throws Exception {
        CallbackServer server = start((document, peer) -> take(document));
        assertThat(send(request(server, BodyPublishers.ofByteArray(new byte[LIMIT]))))
                .isEqualTo(204);
        assertThat(refusedOrCut(request(server, BodyPublishers.ofByteArray(new byte[LIMIT + 1]))))
                .isTrue();
        assertThat(refusedOrCut(request(
                        server,
                        BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(new byte[20_000_000])))))
                .isTrue();
        assertThat(taken).hasSize(1);
        assertThat(status(server)).as("still healthy").isEqualTo(204);
    }

    /** 413, or the connection closed under a sender that does not stop. */
    private boolean refusedOrCut(HttpRequest.Builder request) throws InterruptedException {
        try {
            return send(request) == 413;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void beyondTheLimitOfDocumentsAtOnceTheDccIsToldToComeBack() throws Exception {
        CountDownLatch inside = new CountDownLatch(2);
        CountDownLatch release = new CountDownLatch(1);
        CallbackServer server = start((document, peer) -> {
            inside.countDown();
            await(release);
            return take(document);
        });
        var first = client(dcc).sendAsync(post(server, DOCUMENT), HttpResponse.BodyHandlers.discarding());
        var second = client(dcc).sendAsync(post(server, DOCUMENT), HttpResponse.BodyHandlers.discarding());
        assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(status(server)).isEqualTo(503);
        release.countDown();
        assertThat(first.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(204);
        assertThat(second.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(204);
    }

    @Test
    void thePortStaysOpenWhileTheHandlerIsExchanged() throws Exception {
        ReceiveResponseComponent.Config config = config(Map.of(
                "port",
                0,
                "keyStore",
                ours.keyStore().toString(),
                "keyStorePasswordFile",
                ours.keyStorePassword().toString(),
                "trustStore",
                ours.trustStore().toString(),
                "trustStorePasswordFile",
                ours.trustStorePassword().toString()));
        ReceiveResponseComponent component = new ReceiveResponseComponent(config);
        open.add(component::deactivate);
        URI uri = URI.create("https://localhost:" + component.port() + "/smartdcc/duis");
        HttpRequest post = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/xml")
                .POST(BodyPublishers.ofByteArray(DOCUMENT))
                .build();
        assertThat(client(dcc)
                        .send(post, HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(503);
        CallbackHandler handler = (document, peer) -> take(document);
        component.bindHandler(handler);
        assertThat(client(dcc)
                        .send(post, HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(204);
        component.unbindHandler(handler);
        assertThat(client(dcc)
                        .send(post, HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(503);
        assertThat(taken).hasSize(1);
    }

    @Test
    void aPortThatIsTakenIsRefusedByNumber() throws Exception {
        CallbackServer server = start((document, peer) -> take(document));
        assertThatThrownBy(() -> new CallbackServer(settings(server.port()), (document, peer) -> Receipt.TAKEN).start())
                .isInstanceOfSatisfying(
                        PosternException.class,
                        e -> assertThat(e.fault().code()).isEqualTo("PST-7002"));
    }

    @Test
    void slowSendersHoldNoPlaceAndAreClosedInTimeWhileAGoodOneIsAnswered() throws Exception {
        CallbackServer server = start((document, peer) -> take(document));
        List<SSLSocket> slow = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            SSLSocket socket =
                    (SSLSocket) ThrowawayTls.context(dcc).getSocketFactory().createSocket("localhost", server.port());
            open.add(socket);
            socket.setSoTimeout(20_000);
            // some stop in the middle of the head, some in the body
            String head = "POST /smartdcc/duis HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/xml\r\n";
            socket.getOutputStream()
                    .write((i % 2 == 0 ? head : head + "Content-Length: 50000\r\n\r\n<half")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            slow.add(socket);
        }
        // one byte now and then keeps a connection from being idle, not from being too slow
        Thread dribble = new Thread(() -> slow.forEach(each -> dribble(each)));
        dribble.setDaemon(true);
        dribble.start();
        long begun = System.nanoTime();
        assertThat(status(server)).as("a good sender beside them").isEqualTo(204);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(DEADLINE);
        for (SSLSocket each : slow) {
            assertThat(closed(each)).isTrue();
        }
        assertThat(taken).hasSize(1);
        assertThat(server.figures()).containsEntry("postern_receive_response_too_slow_total", 80L);
        assertThat(status(server)).isEqualTo(204);
    }

    private static void dribble(SSLSocket socket) {
        try {
            socket.getOutputStream().write('x');
            socket.getOutputStream().flush();
        } catch (IOException e) {
            // closed: that is the point
        }
    }

    private static boolean closed(SSLSocket socket) {
        try {
            while (socket.getInputStream().read() >= 0) {
                // an answer of refusal may come before the end
            }
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /**
     * Heads changed at random, lengths and chunks that do not fit, cut ones: an answer that is no fault of ours, or
     * closed in time.
     */
    @Test
    void whateverTheBytesOnlyWholeRequestsReachTheHandler() throws Exception {
        long seed = Long.getLong("postern.seed", 20261129L);
        CallbackServer server = start((document, peer) -> take(document));
        String head = "POST /smartdcc/duis HTTP/1.1\r\nHost: x\r\nContent-Type: application/xml\r\n";
        String body = new String(DOCUMENT, StandardCharsets.UTF_8);
        byte[] whole =
                (head + "Content-Length: " + DOCUMENT.length + "\r\n\r\n" + body).getBytes(StandardCharsets.UTF_8);
        String chunked = head + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(DOCUMENT.length) + "\r\n"
                + body + "\r\n";
        List<byte[]> requests = new ArrayList<>();
        for (String broken : List.of(
                chunked + "zz\r\n",
                chunked + "-1\r\n",
                chunked,
                chunked + "5\r\nab",
                head + "Content-Length: 3\r\nContent-Length: 4\r\n\r\n" + body,
                head + "Content-Length: " + (DOCUMENT.length + 1) + "\r\n\r\n" + body)) {
            requests.add(broken.getBytes(StandardCharsets.UTF_8));
        }
        int broken = requests.size();
        ForeignBytes.random(
                seed,
                Integer.getInteger("postern.documents", 600) / 3,
                List.of(whole, (chunked + "0\r\n\r\n").getBytes(StandardCharsets.UTF_8)),
                requests::add);
        ExecutorService pool = Executors.newFixedThreadPool(40);
        List<Future<Integer>> statuses = requests.stream()
                .map(request -> pool.submit(() -> answer(server, request)))
                .toList();
        Map<Integer, Integer> outcomes = new TreeMap<>();
        for (int i = 0; i < statuses.size(); i++) {
            int status = statuses.get(i).get();
            outcomes.merge(status, 1, Integer::sum);
            assertThat(status)
                    .as("seed " + seed + " request " + new String(requests.get(i), StandardCharsets.ISO_8859_1))
                    .isIn(
                            i < broken
                                    ? List.of(0, 400)
                                    : List.of(0, 204, 400, 404, 405, 408, 411, 413, 414, 415, 417, 431, 501, 505));
        }
        pool.shutdownNow();
        System.out.println("Receive Response: seed " + seed + ", " + outcomes);
        assertThat(taken).hasSize(outcomes.get(204));
        assertThat(status(server)).as("as good as before").isEqualTo(204);
    }

    /** The status of the answer; 0 where it is closed without one. */
    private int answer(CallbackServer server, byte[] request) throws Exception {
        try (SSLSocket socket =
                (SSLSocket) ThrowawayTls.context(dcc).getSocketFactory().createSocket("localhost", server.port())) {
            socket.setSoTimeout((int) DEADLINE.toMillis() * 5);
            socket.getOutputStream().write(request);
            String line = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))
                    .readLine();
            return line == null ? 0 : Integer.parseInt(line.split(" ")[1]);
        } catch (java.net.SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            return 0;
        }
    }

    @Test
    void aHandlerThatTakesLongIsNotTooSlowASender() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CallbackServer server = start((document, peer) -> {
            await(release);
            return take(document);
        });
        var response = client(dcc).sendAsync(post(server, DOCUMENT), HttpResponse.BodyHandlers.discarding());
        assertThat(release.await(DEADLINE.toMillis() + 1500, TimeUnit.MILLISECONDS))
                .isFalse();
        release.countDown();
        assertThat(response.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(204);
        assertThat(server.figures()).containsEntry("postern_receive_response_too_slow_total", 0L);
    }

    @Test
    void aPortThatIsTakenIsTroubleUntilItIsFree() throws Exception {
        CallbackServer other = start((document, peer) -> Receipt.TAKEN);
        ReceiveResponseComponent component = new ReceiveResponseComponent(config(files(other.port())));
        open.add(component::deactivate);
        assertThat(component.port()).isEqualTo(-1);
        assertThat(component.trouble())
                .hasValueSatisfying(fault -> assertThat(fault.code()).isEqualTo("PST-7002"));
        other.close();
        until(() -> component.port() > 0);
        assertThat(component.trouble()).isEmpty();
    }

    @Test
    void renewedKeyFilesAreTakenAndOnesThatDoNotFitLeaveTheLastGoodListener() throws Exception {
        ReceiveResponseComponent component = new ReceiveResponseComponent(config(files(0)));
        open.add(component::deactivate);
        component.bindHandler((document, peer) -> take(document));
        String first = serial(component.port());
        byte[] good = Files.readAllBytes(ours.keyStore());
        authority.renewWithAnothersKey("postern", "localhost");
        until(() -> component.trouble().isPresent());
        assertThat(component.trouble().orElseThrow().cause()).contains("CN=postern", "serial");
        assertThat(serial(component.port())).isEqualTo(first);
        Files.write(ours.keyStore(), "half a file".getBytes(StandardCharsets.UTF_8));
        assertThat(serial(component.port())).isEqualTo(first);
        authority.member("postern", authority, "localhost");
        until(() -> component.trouble().isEmpty());
        assertThat(serial(component.port())).isNotEqualTo(first);
        assertThat(good).isNotEqualTo(Files.readAllBytes(ours.keyStore()));
    }

    @Test
    void settingsThatDoNotFitLeaveTheLastGoodListener() throws Exception {
        ReceiveResponseComponent component = new ReceiveResponseComponent(config(files(0)));
        open.add(component::deactivate);
        int port = component.port();
        Map<String, Object> wrong = new java.util.HashMap<>(files(0));
        wrong.put("keyStore", ours.trustStore().toString());
        component.configure(config(wrong));
        assertThat(component.port()).isEqualTo(port);
        assertThat(component.trouble())
                .hasValueSatisfying(
                        fault -> assertThat(fault.field()).isEqualTo("org.postern.receiveresponse/keyStore"));
        component.configure(config(files(0)));
        assertThat(component.trouble()).isEmpty();
    }

    @Test
    void aCallersRefusedCertificateIsNamedAndOneThatShowsNoneCounted() throws Exception {
        CallbackServer server = start((document, peer) -> take(document));
        TlsFiles stranger = new ThrowawayTls(folder, "other").member("stranger", authority);
        assertThatThrownBy(() -> client(ThrowawayTls.insisting(stranger))
                        .send(post(server, DOCUMENT), HttpResponse.BodyHandlers.discarding()))
                .isInstanceOf(IOException.class);
        until(() -> server.lastRefusal().contains("CN=stranger serial"));
        assertThat(server.figures().get("postern_receive_response_certificates_refused_total"))
                .isPositive();
        long before = server.figures().get("postern_receive_response_handshakes_failed_total");
        assertThatThrownBy(() -> client(ThrowawayTls.withoutKey(dcc))
                        .send(post(server, DOCUMENT), HttpResponse.BodyHandlers.discarding()))
                .isInstanceOf(IOException.class);
        until(() -> server.figures().get("postern_receive_response_handshakes_failed_total") > before);
    }

    private String serial(int port) throws Exception {
        try (SSLSocket socket =
                (SSLSocket) ThrowawayTls.context(dcc).getSocketFactory().createSocket("localhost", port)) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSerialNumber()
                    .toString();
        }
    }

    private Map<String, Object> files(int port) {
        return Map.of(
                "port",
                port,
                "keyStore",
                ours.keyStore().toString(),
                "keyStorePasswordFile",
                ours.keyStorePassword().toString(),
                "trustStore",
                ours.trustStore().toString(),
                "trustStorePasswordFile",
                ours.trustStorePassword().toString());
    }

    static void until(java.util.concurrent.Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            java.util.concurrent.locks.LockSupport.parkNanos(
                    Duration.ofMillis(50).toNanos());
        }
    }

    private static ReceiveResponseComponent.Config config(Map<String, Object> values) {
        return (ReceiveResponseComponent.Config) Proxy.newProxyInstance(
                CallbackServerTest.class.getClassLoader(),
                new Class<?>[] {ReceiveResponseComponent.Config.class},
                (proxy, method, arguments) -> values.getOrDefault(method.getName(), method.getDefaultValue()));
    }

    private Receipt take(byte[] document) {
        taken.add(document);
        return Receipt.TAKEN;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private CallbackServer start(CallbackHandler handler) {
        CallbackServer server = new CallbackServer(settings(0), handler).start();
        open.add(server);
        return server;
    }

    private CallbackServer.Settings settings(int port) {
        return new CallbackServer.Settings(
                "127.0.0.1", port, "/smartdcc/duis", ours, LIMIT, 204, 400, 503, 2, Duration.ofSeconds(20), DEADLINE);
    }

    private int status(CallbackServer server) throws IOException, InterruptedException {
        return client(dcc)
                .send(post(server, DOCUMENT), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private int send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client(dcc)
                .send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static HttpRequest.Builder request(CallbackServer server, HttpRequest.BodyPublisher body) {
        return HttpRequest.newBuilder(uri(server, "/smartdcc/duis"))
                .header("Content-Type", "application/xml")
                .timeout(Duration.ofSeconds(20))
                .POST(body);
    }

    private static HttpRequest post(CallbackServer server, byte[] document) {
        return request(server, BodyPublishers.ofByteArray(document)).build();
    }

    private static URI uri(CallbackServer server, String path) {
        return URI.create("https://localhost:" + server.port() + path);
    }

    private static HttpClient client(TlsFiles files) {
        return client(ThrowawayTls.context(files));
    }

    private static HttpClient client(SSLContext context) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(context)
                .build();
    }
}
