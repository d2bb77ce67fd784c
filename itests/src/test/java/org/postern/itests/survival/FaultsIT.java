package org.postern.itests.survival;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
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
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.UserRole;
import org.postern.securitylogging.SecurityLogVerifier;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.testkit.Await;
import org.postern.testkitprocess.Ask;
import org.postern.testkitprocess.LedgerFile;
import org.postern.testkitprocess.Ports;
import org.postern.testkitprocess.PosternProcess;
import org.postern.testkitprocess.SimulatorProcess;
import org.postern.testkitprocess.SupplierSystem;

/** The DCC away, busy, forgetful, rude or impersonated, and harm at every door, in one life of the appliance. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FaultsIT {

    private static final Duration ENDED = Duration.ofSeconds(120);
    private static final Duration AWAY = Duration.ofSeconds(25);
    private static final Pattern GBCS = Pattern.compile("<(?:\\w+:)?GBCSPayload>([^<]+)<");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Random random = new Random(4711);
    private Population population;
    private SimulatorPki pki;
    private SimulatorProcess dcc;
    private PosternProcess postern;
    private SupplierSystem supplier;
    private LedgerFile ledger;

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

    /** Here and not before all, so that every test that is skipped is counted. */
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

    @Test
    @Order(1)
    void requestsWaitWhileTheDccIsAwayAndAreAnsweredWhenItIsBack() throws Exception {
        // nothing listens on its port yet
        long away = System.nanoTime();
        Map<Ask, String> ids = handIn(Ask.mix("away", 30, population, random));
        Await.until(
                () -> "several tries",
                Duration.ofSeconds(90),
                () -> System.nanoTime() - away > AWAY.toNanos()
                        && ledger.number("SELECT min(attempts) FROM requests") >= 3);
        assertThat(ledger.number("SELECT count(*) FROM requests WHERE state IN ('SENT','TRANSFORM_SENT')"))
                .isEqualTo(30);
        dcc.start();
        delivered(ids);
        for (String id : ids.values()) {
            assertThat(events(id, "received")).hasSize(isCritical(id) ? 2 : 1);
        }
        assertThat(dcc.count("other-bytes-same-id") + dcc.count("counter-reused"))
                .isZero();
    }

    @Test
    @Order(2)
    void aDccThatIsBusyOrCutsEveryConnectionIsAskedAgain() throws Exception {
        dcc.faults("http-503 1 times=15");
        Map<Ask, String> ids = handIn(Ask.mix("busy", 20, population, random));
        delivered(ids);
        assertThat(dcc.count("fault.http-503")).isEqualTo(15);
        dcc.faults("unreachable 20");
        delivered(handIn(Ask.mix("cut", 20, population, random)));
        assertThat(dcc.count("fault.unreachable")).isGreaterThan(20);
        assertThat(dcc.count("other-bytes-same-id")).isZero();
    }

    @Test
    @Order(3)
    void anAnswerLostAfterAcceptanceMakesTheSameBytesGoAgain() throws Exception {
        // late callbacks, so that none settles what is in doubt before it is asked again
        dcc.faults("drop-answer times=12", "garbage times=4", "delay-callback 5000");
        Map<Ask, String> ids = handIn(Ask.mix("lost", 24, population, random));
        delivered(ids);
        int again = 0;
        for (String id : ids.values()) {
            for (JsonNode repeated : events(id, "same-bytes-again")) {
                assertThat(events(id, "received")).anySatisfy(first -> {
                    assertThat(first.path("cv")).isEqualTo(repeated.path("cv"));
                    assertThat(first.path("digest")).isEqualTo(repeated.path("digest"));
                });
                again++;
            }
        }
        assertThat(again).as("documents sent again").isGreaterThanOrEqualTo(16);
        assertThat(dcc.count("fault.drop-answer")).isEqualTo(12);
        assertThat(dcc.count("fault.garbage")).isEqualTo(4);
        assertThat(dcc.count("other-bytes-same-id") + dcc.count("counter-reused"))
                .isZero();
        assertThat(ledger.number("SELECT count(*) FROM transitions WHERE to_state = 'IN_DOUBT'"))
                .isPositive();
    }

    @Test
    @Order(4)
    void callbacksThatComeTwiceOrOutOfOrderCountOnce() throws Exception {
        dcc.faults("duplicate 2 times=20", "reorder probability=0.5");
        Map<Ask, String> ids = handIn(Ask.mix("twice", 30, population, random));
        delivered(ids);
        Await.until(
                "every callback is acknowledged, the doubled ones too",
                Duration.ofSeconds(30),
                () -> dcc.get("/outstanding").asInt() == 0);
        dcc.faults();
        assertThat(dcc.count("fault.duplicate")).isGreaterThanOrEqualTo(30);
        assertThat(dcc.count("fault.reorder")).isPositive();
        assertThat(dcc.count("callback.failed")).isZero();
        for (Map.Entry<Ask, String> one : ids.entrySet()) {
            assertThat(supplier.results(one.getKey().correlation()))
                    .as(one.getKey().toString())
                    .hasSize(1);
        }
        assertThat(ledger.number("SELECT count(*) FROM inbound WHERE state = 'QUARANTINED'"))
                .isZero();
    }

    @Test
    @Order(5)
    void anAnswerThatIsWronglySignedIsNotBelieved() throws Exception {
        // the simulator repeats a forged answer with every repetition: what is not critical is settled by its callback
        dcc.faults("wrong-signature times=3 stage=exchange", "wrong-signer times=2 stage=exchange");
        List<Ask> readings = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            readings.add(new Ask(
                    "forged-" + i,
                    "4.1.1",
                    UserRole.IS,
                    population.devices(DeviceType.ESME).get(i)));
        }
        delivered(handIn(readings));
        assertThat(dcc.count("fault.wrong-signature")).isEqualTo(3);
        assertThat(dcc.count("fault.wrong-signer")).isEqualTo(2);
        assertThat(securityLog()).contains("SL-202").contains("SL-203");
        dcc.faults("wrong-signature times=1 cv=4");
        String critical = supplier.http(new Ask(
                "forged-pre-command",
                "7.1",
                UserRole.IS,
                population.devices(DeviceType.ESME).get(3)));
        Await.until(
                "a Pre-Command that nobody vouches for is given up",
                ENDED,
                () -> "NOT_CORRELATED".equals(ledger.state(critical)));
        assertThat(events(critical, "signed-pre-command")).isEmpty();
        dcc.faults("wrong-signature times=1 stage=callback");
        Ask ask = new Ask(
                "forged-callback",
                "11.2",
                UserRole.IS,
                population.devices(DeviceType.ESME).get(0));
        String id = supplier.http(ask);
        Await.until(
                "the forged callback is refused more than once",
                ENDED,
                () -> events(id, "callback.failed").size() >= 2);
        assertThat(events(id, "callback.failed"))
                .allSatisfy(event -> assertThat(event.path("status").asText()).isEqualTo("400"));
        assertThat(supplier.results("forged-callback")).isEmpty();
        assertThat(ledger.state(id)).isEqualTo("ACKNOWLEDGED");
    }

    @Test
    @Order(6)
    void anAlteredPreCommandIsNeverSigned() throws Exception {
        List<String> fields = List.of("value", "counter", "originator", "target", "message-code");
        for (String field : fields) {
            dcc.faults("alter-pre-command " + field + " times=1");
            Ask ask = new Ask(
                    "altered-" + field,
                    "7.1",
                    UserRole.IS,
                    population.devices(DeviceType.ESME).get(1));
            String id = supplier.http(ask);
            Await.until(() -> field + ": an end", ENDED, () -> "NOT_CORRELATED".equals(ledger.state(id)));
            Await.until(
                    () -> field + ": a result",
                    ENDED,
                    () -> !supplier.results(ask.correlation()).isEmpty());
            assertThat(supplier.results(ask.correlation()))
                    .allSatisfy(result -> assertThat(result.outcome()).isEqualTo("not-correlated"));
            assertThat(events(id, "pre-command.altered")).as(field).hasSize(1);
            assertThat(events(id, "signed-pre-command")).as(field).isEmpty();
            Map<String, Object> evidence = ledger.rows(
                            "SELECT verdict, differences, signature FROM evidence WHERE request = ?", id)
                    .get(0);
            assertThat(evidence.get("verdict")).isEqualTo("different");
            assertThat(JSON.readTree(String.valueOf(evidence.get("differences"))))
                    .isNotEmpty()
                    .allSatisfy(difference -> {
                        assertThat(difference.path("path").asText()).isNotEmpty();
                        assertThat(difference.path("expected").asText())
                                .isNotEqualTo(difference.path("got").asText());
                    });
            assertThat(evidence.get("signature")).isNull();
            assertThat(securityLog().lines().filter(line -> line.contains("SL-201") && line.contains(requestId(id))))
                    .isNotEmpty();
        }
        dcc.faults();
    }

    @Test
    @Order(7)
    void receiveResponseRefusesHarm() throws Exception {
        HostileDocuments hostile = new HostileDocuments(pki);
        HttpClient client = hostile.dccClient();
        int port = postern.ports().callback();
        long before = ledger.number("SELECT count(*) FROM inbound");
        Map<String, String> documents = new LinkedHashMap<>(HostileDocuments.xml(secret()));
        documents.putAll(hostile.signatures());
        for (Map.Entry<String, String> one : documents.entrySet()) {
            long records = securityLog().lines().count();
            assertThat(HostileDocuments.callback(client, port, one.getValue()))
                    .as(one.getKey())
                    .isEqualTo(400);
            assertThat(securityLog().lines().skip(records))
                    .as("security log of: " + one.getKey())
                    .anySatisfy(line ->
                            assertThat(line).contains("receive-response").contains("PST-"));
        }
        assertThat(HostileDocuments.callback(client, port, HostileDocuments.nonsense()))
                .as("20 MB")
                .isIn(413, 0);
        assertThat(ledger.number("SELECT count(*) FROM inbound")).isEqualTo(before);
    }

    @Test
    @Order(8)
    void theSuppliersDoorsRefuseHarm() throws Exception {
        int number = 0;
        for (Map.Entry<String, String> one : HostileDocuments.xml(secret()).entrySet()) {
            String name = "hostile-" + number++;
            HttpResponse<String> answer = supplier.post("application/xml", one.getValue(), name);
            assertThat(answer.statusCode()).as(one.getKey()).isEqualTo(422);
            assertThat(JSON.readTree(answer.body()).path("code").asText())
                    .as(one.getKey())
                    .startsWith("PST-");
            assertThat(answer.body()).doesNotContain("secret of this machine").doesNotContain(HostileDocuments.MARK);
            supplier.jms(name, one.getValue());
            Await.until(
                    () -> "a refusal over JMS of: " + one.getKey(),
                    ENDED,
                    () -> !supplier.results(name).isEmpty());
            assertThat(supplier.results(name)).hasSize(1).allSatisfy(result -> {
                assertThat(result.outcome()).isEqualTo("rejected");
                assertThat(result.text()).contains("PST-").doesNotContain("secret of this machine");
            });
            if (!one.getValue().isEmpty()) {
                assertThat(file(name + ".xml", one.getValue()))
                        .as(one.getKey())
                        .contains("rejected")
                        .contains("PST-");
            }
        }
        int status;
        try {
            status = supplier.post("application/xml", HostileDocuments.nonsense(), "nonsense-http")
                    .statusCode();
        } catch (java.io.IOException e) {
            status = 0;
        }
        assertThat(status).as("20 MB over HTTP").isIn(413, 422, 0);
        supplier.jms("nonsense-jms", HostileDocuments.nonsense());
        Await.until(
                "a refusal of 20 MB over JMS",
                ENDED,
                () -> !supplier.results("nonsense-jms").isEmpty());
        assertThat(supplier.results("nonsense-jms"))
                .allSatisfy(result -> assertThat(result.outcome()).isEqualTo("rejected"));
        assertThat(file("nonsense.xml", HostileDocuments.nonsense())).contains("rejected");
        // the doors still open for what is good
        delivered(handIn(Ask.mix("after-harm", 6, population, random)));
    }

    @Test
    @Order(9)
    void aDamagedDeviceAnswerEndsItsRequestUnproven() throws Exception {
        byte[] good = gbcsAnswer();
        Map<String, byte[]> damaged = new LinkedHashMap<>();
        damaged.put("truncated", java.util.Arrays.copyOf(good, good.length / 2));
        damaged.put("one byte missing", java.util.Arrays.copyOf(good, good.length - 1));
        for (int at : List.of(lengthField(good), good.length / 2)) {
            byte[] lying = good.clone();
            lying[at] = (byte) 0x7F;
            damaged.put("0x7F at " + at, lying);
        }
        damaged.put("of another request", good);
        int number = 0;
        for (Map.Entry<String, byte[]> one : damaged.entrySet()) {
            dcc.faults("drop-callback times=1");
            Ask ask = new Ask(
                    "damaged-" + number++,
                    "11.2",
                    UserRole.IS,
                    population.devices(DeviceType.ESME).get(2));
            String id = supplier.http(ask);
            Await.until(
                    () -> one.getKey() + ": its own answer is lost",
                    ENDED,
                    () -> !events(id, "fault.drop-callback").isEmpty() && "ACKNOWLEDGED".equals(ledger.state(id)));
            dcc.post(
                    "/replay?request=" + requestId(id) + "&service=11.2",
                    HexFormat.of().formatHex(one.getValue()));
            Await.until(() -> one.getKey() + ": an end", ENDED, () -> "DELIVERED".equals(ledger.state(id)));
            Await.until(
                    () -> one.getKey() + ": a result",
                    ENDED,
                    () -> !supplier.results(ask.correlation()).isEmpty());
            assertThat(supplier.results(ask.correlation()))
                    .as(one.getKey())
                    .allSatisfy(result -> assertThat(result.outcome()).isEqualTo("unproven"));
            assertThat(supplier.get(id).path("success").asBoolean(true))
                    .as(one.getKey())
                    .isFalse();
            assertThat(securityLog().lines().filter(line -> line.contains("SL-204") && line.contains(requestId(id))))
                    .as(one.getKey())
                    .isNotEmpty();
        }
        dcc.faults();
    }

    @Test
    @Order(10)
    void afterAllThatTheLogsAreCleanAndWhole() throws Exception {
        assertThat(postern.log()).doesNotContain(HostileDocuments.MARK).doesNotContain("secret of this machine");
        assertThat(securityLog()).doesNotContain(HostileDocuments.MARK).doesNotContain("secret of this machine");
        assertThat(postern.log())
                .contains("refused at interface http")
                .contains("refused at interface jms")
                .contains("document of the DCC refused");
        assertThat(postern.log()).as("what was too large").contains("PST-7006").contains("PST-7301");
        assertThat(postern.log()).doesNotContain("OutOfMemoryError");
        delivered(handIn(Ask.mix("last", 10, population, random)));
        assertThat(dcc.count("other-bytes-same-id") + dcc.count("counter-reused"))
                .isZero();
        assertThat(SecurityLogVerifier.verify(postern.home().resolve("state/security-log"))
                        .findings())
                .isEmpty();
        System.out.printf(
                "[faults] states %s%n", ledger.rows("SELECT state, count(*) AS n FROM requests GROUP BY state"));
        System.out.printf("[faults] witness %s%n", dcc.get("/counts"));
    }

    private Map<Ask, String> handIn(List<Ask> asks) throws Exception {
        Map<Ask, String> ids = new LinkedHashMap<>();
        for (Ask ask : asks) {
            ids.put(ask, supplier.http(ask));
        }
        return ids;
    }

    /** Every one ends with its answer, and its result comes. */
    private void delivered(Map<Ask, String> ids) throws Exception {
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
        for (Ask ask : ids.keySet()) {
            Await.until(
                    () -> "the result of " + ask,
                    ENDED,
                    () -> !supplier.results(ask.correlation()).isEmpty());
            assertThat(supplier.results(ask.correlation()))
                    .as(ask.toString())
                    .allSatisfy(result -> assertThat(result.outcome()).isEqualTo("success"));
        }
    }

    private String requestId(String id) {
        try {
            return String.valueOf(ledger.rows("SELECT request_id FROM requests WHERE id = ?", id)
                    .get(0)
                    .get("request_id"));
        } catch (java.sql.SQLException e) {
            throw new AssertionError(e);
        }
    }

    private boolean isCritical(String id) throws Exception {
        return "7.1"
                .equals(ledger.rows("SELECT service FROM requests WHERE id = ?", id)
                        .get(0)
                        .get("service"));
    }

    /** What the simulator recorded of that kind for one request. */
    private List<JsonNode> events(String id, String what) throws Exception {
        return dcc.events(requestId(id)).stream()
                .filter(event -> event.path("what").asText().equals(what))
                .toList();
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

    /** A file that no door may read for a stranger. */
    private Path secret() throws Exception {
        return Files.writeString(postern.home().resolve("data/secret.txt"), "secret of this machine");
    }

    /** Hands a file in; gives the report that came of it. */
    private String file(String name, String content) throws Exception {
        Path folder = postern.home().resolve("state/intake");
        Files.writeString(folder.resolve(name + ".part"), content, StandardCharsets.UTF_8);
        Files.move(folder.resolve(name + ".part"), folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        Path report = folder.resolve("rejected").resolve(name + ".report.csv");
        Await.until(() -> "a report of " + name, ENDED, () -> Files.exists(report));
        return Files.readString(report);
    }

    /** An answer that a device gave to one of the requests before. */
    private byte[] gbcsAnswer() throws Exception {
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
     * Where the length of the originator's identifier stands: the first 08 that an EUI-64 of the population follows.
     */
    private static int lengthField(byte[] message) {
        for (int i = 0; i + 4 < message.length; i++) {
            if (message[i] == 8 && message[i + 1] == 0x02 && message[i + 2] == 0x50) {
                return i;
            }
        }
        return message.length / 4;
    }
}
