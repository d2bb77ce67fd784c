package org.postern.intake.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.intake.internal.RealLifeCycle.utf8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.testkit.ForeignBytes;

/**
 * Whatever bytes arrive on a connection, the answer has a status that shows who caused the fault, and no request is
 * partly processed.
 */
@Timeout(600)
class ForeignHttpTest extends IntakeBench {

    private static final int AT_ONCE = 8;

    @TempDir
    static Path pkiFolder;

    private static SimulatorPki pki;

    private RealLifeCycle life;
    private final Map<String, AtomicInteger> outcomes = new ConcurrentHashMap<>();

    @BeforeAll
    static void keys() {
        pki = RealLifeCycle.pki(pkiFolder);
    }

    @Override
    Services services() throws Exception {
        life = new RealLifeCycle(home, pki);
        return new Services(life.line.requests(), life.line.topUps(), life.ledger);
    }

    @AfterEach
    void close() {
        life.close();
    }

    @Test
    void everyBodyIsAdmittedOrRefusedWithAFaultCode() throws Exception {
        List<byte[]> requests = new ArrayList<>();
        for (byte[] body : ForeignSubmissions.of(life.documents())) {
            requests.add(RawHttp.post(
                    "/service-requests",
                    token,
                    body.length % 3 == 0
                            ? "application/xml; charset=UTF-16"
                            : body.length % 3 == 1 ? "text/xml" : "application/json",
                    body));
        }
        throwAll(requests, true);
        System.out.println("HTTP bodies: " + new TreeMap<>(outcomes));
        assertThat(outcomes).containsKeys("202", "422", "413").doesNotContainKeys("0", "408");
        good();
        life.holds(count("202"), count("422"));
    }

