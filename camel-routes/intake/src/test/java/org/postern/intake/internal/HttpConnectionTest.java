package org.postern.intake.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.postern.servicerequests.Admission;

/** Connections of the HTTP interface: when they stay open, and what is answered before a body is read. */
class HttpConnectionTest extends IntakeBench {

    private static final int PATIENCE = 50_000;
    private static final String HEALTH = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n";

    /** Long, because these tests do not concern the deadline. */
    @Override
    int requestSeconds() {
        return 60;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private String post(String token, String more) {
        return "POST /service-requests HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer "
                + token + "\r\n" + more;
    }

    @Test
    void aRefusedRequestWithItsBodyLeavesTheConnectionOpen() throws Exception {
        try (RawHttp raw = new RawHttp(port, PATIENCE)) {
            assertThat(raw.exchange(ascii(post("guess", "Content-Length: 2\r\n\r\n{}")))
                            .status())
                    .isEqualTo(401);
            assertThat(raw.exchange(ascii("PUT /top-ups HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token
                                    + "\r\nContent-Length: 3\r\n\r\nabc"))
                            .status())
                    .isEqualTo(405);
            assertThat(raw.exchange(ascii(HEALTH)).status()).isEqualTo(200);
        }
    }

    @Test
    void aRequestWithExpectContinueIsRefusedBeforeItsBody() throws Exception {
        try (RawHttp raw = new RawHttp(port, PATIENCE)) {
            assertThat(raw.exchange(ascii(post("guess", "Content-Length: 100\r\nExpect: 100-continue\r\n\r\n")))
                            .status())
                    .isEqualTo(401);
        }
        try (RawHttp raw = new RawHttp(port, PATIENCE)) {
            assertThat(raw.exchange(ascii(
                                    post(token, "Content-Length: " + (LIMIT + 1) + "\r\nExpect: 100-continue\r\n\r\n")))
                            .status())
                    .isEqualTo(413);
        }
        try (RawHttp raw = new RawHttp(port, PATIENCE)) {
            assertThat(raw.exchange(ascii(post(token, "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n")))
                            .status())
                    .isEqualTo(100);
            assertThat(raw.exchange(ascii("{}")).status()).isEqualTo(202);
        }
        assertThat(submitted).hasSize(1);
    }

    /** The limit also applies without a token, whether the length is announced or not. */
    @Test
    void aBodyBeyondTheLimitIsAnsweredAndNotStored() throws Exception {
        String chunk = Integer.toHexString(LIMIT) + "\r\n" + "x".repeat(LIMIT) + "\r\n";
        for (String known : new String[] {token, "guess"}) {
            try (RawHttp raw = new RawHttp(port, PATIENCE)) {
                RawHttp.Answer answer =
                        raw.exchange(ascii(post(known, "Transfer-Encoding: chunked\r\n\r\n") + chunk + chunk + chunk));
                assertThat(answer.status()).isEqualTo(413);
                assertThat(answer.headers()).containsEntry("connection", "close");
                assertThat(answer.body()).contains("\"code\":\"PST-7308\"");
            }
            try (RawHttp raw = new RawHttp(port, PATIENCE)) {
                // many times the size of the socket buffers, and written before anything is read
                assertThat(raw.exchange(ascii(post(known, "Content-Length: 5000000\r\n\r\n") + "x".repeat(5_000_000)))
                                .status())
                        .isEqualTo(413);
                assertThat(raw.open()).isFalse();
            }
        }
        assertThat(submitted).isEmpty();
        assertThat(counted).hasSize(4).containsOnly("interface http outcome refused");
    }

    @Test
    void aHeadBeyondTheLimitIsRefused() throws Exception {
        try (RawHttp raw = new RawHttp(port, PATIENCE)) {
            RawHttp.Answer answer =
                    raw.exchange(ascii("GET /health HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(20_000) + "\r\n\r\n"));
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("\"code\":\"PST-7321\"");
        }
    }

    /** As when a module is replaced: an admitted request gets its answer, and the port is free afterwards. */
    @Test
    void aRequestInProgressIsAnsweredWhileTheInterfaceCloses() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        answer = submission -> {
            try {
                goOn.await(WAIT, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new Admission.Accepted("id-1", "A:B:7", false);
        };
        try (RawHttp raw = new RawHttp(port, PATIENCE)) {
            raw.send(ascii(post(token, "Content-Length: 2\r\n\r\n{}")));
            assertThat(submitted.poll(WAIT, TimeUnit.MILLISECONDS)).isNotNull();
            CompletableFuture<Void> stop = CompletableFuture.runAsync(routes::stop);
            while (listening()) {
                Thread.onSpinWait();
            }
            goOn.countDown();
            assertThat(raw.answer().status()).isEqualTo(202);
            stop.get(20, TimeUnit.SECONDS);
        }
    }

    private boolean listening() {
        try (RawHttp raw = new RawHttp(port, 100)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
