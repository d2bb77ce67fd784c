package org.postern.itests.survival;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.postern.itests.survival.ExampleRuns.Run;
import org.postern.securitylogging.SecurityLogVerifier;
import org.postern.simulator.examples.ExampleRequest;
import org.postern.simulator.examples.ExampleRequest.Execution;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.testkit.Await;
import org.postern.testkitprocess.LedgerFile;
import org.postern.testkitprocess.Ports;
import org.postern.testkitprocess.PosternProcess;
import org.postern.testkitprocess.SimulatorProcess;
import org.postern.testkitprocess.SupplierSystem;

/**
 * Sends every example request (every critical service with each of its use cases) through the running appliance: once
 * unaltered, and every critical one again with one field of its Pre-Command altered by the DCC. Altered ones must end
 * NOT_CORRELATED and, by the simulator's record, unsigned. One run of the appliance.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CriticalServicesIT {

    /** Enough homes for a separate device for each example that changes the state of its device. */
    private static final int PREMISES = 84;

    private static final Duration ENDED = Duration.ofSeconds(60);
    private static final Duration RESULTS = Duration.ofSeconds(30);
    /**
     * Future-dated requests are for this long after the first of them is submitted; their outcomes arrive within this
     * long after that time.
     */
    private static final Duration LATER = Duration.ofSeconds(20);

    private static final Duration OUTCOME = Duration.ofSeconds(25);
    private static final Instant FAR = Instant.parse("2031-04-01T00:00:00Z");
    /** Services for whose answer the MMC schema has no element: their outcome is only in DebugInfo. */
    private static final Set<String> WITHOUT_ELEMENT = Set.of("6.14.3");
    /** Services whose answer has a MAC for the ACB, which sent the command: Postern cannot check it. */
    private static final Set<String> UNPROVABLE = Set.of("6.24.1");

    private static final ObjectMapper JSON = new ObjectMapper();

    private ExampleRuns runs;
    private SimulatorProcess dcc;
    private PosternProcess postern;
    private SupplierSystem supplier;
    private LedgerFile ledger;
    /** What was wrong, by the name of the example, one line each. */
    private final Map<String, List<String>> wrong = new LinkedHashMap<>();

    @BeforeAll
    void start() throws Exception {
        if (!Prerequisites.met()) {
            return;
        }
        Path work = Path.of("target", "survival", "critical").toAbsolutePath();
        PosternProcess.delete(work);
        Population population = new Population(17, PREMISES);
        long begun = System.nanoTime();
        SimulatorPki pki = SimulatorPki.create(work.resolve("pki"), population, Clock.systemUTC());
        runs = new ExampleRuns(pki, population);
        runs.completeInventory(pki.folder().resolve("postern/inventory.csv"));
        runs.completeDcc(pki.folder().resolve("simulator/facts.csv"));
        say(
                "throwaway PKI of %d devices after %d ms",
                population.devices().size(), (System.nanoTime() - begun) / 1_000_000);
        Ports ports = Ports.free();
        dcc = new SimulatorProcess(
                Prerequisites.simulator(),
                pki,
                ports,
                "--answer-delay",
                "50",
                "--retry-first",
                "300",
                "--retry-most",
                "2000");
        postern = PosternProcess.unpack(Prerequisites.distribution(), work.resolve("appliance"), pki, ports);
        postern.set("org.postern.inventory.cfg", Map.of("recheckSeconds", "1"));
        dcc.start();
        postern.start();
        say("ready after %d ms", postern.awaitReady().toMillis());
        supplier = new SupplierSystem(postern);
        ledger = new LedgerFile(postern);
        runs.prepare(supplier, ledger, dcc);
    }

    /** Not in BeforeAll, so that every skipped test is counted. */
    @BeforeEach
    void prerequisites() {
        Prerequisites.distribution();
        Prerequisites.simulator();
        wrong.clear();
    }

    @AfterAll
    void stop() {
        for (AutoCloseable one : new AutoCloseable[] {supplier, postern, dcc}) {
            if (one != null) {
                try {
                    one.close();
                } catch (Exception e) {
                    say("%s", e);
                }
            }
        }
    }

    @Test
    @Order(1)
    void everyServiceIsCarriedOut() throws Exception {
        long begun = System.nanoTime();
        List<Run> submitted = new ArrayList<>();
        Map<ExampleRequest, Run> toCancel = new LinkedHashMap<>();
        for (ExampleRequest example : sendable(Execution.CANCEL)) {
            toCancel.put(
                    example,
                    runs.submit(
                            supplier,
                            ledger,
                            "to-cancel-" + example.name(),
                            runs.dated(example),
                            runs.device(example),
                            FAR,
                            "ACCEPTED_BY_DEVICE"));
        }
        Instant executionTime = Instant.now().plus(LATER).truncatedTo(ChronoUnit.SECONDS);
        for (ExampleRequest example : sendable(Execution.DATED)) {
            submitted.add(submit("right", example, executionTime, "ACTIONED"));
        }
        for (ExampleRequest example : sendable(Execution.NOW)) {
            submitted.add(submit("right", example, executionTime, "DELIVERED"));
        }
        ExampleRuns.await(ledger, List.copyOf(toCancel.values()), ENDED).forEach(this::complain);
        for (Map.Entry<ExampleRequest, Run> one : toCancel.entrySet()) {
            submitted.add(submit("right", one.getKey(), executionTime, "DELIVERED"));
            Run first = one.getValue();
            submitted.add(new Run(
                    first.example(), first.device(), first.correlation(), first.id(), first.requestId(), "CANCELLED"));
        }
        Duration most = Duration.between(Instant.now(), executionTime.plus(OUTCOME));
        ExampleRuns.await(ledger, submitted, most).forEach(this::complain);
        for (Run run : submitted) {
            resultsAreRight(run);
            theSimulatorRecordedItOnce(run);
        }
        report("as they should be", submitted.size(), begun);
    }

    private void resultsAreRight(Run run) throws Exception {
        Set<String> expected = new TreeSet<>(
                switch (run.end()) {
                    case "ACTIONED" -> Set.of("accepted-by-device", "actioned");
                    case "CANCELLED" -> Set.of("accepted-by-device");
                    default -> Set.of("success");
                });
        List<SupplierSystem.Result> results = resultsWith(run, expected);
        // the result that a cancellation adds to the cancelled request comes from the appliance, not from a device
        Set<String> had = new TreeSet<>(results.stream()
                .filter(r -> !r.outcome().equals("cancelled"))
                .map(SupplierSystem.Result::outcome)
                .toList());
        if (!had.equals(expected)) {
            complain(run, "results should be " + expected + ", are " + had);
        }
        for (SupplierSystem.Result result : results) {
            String proven = UNPROVABLE.contains(run.example().service()) ? "no" : "yes";
            if (!result.outcome().equals("cancelled")
                    && (!result.form().equals("mmc") || !result.proven().equals(proven))) {
                complain(run, result.outcome() + " is of form " + result.form() + ", proven " + result.proven());
            }
            boolean answer =
                    result.outcome().equals("success") || result.outcome().equals("accepted-by-device");
            if (answer && !succeeds(run.example().service(), result.text())) {
                complain(run, "its MMC does not report success");
            }
        }
    }

    /** Waits for the results of a request: its state is on disk shortly before the supplier has its result. */
    private List<SupplierSystem.Result> resultsWith(Run run, Set<String> expected) throws Exception {
        try {
            Await.until(
                    "results of " + run.correlation(),
                    RESULTS,
                    () -> supplier.results(run.correlation()).stream()
                            .map(SupplierSystem.Result::outcome)
                            .toList()
                            .containsAll(expected));
        } catch (AssertionError e) {
            say("%s", e.getMessage());
        }
        return supplier.results(run.correlation());
    }

    private static boolean succeeds(String service, String mmc) {
        return WITHOUT_ELEMENT.contains(service)
                ? mmc.contains("ResponseCode=\"0\"") && !mmc.matches("(?s).*ResponseCode=\"[^0].*")
                : mmc.contains("MessageSuccess=\"true\"");
    }

    private void theSimulatorRecordedItOnce(Run run) throws Exception {
        List<JsonNode> all = dcc.events(run.requestId());
        Map<String, Integer> expected = new LinkedHashMap<>();
        expected.put("received", run.example().critical() ? 2 : 1);
        expected.put("pre-command", run.example().critical() ? 1 : 0);
        expected.put("signed-pre-command", run.example().critical() ? 1 : 0);
        expected.put("accepted." + run.example().service(), 1);
        expected.put("refused.", 0);
        expected.forEach((what, count) -> {
            if (ExampleRuns.events(all, what).size() != count) {
                complain(
                        run,
                        "the simulator saw " + ExampleRuns.events(all, what).size() + " of " + what + ", not " + count);
            }
        });
        for (JsonNode signed : ExampleRuns.events(all, "signed-pre-command")) {
            if (!signed.path("signature").asText().equals("VALID")
                    || !signed.path("digest")
                            .equals(ExampleRuns.events(all, "pre-command")
                                    .get(0)
                                    .path("digest"))) {
                complain(run, "what was signed is not the Pre-Command given: " + signed);
            }
        }
    }

    @Test
    @Order(2)
    void everyCriticalServiceIsRefusedUnsignedWhereOneFieldIsAltered() throws Exception {
        long begun = System.nanoTime();
        Instant later = Instant.now().plus(Duration.ofHours(6)).truncatedTo(ChronoUnit.SECONDS);
        List<ExampleRequest> critical = new ArrayList<>();
        for (Execution execution : Execution.values()) {
            sendable(execution).stream().filter(ExampleRequest::critical).forEach(critical::add);
        }
        dcc.faults(critical.stream()
                .map(e -> "alter-pre-command " + e.alteration() + " times=1 target="
                        + runs.device(e).deviceId().hex() + " service=" + e.service())
                .toArray(String[]::new));
        List<Run> submitted = new ArrayList<>();
        for (ExampleRequest example : critical) {
            submitted.add(submit("altered", example, later, "NOT_CORRELATED"));
        }
        ExampleRuns.await(ledger, submitted, ENDED).forEach(this::complain);
        assertThat(dcc.get("/faults")).as("alterations that were not applied").isEmpty();
        String securityLog = securityLog();
        List<JsonNode> shown;
        try (ConsoleScript console = new ConsoleScript(postern)) {
            shown = console.json(
                    submitted.stream().map(run -> "dcc:show --json " + run.id()).toList());
        }
        for (int i = 0; i < submitted.size(); i++) {
            Run run = submitted.get(i);
            theSimulatorRecordedNothingSigned(run);
            theExplanationStatesTheReason(run, shown.get(i));
            if (securityLog.lines().noneMatch(line -> line.contains("SL-201") && line.contains(run.requestId()))) {
                complain(run, "the security log has no record of it");
            }
            Set<String> outcomes = new HashSet<>(resultsWith(run, Set.of("not-correlated")).stream()
                    .map(SupplierSystem.Result::outcome)
                    .toList());
            if (!outcomes.equals(Set.of("not-correlated"))) {
                complain(run, "results are " + outcomes);
            }
        }
        say(
                "fields altered: %d different",
                critical.stream().map(ExampleRequest::alteration).distinct().count());
        report("with one field altered", submitted.size(), begun);
    }

    private void theSimulatorRecordedNothingSigned(Run run) throws Exception {
        List<JsonNode> all = dcc.events(run.requestId());
        Map<String, Integer> expected =
                Map.of("received", 1, "pre-command.altered", 1, "signed-pre-command", 0, "accepted.", 0);
        expected.forEach((what, count) -> {
            if (ExampleRuns.events(all, what).size() != count) {
                complain(
                        run,
                        "the simulator saw " + ExampleRuns.events(all, what).size() + " of " + what + ", not " + count);
            }
        });
    }

    private void theExplanationStatesTheReason(Run run, JsonNode shown) throws Exception {
        JsonNode correlation = shown.path("correlation");
        if (!shown.path("request").path("id").asText().equals(run.id())
                || !correlation.path("verdict").asText().equals("different")
                || !correlation.path("signed").asText().equals("no")) {
            complain(run, "dcc:show says " + correlation);
        }
        JsonNode differences = correlation.path("differences");
        if (!differences.isArray() || differences.isEmpty()) {
            complain(run, "dcc:show names no difference");
        }
        for (JsonNode difference : differences) {
            if (difference.path("path").asText().isBlank()
                    || difference.path("rule").asText().isBlank()
                    || difference
                            .path("expected")
                            .asText()
                            .equals(difference.path("got").asText())) {
                complain(run, "a difference without path, rule or contrast: " + difference);
            }
        }
        if (ledger.number("SELECT count(*) FROM evidence WHERE request = ? AND signature IS NULL", run.id()) != 1
                || ledger.number("SELECT count(*) FROM requests WHERE id = ? AND signed_packed IS NOT NULL", run.id())
                        != 0) {
            complain(run, "the ledger holds a signature");
        }
    }

    @Test
    @Order(3)
    void aRequestThatNoUserRoleMaySendIsRefusedAtAdmission() throws Exception {
        List<ExampleRequest> unsendable =
                runs.all().stream().filter(e -> e.role().isEmpty()).toList();
        assertThat(unsendable).extracting(ExampleRequest::service).containsExactly("7.16");
        for (ExampleRequest example : unsendable) {
            HttpResponse<String> answer =
                    runs.post(supplier, example, runs.device(example), FAR, "nobody-" + example.name());
            assertThat(answer.statusCode()).isEqualTo(422);
            assertThat(JSON.readTree(answer.body()).path("code").asText()).isEqualTo("PST-2104");
        }
    }

    @Test
    @Order(4)
    void anOperatorSubmitsAnExampleFromAFile() throws Exception {
        ExampleRequest example = runs.named("supply-on");
        Path file = postern.home().resolve("state/import/supply-on.xml");
        Files.write(file, runs.document(example));
        try (ConsoleScript console = new ConsoleScript(postern)) {
            String id = console.json(List.of("dcc:submit --json " + file))
                    .get(0)
                    .findPath("id")
                    .asText();
            Await.until(() -> id + " is carried out", ENDED, () -> "DELIVERED".equals(ledger.state(id)));
            JsonNode correlation =
                    console.json(List.of("dcc:show --json " + id)).get(0).path("correlation");
            assertThat(correlation.path("verdict").asText()).isEqualTo("identical");
            assertThat(correlation.path("signed").asText()).isEqualTo("yes");
        }
    }

    @Test
    @Order(5)
    void afterwardsAllCountsAgree() throws Exception {
        JsonNode counts = dcc.get("/counts");
        long signed = ledger.number("SELECT count(*) FROM requests WHERE signed_packed IS NOT NULL");
        assertThat(counts.path("signed-pre-command").asLong())
                .as("signed by Postern and received by the DCC")
                .isEqualTo(signed);
        assertThat(counts.path("pre-command.altered").asLong())
                .isEqualTo(ledger.number("SELECT count(*) FROM requests WHERE state = 'NOT_CORRELATED'"));
        assertThat(counts.path("signed-pre-command.refused").asLong()).isZero();
        assertThat(counts.path("counter-reused").asLong()
                        + counts.path("other-bytes-same-id").asLong())
                .isZero();
        assertThat(ledger.number("SELECT count(*) FROM inbound WHERE state = 'QUARANTINED'"))
                .isZero();
        assertThat(SecurityLogVerifier.verify(postern.home().resolve("state/security-log"))
                        .findings())
                .isEmpty();
        assertThat(postern.healthy()).isTrue();
        say("states %s", ledger.rows("SELECT state, count(*) AS n FROM requests GROUP BY state"));
        say("simulator %s", counts);
    }

    private List<ExampleRequest> sendable(Execution execution) {
        return runs.all().stream()
                .filter(e -> e.execution() == execution && e.role().isPresent())
                .toList();
    }

    private Run submit(String round, ExampleRequest example, Instant executionTime, String end) throws Exception {
        return runs.submit(supplier, ledger, round, example, runs.device(example), executionTime, end);
    }

    private void complain(Run run, String what) {
        wrong.computeIfAbsent(
                        run.correlation() + " (" + run.example().service() + " "
                                + run.example().useCase() + ", " + run.id() + ")",
                        k -> new ArrayList<>())
                .add(what);
    }

    private void report(String what, int all, long begun) {
        Map<String, Integer> services = new HashMap<>();
        runs.all().forEach(e -> services.merge(e.service(), 1, Integer::sum));
        say(
                "%d of %d requests right %s after %d s (table: %d examples of %d services)",
                all - wrong.size(),
                all,
                what,
                (System.nanoTime() - begun) / 1_000_000_000L,
                runs.all().size(),
                services.size());
        wrong.forEach((name, lines) -> say("WRONG %s: %s", name, lines));
        assertThat(wrong).as("requests that did not end %s", what).isEmpty();
    }

    private String securityLog() throws Exception {
        StringBuilder all = new StringBuilder();
        try (var files = Files.list(postern.home().resolve("state/security-log"))) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".log")).sorted().toList()) {
                all.append(Files.readString(file));
            }
        }
        return all.toString();
    }

    private static void say(String format, Object... values) {
        System.out.printf("[critical] " + format + "%n", values);
    }
}
