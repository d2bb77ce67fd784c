package org.postern.intake.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Resources that the interfaces need are missing at their start and become available later. */
class OpeningTest extends IntakeBench {

    private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();

    private String test;
    private ServerSocket other;

    @Override
    void start() {
        // each test starts the routes itself with the method below
    }

    @BeforeEach
    void start(TestInfo info) throws Exception {
        test = info.getTestMethod().orElseThrow().getName();
        super.start();
    }

    @Override
    IntakeConfig config() throws Exception {
        IntakeConfig plain = super.config();
        if (test.startsWith("aPort")) {
            other = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"));
            return plain;
        }
        Files.createDirectories(home.resolve("secrets"));
        Files.writeString(home.resolve("secrets/token"), "token");
        Files.writeString(home.resolve("password"), "changeit");
        return (IntakeConfig) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {IntakeConfig.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "httpKeyStore" -> home.resolve("interface.p12").toString();
                    case "httpKeyStorePasswordFile" -> home.resolve("password").toString();
                    default -> method.invoke(plain, arguments);
                });
    }

    @Test
    void aPortOfAnotherProcessIsOpenedOnceItIsFree() throws Exception {
        assertThat(portEvents)
                .as("the port was given back to the listener that answers 503")
                .first()
                .isEqualTo("taken");
        assertThat(portEvents).element(1).asString().contains("PST-7330");
        other.close();
        HttpRequest health = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health"))
                .build();
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            try {
                assertThat(HttpClient.newHttpClient()
                                .send(health, HttpResponse.BodyHandlers.ofString())
                                .statusCode())
                        .isEqualTo(200);
                return;
            } catch (IOException e) {
                assertThat(System.nanoTime()).as("opened in time: " + e).isLessThan(end);
            }
        }
    }

    @Test
    void keyFilesCreatedLaterOpenTheInterfaces() throws Exception {
        HttpKeysTest.store(home.resolve("draft.p12"), "localhost");
        Files.move(home.resolve("draft.p12"), home.resolve("interface.p12"));
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            try (Socket open = new Socket("127.0.0.1", port)) {
                assertThat(portEvents).last().isEqualTo("taken");
                return;
            } catch (IOException e) {
                assertThat(System.nanoTime()).as("opened in time: " + e).isLessThan(end);
            }
        }
    }
}
