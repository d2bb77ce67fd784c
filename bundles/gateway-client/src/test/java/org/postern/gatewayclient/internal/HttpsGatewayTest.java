package org.postern.gatewayclient.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.gatewayclient.Exchange;
import org.postern.gatewayclient.TlsFiles;

/** The outcome of an exchange, and the state that the gateway reports after it. */
class HttpsGatewayTest extends GatewayFixture {

    @Test
    void postsTheExactBytesToThePathOfTheServiceAndReturnsTheExactAnswer() throws Exception {
        ScriptedDcc server = server(ScriptedDcc.answering("200 OK", XML, ANSWER));
        HttpsGateway gateway = gateway(server.port());
        Exchange exchange = gateway.post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST);
        assertThat(exchange)
                .isInstanceOfSatisfying(
                        Exchange.Answered.class, a -> assertThat(a.document()).isEqualTo(ANSWER));
        assertThat(server.bodies).containsExactly(REQUEST);
        assertThat(server.heads.get(0))
                .startsWith("POST /api/v1/serviceT HTTP/1.1")
                .contains("application/xml");
        assertThat(gateway.status().answered()).isEqualTo(1);
        assertThat(gateway.status().lastAnswerAt()).contains(CLOCK.instant());
    }

    @Test
    void aStatusOtherThan2xxIsARefusalWithTheTimeOfTheNextAttempt() throws Exception {
        assertRefused("503 Busy", "Retry-After: 7\r\n", 503, Optional.of(Duration.ofSeconds(7)), true);
        assertRefused(
                "429 Slow",
                "Retry-After: Mon, 23 Nov 2026 12:00:30 GMT\r\n",
                429,
                Optional.of(Duration.ofSeconds(30)),
                true);
        assertRefused("503 Busy", "Retry-After: 999999999\r\n", 503, Optional.of(Duration.ofHours(1)), true);
        assertRefused("400 Bad", "Retry-After: nonsense\r\n", 400, Optional.empty(), false);
        assertRefused("302 Found", "Location: https://localhost/elsewhere\r\n", 302, Optional.empty(), false);
    }

    private void assertRefused(String status, String headers, int code, Optional<Duration> wait, boolean worthRepeating)
            throws Exception {
        Exchange exchange = gateway(
                        server(ScriptedDcc.answering(status, headers, ANSWER)).port())
                .post(Lane.ROUTINE, ServiceEndpoint.NON_DEVICE, REQUEST);
        assertThat(exchange)
                .isEqualTo(
                        new Exchange.Refused(code, wait, new String(ANSWER, java.nio.charset.StandardCharsets.UTF_8)));
        assertThat(((Exchange.Refused) exchange).worthRepeating()).isEqualTo(worthRepeating);
    }

    @Test
    void anIncompleteOrUnusableAnswerLeavesTheExchangeInDoubt() throws Exception {
        assertInDoubt((body, out) -> false);
        assertInDoubt((body, out) -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\nContent-Type: application/xml\r\n\r\n<half"
                    .getBytes(StandardCharsets.US_ASCII));
            return false;
        });
        assertInDoubt((body, out) -> {
            out.write("not HTTP at all\r\n\r\n".repeat(100).getBytes(StandardCharsets.US_ASCII));
            return false;
        });
        assertInDoubt(ScriptedDcc.answering("200 OK", "Content-Type: text/html\r\n", ANSWER));
        assertInDoubt(ScriptedDcc.answering("200 OK", "", ANSWER));
        assertInDoubt(ScriptedDcc.answering("200 OK", XML, new byte[0]));
        assertInDoubt(ScriptedDcc.answering("200 OK", XML, new byte[(1 << 20) + 1]));
    }

    @Test
    void aMissingOrVerySlowAnswerIsInDoubtAfterTheTimeout() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        open.add(never::countDown);
        assertInDoubt((body, out) -> {
            never.await();
            return false;
        });
        assertInDoubt((body, out) -> {
            out.write(("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n" + XML + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            while (!never.await(50, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                out.write('x');
                out.flush();
            }
            return false;
        });
    }

    /** A probe waits for a refusal in the same way as an exchange whose first connection failed. */
    @Test
    void anUnfinishedTlsRecordDoesNotBlockTheWaitForARefusal() throws Exception {
        UnfinishedRecordDcc server = new UnfinishedRecordDcc(dcc);
        open.add(server);
        HttpsGateway gateway = gateway(server.port());
        CompletableFuture.runAsync(() -> gateway.probe(Duration.ZERO)).get(8, TimeUnit.SECONDS);
        assertThat(server.bytesSent.get())
                .as("bytes sent during the wait; " + gateway.status().trouble())
                .isGreaterThan(5);
    }

    private void assertInDoubt(ScriptedDcc.Script script) throws Exception {
        ScriptedDcc server = server(script);
        HttpsGateway gateway =
                gateway(settings(server.port(), ours, Duration.ofSeconds(2), 4, 1 << 20, true, "localhost"));
        Exchange exchange = gateway.post(Lane.ROUTINE, ServiceEndpoint.SEND_COMMAND, REQUEST);
        assertThat(exchange).isInstanceOf(Exchange.InDoubt.class);
        // sent once, without an automatic repetition
        assertThat(server.bodies).hasSize(1);
        assertThat(gateway.status().inDoubt()).isEqualTo(1);
    }

    @Test
    void anExchangeThatSentNothingIsUnreachable() throws Exception {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        assertThat(gateway(closed).post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST))
                .isInstanceOf(Exchange.Unreachable.class);
        ScriptedDcc server = server(ScriptedDcc.answering("200 OK", XML, ANSWER));
        TestCertificates other = new TestCertificates(folder, "other");
        TlsFiles suspicious = authority.member("suspicious", other);
        assertThat(gateway(settings(server.port(), suspicious, Duration.ofSeconds(10), 1, 1 << 20, true, "localhost"))
                        .post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST))
                .isInstanceOf(Exchange.Unreachable.class);
        assertThat(server.bodies).isEmpty();
    }

    @Test
    void probesDetectThatTheDccIsGoneAndThatItIsBack() throws Exception {
        ScriptedDcc first = server(ScriptedDcc.answering("200 OK", XML, ANSWER));
        int port = first.port();
        HttpsGateway gateway = gateway(port);
        gateway.probe(Duration.ZERO);
        assertThat(gateway.status().trouble()).isEmpty();
        first.close();
        // the first probe may still reach the socket that is closing
        for (int i = 0; i < 4; i++) {
            gateway.probe(Duration.ZERO);
        }
        assertThat(gateway.status().trouble())
                .hasValueSatisfying(fault -> assertThat(fault.code()).isEqualTo("PST-7008"));
        open.add(new ScriptedDcc(dcc, port, ScriptedDcc.answering("200 OK", XML, ANSWER)));
        gateway.probe(Duration.ZERO);
        assertThat(gateway.status().trouble()).isEmpty();
        assertThat(first.bodies).as("a probe sends nothing").isEmpty();
    }
}
