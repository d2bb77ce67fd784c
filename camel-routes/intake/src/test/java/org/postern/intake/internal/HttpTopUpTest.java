package org.postern.intake.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Channel;
import org.postern.catalogue.Fault;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.LocalWorkQueue;
import org.postern.servicerequests.ServiceRequestFault;
import org.postern.servicerequests.Submission;
import org.postern.servicerequests.TopUpDigits;
import org.postern.testkit.Await;

/** Top-ups over the HTTP interface: their answers, their threads and the required headers. */
class HttpTopUpTest extends HttpBench {

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
        assertThat(submitted).as("it is not admitted as an ordinary request").isEmpty();
        assertThat(counted).containsOnlyOnce("interface http outcome admitted");
        // the same body submitted as a Service Request gets the same answer with their status
        response = send(post("application/json", "{\"service\":\"2.2\",\"topUp\":{\"pence\":1250}}"));
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.body()).contains("\"utrn\":\"73946144332040217315\"");
    }

    /**
     * As with a token that hangs: requests that need no key are answered, and the number of waiting top-ups is limited.
     */
    @Test
    void topUpsThatHangDelayNoOtherRequest() throws Exception {
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
                // a top-up may also be submitted as a Service Request
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
                    "the top-ups beyond the limit are answered",
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

    /**
     * Also if the token was made elsewhere: the threads of other requests have a lower priority on a loaded machine.
     */
    @Test
    void aService22RequestRunsOnATopUpThreadInEveryForm() throws Exception {
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
}
