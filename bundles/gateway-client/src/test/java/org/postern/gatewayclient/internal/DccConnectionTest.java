package org.postern.gatewayclient.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.gatewayclient.Exchange;
import org.postern.gatewayclient.TlsFiles;
import org.postern.testkit.Await;

/** When a connection is reused, and what ends the wait for an answer. */
class DccConnectionTest {

    private static final byte[] REQUEST = "<sr:Request/>".getBytes(StandardCharsets.UTF_8);
    private static final byte[] ANSWER = "<sr:Response/>".getBytes(StandardCharsets.UTF_8);
    private static final String XML = "Content-Type: application/xml\r\n";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private TlsFiles dcc;
    private TlsFiles ours;
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeEach
    void makeCertificates() throws Exception {
        TestCertificates authority = new TestCertificates(folder, "authority");
        dcc = authority.member("dcc", authority, "localhost");
        ours = authority.member("postern", authority);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Test
    void anAnswerInChunksAfterInterimAnswersIsReadAndItsConnectionUsedAgain() throws Exception {
        ScriptedDcc server = server((body, out) -> {
            out.write(("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
                            + XML + "\r\n5\r\n<sr:R\r\n9\r\nesponse/>\r\n0\r\nX-Trailer: 1\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            return true;
        });
        HttpsGateway gateway = gateway(server.port());
        for (int i = 0; i < 3; i++) {
            assertThat(post(gateway))
                    .isInstanceOfSatisfying(
                            Exchange.Answered.class,
                            a -> assertThat(a.document()).isEqualTo(ANSWER));
        }
        assertThat(server.handshakes.get()).isEqualTo(1);
    }

    @Test
    void bytesAfterAnAnswerAreNeverUsedAsTheNextAnswer() throws Exception {
        byte[] other = "<sr:Other/>".getBytes(StandardCharsets.UTF_8);
        ScriptedDcc server = server((body, out) -> {
            String twice = "";
            for (byte[] each : List.of(ANSWER, other)) {
                twice += "HTTP/1.1 200 OK\r\n" + XML + "Content-Length: " + each.length + "\r\n\r\n"
                        + new String(each, StandardCharsets.UTF_8);
            }
            out.write(twice.getBytes(StandardCharsets.UTF_8));
            return true;
        });
        HttpsGateway gateway = gateway(server.port());
        for (int i = 0; i < 3; i++) {
            assertThat(post(gateway))
                    .isInstanceOfSatisfying(
                            Exchange.Answered.class,
                            a -> assertThat(a.document()).isEqualTo(ANSWER));
        }
        assertThat(server.handshakes.get()).as("connections").isEqualTo(3);
    }

    @Test
    void aConnectionThatTheDccClosesAfterItsAnswerIsNotReused() throws Exception {
        ScriptedDcc announcing = server(ScriptedDcc.answering("200 OK", XML + "Connection: close\r\n", ANSWER));
        HttpsGateway gateway = gateway(announcing.port());
        assertThat(post(gateway)).isInstanceOf(Exchange.Answered.class);
        assertThat(post(gateway)).isInstanceOf(Exchange.Answered.class);
        assertThat(announcing.handshakes.get()).isEqualTo(2);

        CountDownLatch closed = new CountDownLatch(1);
        ScriptedDcc silent = server((body, out) -> {
            ScriptedDcc.answering("200 OK", XML, ANSWER).answer(body, out);
            out.close();
            closed.countDown();
            return true;
        });
        gateway = gateway(silent.port());
        assertThat(post(gateway)).isInstanceOf(Exchange.Answered.class);
        assertThat(closed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(post(gateway))
                .as("the closed connection is detected before anything is written")
                .isInstanceOf(Exchange.Answered.class);
        assertThat(silent.bodies).hasSize(2);
    }

    @Test
    void anInterruptedExchangeIsInDoubtAtOnce() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        open.add(never::countDown);
        ScriptedDcc server = server((body, out) -> {
            never.await();
            return false;
        });
        HttpsGateway gateway = gateway(server.port());
        CompletableFuture<Exchange> outcome = new CompletableFuture<>();
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            outcome.complete(post(gateway));
            flag.complete(Thread.currentThread().isInterrupted());
        });
        caller.start();
        Await.until("the request has arrived", PATIENCE, () -> server.bodies.size() == 1);
        caller.interrupt();
        assertThat(outcome.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(Exchange.InDoubt.class);
        assertThat(flag.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anExchangeInProgressIsInDoubtWhenTheGatewayIsClosed() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        open.add(never::countDown);
        ScriptedDcc server = server((body, out) -> {
            never.await();
            return false;
        });
        HttpsGateway gateway = gateway(server.port());
        CompletableFuture<Exchange> outcome = CompletableFuture.supplyAsync(() -> post(gateway));
        Await.until("the request has arrived", PATIENCE, () -> server.bodies.size() == 1);
        gateway.close();
        assertThat(outcome.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(Exchange.InDoubt.class);
    }

    @Test
    void aServerWithoutATlsHandshakeIsUnreachableAfterTheConnectTimeout() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Exchange exchange = post(gateway(mute.getLocalPort()));
            assertThat(exchange).isInstanceOf(Exchange.Unreachable.class);
        }
    }

    private static Exchange post(HttpsGateway gateway) {
        return gateway.post(Lane.ROUTINE, ServiceEndpoint.SEND_COMMAND, REQUEST);
    }

    private ScriptedDcc server(ScriptedDcc.Script script) throws Exception {
        ScriptedDcc server = new ScriptedDcc(dcc, script);
        open.add(server);
        return server;
    }

    private HttpsGateway gateway(int port) {
        String base = "https://localhost:" + port;
        HttpsGateway gateway = new HttpsGateway(
                new GatewaySettings(
                        GatewaySettings.uri("baseUrl", base, ""),
                        GatewaySettings.endpoints(base, "/t", "/s", "/d"),
                        ours,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(10),
                        1,
                        0,
                        1 << 20,
                        true),
                Clock.systemUTC());
        open.add(0, gateway);
        return gateway;
    }
}
