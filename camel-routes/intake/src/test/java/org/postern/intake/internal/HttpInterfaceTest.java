package org.postern.intake.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Lane;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.Submission;

/** Service Requests over the HTTP interface, with real connections. */
class HttpInterfaceTest extends HttpBench {

    @Test
    void anAdmittedRequestIsAnswered202WithItsIdAndLocation() throws Exception {
        HttpResponse<String> response =
                send(post("application/json", "{\"service\":\"4.1.1\"}").header("Idempotency-Key", "k1"));
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.headers().firstValue("Location")).contains("/service-requests/id-1");
        assertThat(response.body()).contains("\"id\":\"id-1\"", "\"requestId\":\"A:B:7\"");
        Submission taken = submitted.poll();
        assertThat(taken.format()).isEqualTo(Submission.Format.JSON);
        assertThat(taken.correlationId()).contains("k1");
    }

    @Test
    void aRefusalIsAProblemThatNamesFieldAndRemedy() throws Exception {
        answer = submission -> Admission.Refused.permanent("id-4", FAULT);
        HttpResponse<String> response = send(post("application/xml", "<Request/>"));
        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(response.body()).contains("\"code\":\"PST-2104\"", "\"field\":\"service\"", "ask another role");
        answer = submission -> Admission.Refused.temporary(FAULT);
        response = send(post("application/xml", "<Request/>"));
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
    }

    /** An Error can occur while a module is replaced: the client still has to get an answer. */
    @Test
    void anErrorDuringAdmissionIsAnswered() throws Exception {
        answer = submission -> {
            throw new NoClassDefFoundError("org/postern/some/Class");
        };
        HttpResponse<String> response = send(post("application/json", "{}").timeout(Duration.ofSeconds(20)));
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).contains("\"code\":\"PST-7399\"");
        assertThat(counted).containsExactly("interface http outcome failed", "handled by intake intake-http");
    }

    /** Requests that arrive before or after are answered with 503. */
    @Test
    void theRoutesHoldThePortFromTheirStartToTheirEnd() {
        assertThat(portEvents).containsExactly("taken");
        routes.stop();
        assertThat(portEvents.getLast()).contains("\"status\":503", "\"code\":\"PST-7330\"");
    }

    @Test
    void requestsSentWithoutWaitingAreAnsweredInTheirOrder() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        answer = submission -> {
            hold(first);
            return new Admission.Accepted("id-1", "A:B:7", false);
        };
        try (RawHttp raw = new RawHttp(port, 10_000)) {
            byte[] health = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
            raw.send(RawHttp.post(
                    "/service-requests", token, "application/json", "{}".getBytes(StandardCharsets.UTF_8)));
            raw.send(health);
            raw.send("GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            assertThat(submitted.poll(WAIT, TimeUnit.MILLISECONDS)).isNotNull();
            // a request on another connection does not wait
            assertThat(send(get("/health")).statusCode()).isEqualTo(200);
            first.countDown();
            assertThat(raw.answer().status()).isEqualTo(202);
            assertThat(raw.answer().status()).isEqualTo(200);
            assertThat(raw.answer().status()).isEqualTo(401);
            assertThat(raw.exchange(health).status()).isEqualTo(200);
        }
    }

    @Test
    void aLaneThatDoesNotExistIsRefused() throws Exception {
        HttpResponse<String> response = send(post("application/json", "{}").header("Postern-Lane", "FAST"));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body())
                .contains(
                        "\"code\":\"PST-7327\"",
                        "\"field\":\"Postern-Lane\"",
                        "it is FAST",
                        "PREPAYMENT, INTERACTIVE, ROUTINE, BULK");
        assertThat(submitted).isEmpty();
        assertThat(send(post("application/json", "{}").header("Postern-Lane", "bulk"))
                        .statusCode())
                .isEqualTo(202);
        assertThat(submitted.poll().lane()).contains(Lane.BULK);
    }

    @Test
    void requestsWithoutTokenOrBeyondTheSizeLimitAreRefused() throws Exception {
        HttpRequest.Builder bare = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/service-requests"))
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .header("Content-Type", "application/json");
        assertThat(send(bare.copy()).statusCode()).isEqualTo(401);
        assertThat(send(bare.copy().header("Authorization", "Bearer guess")).statusCode())
                .isEqualTo(401);
        assertThat(send(post("application/json", "x".repeat(LIMIT + 1))).statusCode())
                .isEqualTo(413);
        // refused before it reaches an operation, but counted nevertheless
        assertThat(counted).containsOnlyOnce("interface http outcome refused");
        assertThat(send(post("text/plain", "x")).statusCode()).isEqualTo(415);
        assertThat(submitted).isEmpty();
    }

    @Test
    void otherContentTypesAreRefused() throws Exception {
        for (String type : List.of(
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/x-java-serialized-object",
                "",
                "nonsense",
                "application/json; charset=\u0000",
                "text/xml")) {
            for (String body : List.of("{\"service\":\"4.1.1\"}", "a=b&c", "%", "=&=&%zz", "")) {
                int status = raw("POST /service-requests HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\n"
                        + (type.isEmpty() ? "" : "Content-Type: " + type + "\r\n") + "Content-Length: " + body.length()
                        + "\r\n\r\n" + body);
                assertThat(status)
                        .as(type + " " + body)
                        .isIn(
                                type.contains("xml")
                                        ? List.of(202)
                                        : type.contains("\u0000") ? List.of(400, 202) : List.of(415));
            }
        }
    }

    /** The status of the answer, or 0 if there is none. */
    private int raw(String request) throws Exception {
        try (java.net.Socket socket = new java.net.Socket("127.0.0.1", port)) {
            socket.setSoTimeout((int) WAIT);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String line = new java.io.BufferedReader(
                            new java.io.InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))
                    .readLine();
            return line == null ? 0 : Integer.parseInt(line.split(" ")[1]);
        }
    }

    @Test
    void withoutTheAdmissionServiceSubmissionsGet503AndOtherRequestsAreAnswered() throws Exception {
        routes.unbindRequests(services.requests());
        routes.unbindTopUps(services.topUps());
        for (HttpRequest.Builder request : List.of(
                post("application/json", "{}"),
                post("/top-ups", "application/json", "{}").header("Idempotency-Key", "k"))) {
            HttpResponse<String> response = send(request);
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.headers().firstValue("Retry-After")).isPresent();
            assertThat(response.body()).contains("\"code\":\"PST-7323\"");
        }
        assertThat(send(get("/health")).statusCode()).isEqualTo(200);
        assertThat(send(get("/metrics")).statusCode()).isEqualTo(200);
        assertThat(send(get("/service-requests/unknown")).statusCode()).isEqualTo(404);
        assertThat(submitted).isEmpty();
        routes.bindRequests(services.requests());
        assertThat(send(post("application/json", "{}")).statusCode()).isEqualTo(202);
    }

    /**
     * Each connection sends a byte at intervals, so that none is idle: incomplete heads, bodies and chunks, and a
     * connection without any byte.
     */
    @Test
    void eightySlowUploadsDelayNoOtherAndEndAtTheDeadline() throws Exception {
        String head = "POST /service-requests HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token
                + "\r\nContent-Type: application/json\r\n";
        List<String> begun = List.of(
                "POST /service-requests HTTP/1.1\r\nX: ",
                head + "Content-Length: 1000\r\n\r\n{",
                head + "Transfer-Encoding: chunked\r\n\r\n3e8\r\n{",
                "");
        List<RawHttp> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 80; i++) {
                RawHttp one = new RawHttp(port, (int) WAIT);
                slow.add(one);
                one.send(begun.get(i % 4).getBytes(StandardCharsets.US_ASCII));
            }
            ScheduledExecutorService drip = Executors.newSingleThreadScheduledExecutor();
            var unused = drip.scheduleWithFixedDelay(
                    () -> slow.forEach(HttpInterfaceTest::drip), 100, 100, TimeUnit.MILLISECONDS);
            assertThat(send(post("application/json", "{}")).statusCode()).isEqualTo(202);
            for (int i = 0; i < 80; i++) {
                assertThat(slow.get(i).answer().status())
                        .as(begun.get(i % 4))
                        .isEqualTo(begun.get(i % 4).isEmpty() ? 0 : 408);
                assertThat(slow.get(i).open()).isFalse();
            }
            drip.shutdownNow();
        } finally {
            for (RawHttp one : slow) {
                one.close();
            }
        }
        assertThat(submitted).hasSize(1);
        assertThat(send(post("application/json", "{}")).statusCode()).isEqualTo(202);
    }

    private static void drip(RawHttp one) {
        try {
            one.dripIfBegun();
        } catch (IOException e) {
            // closed by the server
        }
    }

    @Test
    void wrongTokensAreSlowedDownAndRightOnesAreNot() throws Exception {
        HttpRequest.Builder wrong = get("/metrics").copy().setHeader("Authorization", "Bearer guess");
        for (int i = 0; i < 7; i++) {
            assertThat(send(wrong).statusCode()).isEqualTo(401);
        }
        long begun = System.nanoTime();
        assertThat(send(wrong).statusCode()).isEqualTo(401);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(400));
        begun = System.nanoTime();
        assertThat(send(get("/metrics")).statusCode()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofMillis(400));
    }

    @Test
    void healthNeedsNoTokenAndMetricsDo() throws Exception {
        HttpRequest.Builder health = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health"));
        assertThat(send(health).body()).isEqualTo("{\"ready\":true,\"parts\":{\"broker\":true}}");
        troubles = Map.of("gateway", "PST-7008 DCC: no connection");
        assertThat(send(health).body()).contains("\"troubles\":{\"gateway\":\"PST-7008 DCC: no connection\"}");
        assertThat(send(get("/metrics")).body()).isEqualTo("up 1\nsent_total 3\npostern_part_up{part=\"broker\"} 1\n");
        assertThat(send(get("/metrics").copy().setHeader("Authorization", "none"))
                        .statusCode())
                .isEqualTo(401);
        assertThat(send(get("/service-requests/unknown")).statusCode()).isEqualTo(404);
        assertThat(send(get("/etc/passwd")).statusCode()).isEqualTo(404);
    }
}
