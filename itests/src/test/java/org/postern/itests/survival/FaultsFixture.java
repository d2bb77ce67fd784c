package org.postern.itests.survival;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.postern.simulator.examples.SupplierRequest;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.testkit.Await;
import org.postern.testkitprocess.LedgerFile;
import org.postern.testkitprocess.Ports;
import org.postern.testkitprocess.PosternProcess;
import org.postern.testkitprocess.SimulatorProcess;
import org.postern.testkitprocess.SupplierSystem;

/** The appliance, the simulated DCC and a supplier for {@link FaultsIT}, and what its tests check with. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FaultsFixture {

    protected static final Duration ENDED = Duration.ofSeconds(120);
    protected static final Duration AWAY = Duration.ofSeconds(25);
    protected static final Pattern GBCS = Pattern.compile("<(?:\\w+:)?GBCSPayload>([^<]+)<");
    protected static final ObjectMapper JSON = new ObjectMapper();

    protected final Random random = new Random(4711);
    protected Population population;
    protected SimulatorPki pki;
    protected SimulatorProcess dcc;
    protected PosternProcess postern;
    protected SupplierSystem supplier;
    protected LedgerFile ledger;

    @BeforeAll
    void start() throws Exception {
        if (!Prerequisites.met()) {
            return;
        }
        Path archive = Prerequisites.distribution();
        Path jar = Prerequisites.simulator();
        Path work = Path.of("target", "survival", "faults").toAbsolutePath();
        PosternProcess.delete(work);
        population = new Population(9, 20);
        pki = SimulatorPki.create(work.resolve("pki"), population, Clock.systemUTC());
        Ports ports = Ports.free();
        dcc = new SimulatorProcess(
                jar, pki, ports, "--answer-delay", "100", "--retry-first", "300", "--retry-most", "2000");
        postern = PosternProcess.unpack(archive, work.resolve("appliance"), pki, ports);
        postern.set("org.postern.servicerequests.cfg", Map.of("firstRetryMillis", "500", "longestRetrySeconds", "3"));
        postern.set("org.postern.gateway.cfg", Map.of("answerTimeoutSeconds", "10"));
        postern.start();
        System.out.printf("[faults] ready after %d ms%n", postern.awaitReady().toMillis());
        supplier = new SupplierSystem(postern);
        ledger = new LedgerFile(postern);
    }

    /** Not in BeforeAll, so that every skipped test is counted. */
    @BeforeEach
    void prerequisites() {
        Prerequisites.distribution();
        Prerequisites.simulator();
    }

    @AfterEach
    void isHealthy() throws Exception {
        assertThat(postern == null || postern.healthy()).as("GET /health").isTrue();
    }

    @AfterAll
    void stop() {
        for (AutoCloseable one : new AutoCloseable[] {supplier, postern, dcc}) {
            if (one != null) {
                try {
                    one.close();
                } catch (Exception e) {
                    System.out.println("[faults] " + e);
                }
            }
        }
    }

    protected Map<SupplierRequest, String> submit(List<SupplierRequest> requests) throws Exception {
        Map<SupplierRequest, String> ids = new LinkedHashMap<>();
        for (SupplierRequest request : requests) {
            ids.put(request, supplier.http(request));
        }
        return ids;
    }

    /** Waits until every request has its answer and the supplier has its result. */
    protected void delivered(Map<SupplierRequest, String> ids) throws Exception {
        List<String> open = new ArrayList<>();
        Await.until(() -> "delivered: " + open, ENDED, () -> {
            open.clear();
            for (String id : ids.values()) {
                if (!"DELIVERED".equals(ledger.state(id))) {
                    open.add(id + " " + ledger.state(id));
                }
            }
            return open.isEmpty();
        });
        for (SupplierRequest request : ids.keySet()) {
            Await.until(
                    () -> "the result of " + request,
                    ENDED,
                    () -> !supplier.results(request.correlation()).isEmpty());
            assertThat(supplier.results(request.correlation()))
                    .as(request.toString())
                    .allSatisfy(result -> assertThat(result.outcome()).isEqualTo("success"));
        }
    }

    protected String requestId(String id) {
        try {
            return String.valueOf(ledger.rows("SELECT request_id FROM requests WHERE id = ?", id)
                    .get(0)
                    .get("request_id"));
        } catch (java.sql.SQLException e) {
            throw new AssertionError(e);
        }
    }

    protected boolean isCritical(String id) throws Exception {
        return "7.1"
                .equals(ledger.rows("SELECT service FROM requests WHERE id = ?", id)
                        .get(0)
                        .get("service"));
    }

    /** The simulator's recorded events of that kind for one request. */
    protected List<JsonNode> events(String id, String what) throws Exception {
        return dcc.events(requestId(id)).stream()
                .filter(event -> event.path("what").asText().equals(what))
                .toList();
    }

    protected String securityLog() throws Exception {
        StringBuilder all = new StringBuilder();
        try (var files = Files.list(postern.home().resolve("state/security-log"))) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".log")).sorted().toList()) {
                all.append(Files.readString(file));
            }
        }
        return all.toString();
    }

    /** A file that no interface may read for a client. */
    protected Path secret() throws Exception {
        return Files.writeString(postern.home().resolve("data/secret.txt"), "secret of this machine");
    }

    /** Submits a file; returns its report. */
    protected String file(String name, String content) throws Exception {
        Path folder = postern.home().resolve("state/intake");
        Files.writeString(folder.resolve(name + ".part"), content, StandardCharsets.UTF_8);
        Files.move(folder.resolve(name + ".part"), folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        Path report = folder.resolve("rejected").resolve(name + ".report.csv");
        Await.until(() -> "a report of " + name, ENDED, () -> Files.exists(report));
        return Files.readString(report);
    }

    /** An answer of a device to one of the earlier requests. */
    protected byte[] gbcsAnswer() throws Exception {
        Map<String, Object> row = ledger.rows(
                        "SELECT i.packed AS body FROM inbound i JOIN requests r ON r.request_id = i.request_id"
                                + " WHERE r.service = '11.2' AND r.state = 'DELIVERED' AND i.kind = 'GBCSPayload' LIMIT 1")
                .get(0);
        Matcher payload =
                GBCS.matcher(new String(LedgerFile.document((byte[]) row.get("body")), StandardCharsets.UTF_8));
        assertThat(payload.find()).isTrue();
        return Base64.getMimeDecoder().decode(payload.group(1));
    }

    /**
     * The position of the length of the originator's identifier: the first 08 that is followed by an EUI-64 of the
     * population.
     */
    protected static int lengthField(byte[] message) {
        for (int i = 0; i + 4 < message.length; i++) {
            if (message[i] == 8 && message[i + 1] == 0x02 && message[i + 2] == 0x50) {
                return i;
            }
        }
        return message.length / 4;
    }
}
