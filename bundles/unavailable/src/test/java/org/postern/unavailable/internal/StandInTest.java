package org.postern.unavailable.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stand-in of the HTTP interface, over real connections. */
class StandInTest {

    private static final long WAIT_NANOS = Duration.ofSeconds(10).toNanos();

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private int port;
    private StandIn standIn;

    @BeforeEach
    void start() throws IOException {
        port = freePort();
        standIn = new StandIn(null, Map.of("httpPort", Integer.toString(port)));
    }

    @AfterEach
    void stop() {
        standIn.stop();
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** The first answer within a time limit. */
    private HttpResponse<String> answer(String path) throws Exception {
        long end = System.nanoTime() + WAIT_NANOS;
        while (true) {
            try {
                return get(path);
            } catch (IOException e) {
                assertThat(System.nanoTime()).as("no answer in time: " + e).isLessThan(end);
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void everyRequestIsAnswered503WhileTheRoutesAreNotRunning() throws Exception {
        HttpResponse<String> response = answer("/service-requests/id-1");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).contains("5");
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(response.body()).isEqualTo(StandIn.STARTING);

        HttpRequest post = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/top-ups"))
                .POST(HttpRequest.BodyPublishers.ofString("x".repeat(200_000)))
                .build();
        assertThat(client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(503);

        HttpResponse<String> health = answer("/health");
        assertThat(health.statusCode()).isEqualTo(503);
        assertThat(health.body()).contains("\"ready\":false");
    }

    @Test
    void thePortIsFreeAfterTakeAndAnsweredAgainAfterGiveBack() throws Exception {
        answer("/");
        for (int i = 0; i < 20; i++) {
            standIn.take();
            try (ServerSocket routes = new ServerSocket()) {
                routes.bind(new InetSocketAddress("127.0.0.1", port));
                // given back before it is free, as by a server that is still stopping
                standIn.giveBack("{\"code\":\"" + i + "\"}");
            }
            assertThat(answer("/").body()).isEqualTo("{\"code\":\"" + i + "\"}");
        }
        standIn.take();
        assertThatThrownBy(() -> get("/")).isInstanceOf(IOException.class);
    }

    @Test
    void aClientThatStopsInTheMiddleDelaysNoOtherAndDoesNotBlockThePort() throws Exception {
        answer("/");
        try (Socket head = new Socket("127.0.0.1", port);
                Socket body = new Socket("127.0.0.1", port)) {
            head.getOutputStream().write("GET / HT".getBytes(StandardCharsets.US_ASCII));
            body.getOutputStream()
                    .write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx"
                            .getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 20; i++) {
                HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health"))
                        .timeout(Duration.ofSeconds(10))
                        .build();
                assertThat(client.send(request, HttpResponse.BodyHandlers.ofString())
                                .statusCode())
                        .isEqualTo(503);
            }
            standIn.take();
            try (ServerSocket routes = new ServerSocket()) {
                routes.bind(new InetSocketAddress("127.0.0.1", port));
            }
        }
    }

    /** An expired certificate is replaced in its file without a change of settings. */
    @Test
    void theCurrentKeyFilesAreUsedAndFilesCreatedLaterAreFound() throws Exception {
        Path store = folder.resolve("door.p12");
        Path password = Files.writeString(folder.resolve("password"), "changeit\n");
        port = freePort();
        standIn.modified(Map.of(
                "httpPort", port, "httpKeyStore", store.toString(), "httpKeyStorePasswordFile", password.toString()));
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "door",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        folder.resolve("draft").toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .start();
        keytool.getInputStream().readAllBytes();
        assertThat(keytool.waitFor()).isZero();
        Files.move(folder.resolve("draft"), store);
        long end = System.nanoTime() + WAIT_NANOS;
        while (true) {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                // it listens, but does not answer without TLS
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                        .doesNotStartWith("HTTP/1.1 503");
                return;
            } catch (ConnectException e) {
                assertThat(System.nanoTime()).as("there is no listener: " + e).isLessThan(end);
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void changedSettingsTakeEffectAndInvalidSettingsCloseThePort() throws Exception {
        answer("/");
        int before = port;
        port = freePort();
        standIn.modified(Map.of("httpPort", port));
        assertThat(answer("/").statusCode()).isEqualTo(503);
        try (ServerSocket free = new ServerSocket()) {
            free.bind(new InetSocketAddress("127.0.0.1", before));
        }
        for (Map<String, Object> settings : java.util.List.<Map<String, Object>>of(
                Map.of("httpPort", "abc"),
                Map.of("httpPort", 0),
                Map.of("httpPort", port, "httpKeyStore", "/no/such/file"))) {
            standIn.modified(settings);
            assertThatThrownBy(() -> get("/")).isInstanceOf(IOException.class);
        }
    }
}