    @Test
    void everyTopUpIsMadeOrRefusedWithAFaultCode() throws Exception {
        List<byte[]> requests = new ArrayList<>();
        for (byte[] body : ForeignSubmissions.of(List.of(utf8(life.topUp())))) {
            String head =
                    new String(RawHttp.post("/top-ups", token, "application/json", body), StandardCharsets.ISO_8859_1);
            requests.add(head.replaceFirst("\r\n", "\r\nIdempotency-Key: k" + requests.size() + "\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
        }
        throwAll(requests, true);
        System.out.println("HTTP top-ups: " + new TreeMap<>(outcomes));
        assertThat(outcomes).containsKeys("201", "422").doesNotContainKeys("0", "408");
        good();
        life.holds(count("201") + count("202"), count("422"));
    }

    @Test
    void everyHeadIsAnsweredWithoutAnInternalFault() throws Exception {
        byte[] whole = RawHttp.post("/service-requests", token, "application/json", utf8("{\"service\": \"4.8.1\"}"));
        List<byte[]> requests = new ArrayList<>();
        for (int i = 1; i < whole.length; i += ForeignSubmissions.RANDOM >= 10_000 ? 1 : 5) {
            requests.add(java.util.Arrays.copyOf(whole, i));
        }
        ForeignBytes.random(
                ForeignSubmissions.SEED,
                ForeignSubmissions.RANDOM / 2,
                List.of(
                        whole,
                        utf8("GET /health HTTP/1.1\r\nHost: x\r\n\r\n"),
                        utf8(chunked("4\r\n{\"a\"\r\n3\r\n:1}\r\n0\r\n\r\n"))),
                made -> {
                    if (made.length > 0) {
                        requests.add(made);
                    }
                });
        throwAll(requests, false);
        System.out.println("HTTP heads: " + new TreeMap<>(outcomes));
        assertThat(outcomes).containsKeys("400", "401", "404", "408", "422").doesNotContainKeys("0");
        good();
        life.holds(count("202"), count("422"));
    }

    @Test
    void anInvalidHeaderIsRefusedWithAFaultCodeAndNothingIsAdmitted() throws Exception {
        int unprocessable = 0;
        for (String header : List.of(
                "Content-Length: abc",
                "Content-Length: -1",
                "Content-Length: 99999999999999999999",
                "Content-Length: 3\r\nContent-Length: 4",
                "Content-Length: 5, 6",
                "Transfer-Encoding: chunked, gzip, x",
                "Content-Type: \0",
                "Bad Header: x",
                ": x",
                "Header\0: x",
                "X: " + " ".repeat(77) + "y\r\n folded",
                "Expect: 999-no")) {
            String request = "POST /service-requests HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token
                    + "\r\nContent-Type: application/json\r\n" + header + "\r\n\r\n" + life.json();
            try (RawHttp http = new RawHttp(port, 10_000)) {
                RawHttp.Answer answer = http.exchange(request.getBytes(StandardCharsets.ISO_8859_1));
                refusal(answer, header);
                unprocessable += answer.status() == 422 ? 1 : 0;
            }
        }
        life.holds(0, unprocessable);
    }

    /** The bytes before the break are a complete request. */
    @Test
    void theAnswerToHeadHasNoBodyAndTheConnectionGoesOn() throws Exception {
        try (RawHttp http = new RawHttp(port, 10_000)) {
            http.send(utf8("HEAD /health HTTP/1.1\r\nHost: x\r\n\r\n"));
            RawHttp.Answer head = http.answer(false);
            RawHttp.Answer next = http.exchange(utf8("GET /health HTTP/1.1\r\nHost: x\r\n\r\n"));
            assertThat(next.status()).isIn(200, 503);
            assertThat(next.body()).startsWith("{");
            assertThat(head.headers().get("content-length")).isNotEqualTo("0");
        }
    }

    @Test
    void anIncompleteChunkedBodyIsNotProcessed() throws Exception {
        String json = life.json();
        for (String rest : List.of("zz\r\n", "-1\r\n", "5\r\nabc", "\r\n\r\n", "ffffffffffffffff\r\n", "0\r\nX: y")) {
            try (RawHttp http = new RawHttp(port, 10_000)) {
                refusal(
                        http.exchange(
                                utf8(chunked(Integer.toHexString(json.length()) + "\r\n" + json + "\r\n" + rest))),
                        rest);
            }
        }
        life.holds(0, 0);
    }

    @Test
    void aRequestWhoseBodyIsShorterThanItsLengthIsNotProcessed() throws Exception {
        String request = new String(
                RawHttp.post("/service-requests", token, "application/json", utf8(life.json() + " ")),
                StandardCharsets.UTF_8);
        try (RawHttp http = new RawHttp(port, 10_000)) {
            RawHttp.Answer answer = http.exchange(utf8(request.substring(0, request.length() - 1)));
            assertThat(answer.status()).isEqualTo(408);
            refusal(answer, "too long");
            assertThat(http.open()).isFalse();
        }
        life.holds(0, 0);
    }

    private String chunked(String body) {
        return "POST /service-requests HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token
                + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + body;
    }

    /** Sends all requests, several at a time; each on its own connection if it may be incomplete. */
    private void throwAll(List<byte[]> requests, boolean whole) throws Exception {
        int threads = whole ? AT_ONCE : 100;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Void>> running = new ArrayList<>();
            for (int n = 0; n < threads; n++) {
                int first = n;
                running.add(pool.submit((Callable<Void>) () -> {
                    RawHttp http = new RawHttp(port, 30_000);
                    for (int i = first; i < requests.size(); i += threads) {
                        RawHttp.Answer answer = http.exchange(requests.get(i));
                        outcomes.computeIfAbsent(Integer.toString(answer.status()), none -> new AtomicInteger())
                                .incrementAndGet();
                        answered(
                                answer,
                                "seed " + ForeignSubmissions.SEED + " request "
                                        + new String(requests.get(i), StandardCharsets.ISO_8859_1));
                        if (!whole || "close".equals(answer.headers().get("connection"))) {
                            http.close();
                            http = new RawHttp(port, 30_000);
                        }
                    }
                    http.close();
                    return null;
                }));
            }
            for (Future<Void> one : running) {
                one.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private void answered(RawHttp.Answer answer, String what) throws IOException {
        assertThat(answer.status()).as(what).isIn(200, 201, 202, 400, 401, 404, 405, 408, 413, 415, 422);
        if (answer.status() >= 400) {
            refusal(answer, what);
        }
    }

    private void refusal(RawHttp.Answer answer, String what) throws IOException {
        assertThat(answer.status()).as(what).isBetween(400, 499);
        assertThat(answer.headers()).as(what).containsEntry("content-type", "application/problem+json");
        JsonNode problem = Refusals.JSON.readTree(answer.body());
        for (String member : Set.of("code", "field", "rule", "title", "detail")) {
            assertThat(problem.path(member).asText())
                    .as(member + " of " + answer + " to " + what)
                    .isNotBlank();
        }
        assertThat(problem.path("status").asInt()).isEqualTo(answer.status());
    }

    private void good() throws Exception {
        try (RawHttp http = new RawHttp(port, 10_000)) {
            assertThat(http.exchange(utf8("GET /health HTTP/1.1\r\nHost: x\r\n\r\n"))
                            .status())
                    .isEqualTo(200);
            assertThat(http.exchange(RawHttp.post("/service-requests", token, "text/xml", utf8(life.xml())))
                            .status())
                    .isEqualTo(202);
            outcomes.computeIfAbsent("202", none -> new AtomicInteger()).incrementAndGet();
        }
    }

    private long count(String status) {
        return outcomes.getOrDefault(status, new AtomicInteger()).get();
    }
}
