package org.postern.intake.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.Fault;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ReplyAddress;
import org.postern.ledger.Origin;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.Target;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.LocalWorkQueue;
import org.postern.servicerequests.ServiceRequestFault;
import org.postern.servicerequests.Submission;
import org.postern.servicerequests.TopUpDigits;
import org.postern.testkit.Await;

/** Requests by HTTP, over a real connection. */
class HttpInterfaceTest extends IntakeBench {

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void httpAnswers202WithTheIdAndWhereToLook() throws Exception {
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
    void httpRefusesWithAProblemThatNamesFieldAndRemedy() throws Exception {
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

    /** As while a module is exchanged: the client and the connection wait for an answer that somebody has to give. */
    @Test
    void anErrorWhileARequestIsReadIsAnsweredToo() throws Exception {
        answer = submission -> {
            throw new NoClassDefFoundError("org/postern/some/Class");
        };
        HttpResponse<String> response = send(post("application/json", "{}").timeout(Duration.ofSeconds(20)));
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).contains("\"code\":\"PST-7399\"");
        assertThat(counted).containsExactly("interface http outcome failed", "handled by intake intake-http");
    }

    /** Whoever comes while they are not there is told to come again. */
    @Test
    void theRoutesHoldThePortFromTheirStartToTheirEnd() {
        assertThat(portSays).containsExactly("taken");
        routes.stop();
        assertThat(portSays.getLast()).contains("\"status\":503", "\"code\":\"PST-7330\"");
    }

    @Test
    void aTopUpIsAnsweredWithItsDigits() throws Exception {
        answer = submission -> new Admission.Accepted(
                "id-1", "A:B:4294967296", false, Optional.of(new TopUpDigits("73946144332040217315")));
        HttpResponse<String> response = send(post("/top-ups", "application/json", "{\"topUp\":{\"pence\":1250}}")
                .header("Idempotency-Key", "till-7"));
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.headers().firstValue("Location")).contains("/service-requests/id-1");
        assertThat(response.body())
                .contains(
                        "\"utrn\":\"73946144332040217315\"",
                        "\"grouped\":\"7394 6144 3320 4021 7315\"",
                        "\"again\":false");
        Submission taken = toppedUp.poll();
        assertThat(taken.channel()).isEqualTo(Channel.HTTP);
        assertThat(taken.correlationId()).contains("till-7");
        assertThat(taken.replyTo()).isEmpty();
        assertThat(taken.bytes()).asString().isEqualTo("{\"topUp\":{\"pence\":1250}}");
        assertThat(submitted).as("it does not go the way of other requests").isEmpty();
        assertThat(counted).containsOnlyOnce("interface http outcome admitted");
        // the same form among the other requests is answered alike, under their status
        response = send(post("application/json", "{\"service\":\"2.2\",\"topUp\":{\"pence\":1250}}"));
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.body()).contains("\"utrn\":\"73946144332040217315\"");
    }

    /** As with a token that hangs: what needs no key is answered, and no more wait than there are places for. */
    @Test
    void topUpsThatHangHoldUpNothingElse() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        answer = submission -> {
            if (new String(submission.bytes(), StandardCharsets.UTF_8).contains("topUp")) {
                hold(hangs);
            }
            return new Admission.Accepted("id-1", "A:B:7", false);
        };
        List<CompletableFuture<HttpResponse<String>>> tills = new ArrayList<>();
        try {
            for (int i = 0; i < HttpInterface.TOP_UPS_AT_ONCE + HttpInterface.TOP_UPS_WAITING + 8; i++) {
                // an order may also come among the other requests
                String path = i % 2 == 0 ? "/top-ups" : "/service-requests";
                tills.add(client.sendAsync(
                        post(path, "application/json", "{\"topUp\":{\"pence\":1250}}")
                                .header("Idempotency-Key", "t" + i)
                                .build(),
                        HttpResponse.BodyHandlers.ofString()));
            }
            for (int i = 0; i < 40; i++) {
                assertThat(send(get("/health").timeout(Duration.ofSeconds(5))).statusCode())
                        .isEqualTo(200);
                assertThat(send(post("application/json", "{}").timeout(Duration.ofSeconds(5)))
                                .statusCode())
                        .isEqualTo(202);
                assertThat(send(get("/service-requests/none").timeout(Duration.ofSeconds(5)))
                                .statusCode())
                        .isEqualTo(404);
                assertThat(send(get("/metrics").timeout(Duration.ofSeconds(5))).statusCode())
                        .isEqualTo(200);
            }
            Await.until(
                    "those beyond the places are answered",
                    Duration.ofSeconds(20),
                    () -> tills.stream().filter(CompletableFuture::isDone).count() >= 8);
        } finally {
            hangs.countDown();
        }
        Map<Integer, Long> answers = new TreeMap<>();
        for (CompletableFuture<HttpResponse<String>> till : tills) {
            HttpResponse<String> response = till.get(20, TimeUnit.SECONDS);
            answers.merge(response.statusCode() == 503 ? 503 : 200, 1L, Long::sum);
            if (response.statusCode() == 503) {
                assertThat(response.body()).contains("\"code\":\"PST-7325\"");
                assertThat(response.headers().firstValue("Retry-After")).isPresent();
            }
        }
        assertThat(answers)
                .isEqualTo(Map.of(200, (long) HttpInterface.TOP_UPS_AT_ONCE + HttpInterface.TOP_UPS_WAITING, 503, 8L));
    }

    /** Whoever's token it carries: threads of the others step back on a machine that is full. */
    @Test
    void a22HasAThreadOfTheTopUpsInEveryForm() throws Exception {
        Map<String, Integer> priorities = new ConcurrentHashMap<>();
        answer = submission -> {
            priorities.put(
                    new String(submission.bytes(), StandardCharsets.UTF_8),
                    Thread.currentThread().getPriority());
            return new Admission.Accepted("id-1", "A:B:7", false);
        };
        String xml = "<sr:ServiceReference>2.2</sr:ServiceReference>";
        String json = "{\"service\": \"2.2\", \"body\": {}}";
        String other = "{\"service\": \"4.1.1\"}";
        send(post("application/xml", xml));
        send(post("application/json", json));
        send(post("application/json", other));
        assertThat(priorities)
                .isEqualTo(Map.of(
                        xml,
                        Thread.NORM_PRIORITY,
                        json,
                        Thread.NORM_PRIORITY,
                        other,
                        LocalWorkQueue.ORDINARY_PRIORITY));
    }

    private static void hold(CountDownLatch until) {
        try {
            until.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
            // a connection of its own does not wait
            assertThat(send(get("/health")).statusCode()).isEqualTo(200);
            first.countDown();
            assertThat(raw.answer().status()).isEqualTo(202);
            assertThat(raw.answer().status()).isEqualTo(200);
            assertThat(raw.answer().status()).isEqualTo(401);
            assertThat(raw.exchange(health).status()).isEqualTo(200);
        }
    }

    @Test
    void aResultSaysHowFarItCanBeTrustedAndWhatIsToBeDone() throws Exception {
        Map<String, String> marks = Map.of(
                "outcome",
                "already-credited",
                "form",
                "mmc",
                "authenticated",
                "yes",
                "encrypted",
                "no",
                "flag",
                "odd\u2026",
                "reason",
                "why",
                "unprovenCode",
                "E1",
                "topUpResult",
                "2",
                "told",
                "already credited",
                "advice",
                "nothing is to be done");
        found = Optional.of(new RequestRecord(
                "id-1",
                Optional.empty(),
                new Origin(Channel.HTTP, Optional.empty(), Optional.empty(), "", "json"),
                Target.UNREAD,
                Lane.ROUTINE,
                new RequestRecord.Progress(RequestState.DELIVERED, "", Optional.of("I0"), Optional.of(true)),
                RequestRecord.Sending.NONE,
                RequestRecord.Timing.NONE,
                Instant.EPOCH,
                Instant.EPOCH));
        delivered = List.of(OutboxEntry.pending(
                "e-1",
                Optional.of("id-1"),
                DeliveryKind.RESULT,
                ReplyAddress.COMMON,
                marks,
                "application/xml",
                "<x/>".getBytes(StandardCharsets.UTF_8),
                Optional.of("{\"postern\":{}}")));
        String view = send(get("/service-requests/id-1")).body();
        HttpResponse<String> result = send(get("/service-requests/id-1/result"));
        assertThat(result.body()).isEqualTo("<x/>");
        marks.forEach((name, value) -> {
            assertThat(view).contains("\"" + name + "\":\"" + value + "\"");
            assertThat(result.headers().firstValue("Postern-" + name)).as(name).contains(value.replace('\u2026', '?'));
        });
    }

    @Test
    void aRequestThatEndedWithoutResultIsAnsweredForGood() throws Exception {
        found = Optional.of(new RequestRecord(
                "id-1",
                Optional.empty(),
                new Origin(Channel.HTTP, Optional.empty(), Optional.empty(), "", "json"),
                Target.UNREAD,
                Lane.ROUTINE,
                new RequestRecord.Progress(
                        RequestState.REJECTED, "PST-2104 not of this role", Optional.empty(), Optional.empty()),
                RequestRecord.Sending.NONE,
                RequestRecord.Timing.NONE,
                Instant.EPOCH,
                Instant.EPOCH));
        HttpResponse<String> response = send(get("/service-requests/id-1/result"));
        assertThat(response.statusCode()).isEqualTo(410);
        assertThat(response.body())
                .contains(
                        "\"code\":\"PST-7326\"",
                        "PST-2104 not of this role",
                        "\"outcome\":\"rejected\"",
                        "\"state\":\"REJECTED\"");
    }

    @Test
    void aLaneThatDoesNotExistIsRefusedAndNotTakenForAnother() throws Exception {
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

    // an answer that came after the end is no result of the request
    @Test
    void theResultThatMadeTheStateIsShownAndNotWhatCameAfterIt() throws Exception {
        found = Optional.of(new RequestRecord(
                "id-1",
                Optional.empty(),
                new Origin(Channel.HTTP, Optional.empty(), Optional.empty(), "", "json"),
                Target.UNREAD,
                Lane.ROUTINE,
                new RequestRecord.Progress(RequestState.DELIVERED, "", Optional.of("I0"), Optional.of(true)),
                RequestRecord.Sending.NONE,
                RequestRecord.Timing.NONE,
                Instant.EPOCH,
                Instant.EPOCH));
        OutboxEntry result = result("e-1", Map.of("outcome", "success"));
        OutboxEntry late = result("e-2", Map.of("outcome", "unknown", "effect", "none"));
        delivered = List.of(result, late);
        assertThat(send(get("/service-requests/id-1")).body()).contains("\"outcome\":\"success\"");
        assertThat(send(get("/service-requests/id-1/result")).body()).isEqualTo("<e-1/>");
        delivered = List.of(late);
        assertThat(send(get("/service-requests/id-1")).body())
                .contains("\"outcome\":\"unknown\"")
                .contains("\"effect\":\"none\"");
        assertThat(send(get("/service-requests/id-1/result")).body()).isEqualTo("<e-2/>");
    }

    private static OutboxEntry result(String id, Map<String, String> headers) {
        return OutboxEntry.pending(
                id,
                Optional.of("id-1"),
                DeliveryKind.RESULT,
                ReplyAddress.COMMON,
                headers,
                "application/xml",
                ("<" + id + "/>").getBytes(StandardCharsets.UTF_8),
                Optional.empty());
    }

    @Test
    void aTopUpNeedsAKeyJsonAndTheToken() throws Exception {
        assertThat(send(post("/top-ups", "application/json", "{}")).statusCode())
                .isEqualTo(400);
        assertThat(send(post("/top-ups", "application/json", "{}").header("Idempotency-Key", "a b"))
                        .statusCode())
                .isEqualTo(400);
        assertThat(send(post("/top-ups", "application/xml", "<x/>").header("Idempotency-Key", "k"))
                        .statusCode())
                .isEqualTo(415);
        assertThat(send(post("/top-ups", "application/json", "{}")
                                .header("Idempotency-Key", "k")
                                .setHeader("Authorization", "Bearer guess"))
                        .statusCode())
                .isEqualTo(401);
        assertThat(send(get("/top-ups")).statusCode()).isEqualTo(405);
        assertThat(toppedUp).isEmpty();
        answer = submission -> Admission.Refused.permanent(
                "id-9", new Fault(ServiceRequestFault.TOP_UP_AMOUNT, "topUp", "1 to 8191", "nothing", "pay more"));
        HttpResponse<String> response =
                send(post("/top-ups", "application/json", "{}").header("Idempotency-Key", "k"));
        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.body()).contains("\"code\":\"PST-2250\"").doesNotContain("utrn");
        answer = submission -> Admission.Refused.temporary(FAULT);
        response = send(post("/top-ups", "application/json", "{}").header("Idempotency-Key", "k"));
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void httpKeepsOutWhoHasNoTokenAndWhatIsTooLarge() throws Exception {
        HttpRequest.Builder bare = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/service-requests"))
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .header("Content-Type", "application/json");
        assertThat(send(bare.copy()).statusCode()).isEqualTo(401);
        assertThat(send(bare.copy().header("Authorization", "Bearer guess")).statusCode())
                .isEqualTo(401);
        assertThat(send(post("application/json", "x".repeat(LIMIT + 1))).statusCode())
                .isEqualTo(413);
        // Netty refuses it before any route sees it; it is told all the same
        assertThat(counted).containsOnlyOnce("interface http outcome refused");
        assertThat(send(post("text/plain", "x")).statusCode()).isEqualTo(415);
        assertThat(submitted).isEmpty();
    }

    @Test
    void aBodyThatSaysItIsAFormIsAnsweredWithWhatToSend() throws Exception {
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

    /** The status of the answer, or 0 where there is none. */
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
    void withoutWhatAdmitsSendersAreToldToComeAgainAndTheRestIsAnswered() throws Exception {
        routes.unbindRequests(behind.requests());
        routes.unbindTopUps(behind.topUps());
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
        routes.bindRequests(behind.requests());
        assertThat(send(post("application/json", "{}")).statusCode()).isEqualTo(202);
    }

    /**
     * Each sends a byte now and then, so that none is ever silent: heads, bodies, chunks, and a connection without
     * anything.
     */
    @Test
    void eightySlowUploadsHoldUpNobodyAndEndAtTheDeadline() throws Exception {
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
            // closed by the other side
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

    private HttpRequest.Builder post(String type, String body) {
        return post("/service-requests", type, body);
    }

    private HttpRequest.Builder post(String path, String type, String body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", type)
                .header("Authorization", "Bearer " + token);
    }

    private HttpRequest.Builder get(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer " + token);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.timeout(Duration.ofMillis(WAIT)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
