package org.postern.itests.survival;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.postern.securitylogging.SecurityLogVerifier;
import org.postern.securitylogging.Verification;
import org.postern.simulator.examples.SupplierRequest;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.testkit.Await;
import org.postern.testkitprocess.LedgerFile;
import org.postern.testkitprocess.Ports;
import org.postern.testkitprocess.PosternProcess;
import org.postern.testkitprocess.SimulatorProcess;
import org.postern.testkitprocess.SupplierSystem;

/**
 * Postern is killed with SIGKILL at random points while hundreds of requests are in progress, and started again with
 * what is on its disk. Suppliers and the DCC run in processes of their own; their records decide the outcome: every
 * accepted request ends once, no result arrives with two contents, no counter is used twice. The seed is printed;
 * {@code -Dpostern.seed=N} gives the same requests and the same moments again; {@code -Dpostern.kill.rounds=134
 * -Dpostern.kill.requests=40} is the long run of 201 kills.
 */
class KillIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** In every second round the next process is killed as well, before it is ready. */
    private static final int ROUNDS = Integer.getInteger("postern.kill.rounds", 5);

    private static final int FIRST = 640;
    private static final int EACH_ROUND = Integer.getInteger("postern.kill.requests", 100);
    private static final int HTTP_SYSTEMS = 3;
    /** Maximum time between the submission of its part of the round and the kill. */
    private static final int LATEST_MILLIS = 4000;

    private static final int LATEST_START_MILLIS = 12_000;
    private static final Duration HANDED_IN = Duration.ofMinutes(3);
    private static final Duration ENDED = Duration.ofMinutes(4);

    /** The ids that were returned over HTTP, by correlation id. */
    private final Map<String, String> acceptedIds = new ConcurrentHashMap<>();

    private final Map<String, SupplierRequest> requests = new ConcurrentHashMap<>();
    private final AtomicInteger submitted = new AtomicInteger();
    private final ConcurrentLinkedQueue<Throwable> broken = new ConcurrentLinkedQueue<>();
    private final List<Thread> systems = new ArrayList<>();

    @Test
    void nothingIsLostOrDoneTwiceWhenTheProcessIsKilledAgainAndAgain() throws Exception {
        Path archive = Prerequisites.distribution();
        Path jar = Prerequisites.simulator();
        long seed = Long.getLong("postern.seed", System.nanoTime() & 0xFFFF_FFFFL);
        say("seed %d (again with -Dpostern.seed=%d)", seed, seed);
        long start = System.nanoTime();
        Random random = new Random(seed);
        Path work = Path.of("target", "survival", "kill").toAbsolutePath();
        PosternProcess.delete(work);
        Population population = new Population(7, 40);
        SimulatorPki pki = SimulatorPki.create(work.resolve("pki"), population, Clock.systemUTC());
        Ports ports = Ports.free();
        try (SimulatorProcess dcc = new SimulatorProcess(
                        jar, pki, ports, "--answer-delay", "20000", "--retry-first", "300", "--retry-most", "3000");
                PosternProcess postern = PosternProcess.unpack(archive, work.resolve("appliance"), pki, ports)) {
            postern.set("org.postern.servicerequests.cfg", Map.of("longestRetrySeconds", "4"));
            dcc.start();
            postern.start();
            say("ready after %d ms", postern.awaitReady().toMillis());
            LedgerFile ledger = new LedgerFile(postern);
            try (SupplierSystem byJms = new SupplierSystem(postern);
                    SupplierSystem byHttp = new SupplierSystem(postern)) {
                for (int round = 1; round <= ROUNDS; round++) {
                    submit(
                            SupplierRequest.mix("r" + round, round == 1 ? FIRST : EACH_ROUND, population, random),
                            byJms,
                            byHttp);
                    atSomeMoment(random);
                    postern.kill();
                    say("kill %d: %s", round, standing(ledger));
                    postern.start();
                    if (round % 2 == 0) {
                        somewhat(random, LATEST_START_MILLIS);
                        postern.kill();
                        say("killed while it started");
                        postern.start();
                    }
                    say("ready again after %d ms", postern.awaitReady().toMillis());
                }
                Await.until(
                        () -> "all submitted: " + submitted + " of " + requests.size() + " " + broken,
                        HANDED_IN,
                        () -> submitted.get() == requests.size() || !broken.isEmpty());
                assertThat(broken).isEmpty();
                Await.until(
                        () -> "all ended: " + states(ledger),
                        ENDED,
                        () -> open(ledger) == 0 && ledger.number("SELECT count(*) FROM requests") >= requests.size());
                Await.until(
                        () -> "all results delivered",
                        Duration.ofSeconds(60),
                        () -> ledger.number("SELECT count(*) FROM outbox WHERE state <> 'DELIVERED'") == 0);
                Map<String, List<SupplierSystem.Result>> results = new HashMap<>();
                Await.until(() -> "all results came: " + results.size(), Duration.ofSeconds(60), () -> {
                    results.clear();
                    byJms.results()
                            .forEach((key, list) -> results.computeIfAbsent(key, k -> new ArrayList<>())
                                    .addAll(list));
                    byHttp.results()
                            .forEach((key, list) -> results.computeIfAbsent(key, k -> new ArrayList<>())
                                    .addAll(list));
                    return results.keySet().containsAll(requests.keySet());
                });
                say("all ended after %d s: %s", (System.nanoTime() - start) / 1_000_000_000L, states(ledger));
                everyRequestHasOneEnd(ledger, byHttp);
                noResultCameWithTwoContents(results);
                theSimulatorRecordedNothingTwice(ledger, dcc.record());
                assertThat(postern.healthy()).isTrue();
            }
        }
        Verification log = SecurityLogVerifier.verify(
                work.resolve("appliance").resolve(home(work)).resolve("state/security-log"));
        say(
                "security log: %d records in %d segments, intact %s; %d s in all",
                log.records(), log.segments(), log.intact(), (System.nanoTime() - start) / 1_000_000_000L);
        assertThat(log.findings()).isEmpty();
        noRequestHadTwoPreCommandsSigned(
                work.resolve("appliance").resolve(home(work)).resolve("state/security-log"));
    }

    /**
     * Waits until a random part of the remaining requests was submitted, and then a random time, so that it does not
     * depend on the machine's speed.
     */
    private void atSomeMoment(Random random) throws Exception {
        int already = submitted.get();
        int target = already + random.nextInt(Math.max(1, requests.size() - already));
        Await.until(
                () -> submitted + " of " + target + " submitted before the kill " + broken,
                HANDED_IN,
                () -> submitted.get() >= target || !broken.isEmpty());
        somewhat(random, LATEST_MILLIS);
    }

    private static void somewhat(Random random, int maxMillis) throws Exception {
        long moment = System.nanoTime() + random.nextInt(maxMillis) * 1_000_000L;
        Await.until("the moment to kill", Duration.ofMillis(2L * maxMillis), () -> System.nanoTime() >= moment);
    }

    private static Path home(Path work) throws Exception {
        try (var inside = java.nio.file.Files.list(work.resolve("appliance"))) {
            return inside.findFirst().orElseThrow().getFileName();
        }
    }

    private static void say(String format, Object... values) {
        System.out.printf("[kill] " + format + "%n", values);
    }

    /** Divides the requests between the interfaces; threads submit them while the test continues. */
    private void submit(List<SupplierRequest> round, SupplierSystem byJms, SupplierSystem byHttp) {
        round.forEach(request -> requests.put(request.correlation(), request));
        List<SupplierRequest> jms = new ArrayList<>();
        List<List<SupplierRequest>> http = new ArrayList<>();
        for (int i = 0; i < HTTP_SYSTEMS; i++) {
            http.add(new ArrayList<>());
        }
        for (int i = 0; i < round.size(); i++) {
            (i % 2 == 0 ? jms : http.get(i / 2 % HTTP_SYSTEMS)).add(round.get(i));
        }
        system("jms", jms, request -> {
            synchronized (byJms) {
                byJms.jms(request);
            }
        });
        for (List<SupplierRequest> part : http) {
            system("http", part, request -> {
                String id = byHttp.http(request);
                String earlier = acceptedIds.put(request.correlation(), id);
                assertThat(earlier).isNull();
            });
        }
    }

    private interface Submitter {
        void submit(SupplierRequest request) throws Exception;
    }

    private void system(String name, List<SupplierRequest> part, Submitter submitter) {
        Thread thread = new Thread(
                () -> {
                    try {
                        for (SupplierRequest request : part) {
                            submitter.submit(request);
                            submitted.incrementAndGet();
                        }
                    } catch (Exception | AssertionError e) {
                        broken.add(e);
                    }
                },
                "supplier-" + name);
        thread.setDaemon(true);
        systems.add(thread);
        thread.start();
    }

    private static final String IS_END =
            "state IN ('DELIVERED','ACTIONED','NOT_ACTIONED','REJECTED','REFUSED','NOT_CORRELATED','CANCELLED')";

    private static long open(LedgerFile ledger) throws Exception {
        return ledger.number("SELECT count(*) FROM requests WHERE NOT " + IS_END);
    }

    private static Map<String, Object> states(LedgerFile ledger) {
        try {
            Map<String, Object> states = new TreeMap<>();
            ledger.rows("SELECT state, count(*) AS n FROM requests GROUP BY state")
                    .forEach(row -> states.put(String.valueOf(row.get("state")), row.get("n")));
            return states;
        } catch (java.sql.SQLException e) {
            return Map.of("unreadable", e.getMessage());
        }
    }

    private String standing(LedgerFile ledger) throws Exception {
        return "in flight " + open(ledger) + " by the ledger, " + (requests.size() - submitted.get())
                + " still being submitted; " + states(ledger);
    }

    private void everyRequestHasOneEnd(LedgerFile ledger, SupplierSystem supplier) throws Exception {
        List<Map<String, Object>> rows =
                ledger.rows("SELECT id, request_id, correlation_id, service, state, success FROM requests");
        Map<String, String> byCorrelation = new HashMap<>();
        for (Map<String, Object> row : rows) {
            String earlier =
                    byCorrelation.put(String.valueOf(row.get("correlation_id")), String.valueOf(row.get("id")));
            assertThat(earlier)
                    .as("requests under correlation id %s", row.get("correlation_id"))
                    .isNull();
        }
        assertThat(byCorrelation.keySet()).isEqualTo(requests.keySet());
        acceptedIds.forEach((correlation, id) -> assertThat(byCorrelation).containsEntry(correlation, id));
        // there were no faults besides the kills, so every request has its answer
        assertThat(rows)
                .allSatisfy(
                        row -> assertThat(row.get("state")).as(row.toString()).isEqualTo("DELIVERED"));
        assertThat(rows)
                .allSatisfy(
                        row -> assertThat(row.get("success")).as(row.toString()).isEqualTo(1));
        assertThat(ledger.rows("SELECT request, count(*) AS n FROM transitions WHERE to_" + IS_END
                        + " GROUP BY request HAVING n <> 1"))
                .as("requests with more than one end")
                .isEmpty();
        assertThat(
                        ledger.rows(
                                "SELECT request, to_state, count(*) AS n FROM transitions GROUP BY request, to_state HAVING n > 1"))
                .as("requests that were twice in one state")
                .isEmpty();
        assertThat(ledger.rows("SELECT request, count(*) AS n FROM outbox GROUP BY request HAVING n <> 1"))
                .as("requests with more than one result")
                .isEmpty();
        assertThat(ledger.number("SELECT count(*) FROM inbound WHERE state = 'STORED'"))
                .as("documents not processed")
                .isZero();
        Random some = new Random(requests.size());
        for (String id :
                acceptedIds.values().stream().filter(i -> some.nextInt(10) == 0).toList()) {
            assertThat(supplier.get(id).path("state").asText()).isEqualTo("DELIVERED");
        }
    }

    private void noResultCameWithTwoContents(Map<String, List<SupplierSystem.Result>> results) {
        int again = 0;
        for (Map.Entry<String, List<SupplierSystem.Result>> entry : results.entrySet()) {
            assertThat(requests).containsKey(entry.getKey());
            Set<String> contents =
                    entry.getValue().stream().map(SupplierSystem.Result::digest).collect(Collectors.toSet());
            assertThat(contents)
                    .as("contents of the result of %s", entry.getKey())
                    .hasSize(1);
            Set<String> outcomes = entry.getValue().stream()
                    .map(SupplierSystem.Result::outcome)
                    .collect(Collectors.toSet());
            assertThat(outcomes).as("outcomes of %s", entry.getKey()).containsExactly("success");
            again += entry.getValue().size() - 1;
        }
        say("%d results over JMS, %d of them once more with the same content", results.size(), again);
    }

    /**
     * The security log records a signature before it is made. If it is killed between the signature and the ledger's
     * write, the appliance signs again, but only the same bytes. The simulator's record shows which signature was sent.
     */
    private static void noRequestHadTwoPreCommandsSigned(Path folder) throws Exception {
        Map<String, String> inputs = new HashMap<>();
        int again = 0;
        try (var files = java.nio.file.Files.list(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".log")).toList()) {
                for (String line : java.nio.file.Files.readAllLines(file)) {
                    JsonNode entry = JSON.readTree(line.substring(line.indexOf('{')));
                    if (entry.path("details").path("operation").asText().equals("SIGN_PRE_COMMAND")) {
                        String input = entry.path("details").path("inputSha256").asText();
                        String earlier = inputs.put(entry.path("object").asText(), input);
                        again += earlier == null ? 0 : 1;
                        assertThat(earlier == null || earlier.equals(input))
                                .as("one Pre-Command of %s", entry.path("object"))
                                .isTrue();
                    }
                }
            }
        }
        assertThat(inputs).isNotEmpty();
        say("%d Pre-Commands signed, %d of them once more after a kill, over the same bytes", inputs.size(), again);
    }

    /** Checks what the DCC received, by its own record. */
    static void theSimulatorRecordedNothingTwice(LedgerFile ledger, List<JsonNode> events) throws Exception {
        Map<String, String> firstBytes = new HashMap<>();
        Map<String, String> counters = new HashMap<>();
        Map<String, Integer> signed = new HashMap<>();
        Map<String, Integer> accepted = new HashMap<>();
        Map<String, Integer> kinds = new TreeMap<>();
        Set<String> seen = new HashSet<>();
        for (JsonNode event : events) {
            String what = event.path("what").asText();
            String request = event.path("request").asText();
            kinds.merge(what, 1, Integer::sum);
            if (what.equals("received") || what.equals("same-bytes-again")) {
                seen.add(request);
                String[] parts = request.split(":");
                String counter = parts[0] + ":" + parts[2];
                assertThat(counters.merge(counter, request, (one, other) -> one))
                        .as("counter %s", counter)
                        .isEqualTo(request);
                String digest = event.path("digest").asText();
                String key = event.path("cv").asText();
                assertThat(firstBytes.merge(key, digest, (one, other) -> one))
                        .as("bytes of %s", key)
                        .isEqualTo(digest);
            } else if (what.equals("signed-pre-command")) {
                assertThat(event.path("signature").asText()).isEqualTo("VALID");
                signed.merge(request, 1, Integer::sum);
            } else if (what.startsWith("accepted.")) {
                accepted.merge(request, 1, Integer::sum);
            }
        }
        say("simulator: %s", kinds);
        assertThat(kinds)
                .doesNotContainKeys(
                        "other-bytes-same-id",
                        "counter-reused",
                        "signed-pre-command.refused",
                        "http.400",
                        "not-applicable",
                        "callback.not-made",
                        "callback.given-up");
        assertThat(kinds.keySet()).noneMatch(kind -> kind.startsWith("refused."));
        Set<Object> ours = ledger.rows("SELECT request_id FROM requests").stream()
                .map(row -> row.get("request_id"))
                .collect(Collectors.toSet());
        assertThat(seen).as("requests that the DCC saw").isEqualTo(ours);
        assertThat(accepted.keySet()).isEqualTo(ours);
        assertThat(accepted.values()).as("times that a request was carried out").containsOnly(1);
        Set<Object> critical = ledger.rows("SELECT request_id FROM requests WHERE service = '7.1'").stream()
                .map(row -> row.get("request_id"))
                .collect(Collectors.toSet());
        assertThat(signed.keySet()).as("Pre-Commands that came back signed").isEqualTo(critical);
        assertThat(signed.values()).containsOnly(1);
        assertThat(ledger.number("SELECT count(*) FROM evidence WHERE signature IS NOT NULL"))
                .isEqualTo(critical.size());
    }
}
