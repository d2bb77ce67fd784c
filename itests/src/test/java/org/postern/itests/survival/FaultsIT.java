package org.postern.itests.survival;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.UserRole;
import org.postern.securitylogging.SecurityLogVerifier;
import org.postern.simulator.examples.SupplierRequest;
import org.postern.testkit.Await;

/**
 * Faults of the DCC (unreachable, overloaded, lost answers, wrong signatures, another identity) and hostile input at
 * every interface, during one run of the appliance.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FaultsIT extends FaultsFixture {

    @Test
    @Order(1)
    void requestsWaitWhileTheDccIsUnreachableAndAreAnsweredAfterwards() throws Exception {
        // the DCC is not started yet, so nothing listens on its port
        long away = System.nanoTime();
        Map<SupplierRequest, String> ids = submit(SupplierRequest.mix("away", 30, population, random));
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
    void requestsAreSentAgainToADccThatIsBusyOrClosesEveryConnection() throws Exception {
        dcc.faults("http-503 1 times=15");
        Map<SupplierRequest, String> ids = submit(SupplierRequest.mix("busy", 20, population, random));
        delivered(ids);
        assertThat(dcc.count("fault.http-503")).isEqualTo(15);
        dcc.faults("unreachable 20");
        delivered(submit(SupplierRequest.mix("cut", 20, population, random)));
        assertThat(dcc.count("fault.unreachable")).isGreaterThan(20);
        assertThat(dcc.count("other-bytes-same-id")).isZero();
    }

    @Test
    @Order(3)
    void afterALostAnswerTheSameBytesAreSentAgain() throws Exception {
        // late callbacks, so that none resolves a request in doubt before it is sent again
        dcc.faults("drop-answer times=12", "garbage times=4", "delay-callback 5000");
        Map<SupplierRequest, String> ids = submit(SupplierRequest.mix("lost", 24, population, random));
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
    void callbacksThatArriveTwiceOrOutOfOrderHaveAnEffectOnce() throws Exception {
        dcc.faults("duplicate 2 times=20", "reorder probability=0.5");
        Map<SupplierRequest, String> ids = submit(SupplierRequest.mix("twice", 30, population, random));
        delivered(ids);
        Await.until(
                "every callback is acknowledged, the duplicates too",
                Duration.ofSeconds(30),
                () -> dcc.get("/outstanding").asInt() == 0);
        dcc.faults();
        assertThat(dcc.count("fault.duplicate")).isGreaterThanOrEqualTo(30);
        assertThat(dcc.count("fault.reorder")).isPositive();
        assertThat(dcc.count("callback.failed")).isZero();
        for (Map.Entry<SupplierRequest, String> one : ids.entrySet()) {
            assertThat(supplier.results(one.getKey().correlation()))
                    .as(one.getKey().toString())
                    .hasSize(1);
        }
        assertThat(ledger.number("SELECT count(*) FROM inbound WHERE state = 'QUARANTINED'"))
                .isZero();
    }

    @Test
    @Order(5)
    void aWronglySignedAnswerIsNotAccepted() throws Exception {
        // the simulator repeats a forged answer whenever the request is repeated; a request that is not critical is
        // resolved by its callback
        dcc.faults("wrong-signature times=3 stage=exchange", "wrong-signer times=2 stage=exchange");
        List<SupplierRequest> readings = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            readings.add(new SupplierRequest(
                    "forged-" + i,
                    "4.1.1",
                    UserRole.IS,
                    population.devices(DeviceType.ESME).get(i)));
        }
        delivered(submit(readings));
        assertThat(dcc.count("fault.wrong-signature")).isEqualTo(3);
        assertThat(dcc.count("fault.wrong-signer")).isEqualTo(2);
        assertThat(securityLog()).contains("SL-202").contains("SL-203");
        dcc.faults("wrong-signature times=1 cv=4");
        String critical = supplier.http(new SupplierRequest(
                "forged-pre-command",
                "7.1",
                UserRole.IS,
                population.devices(DeviceType.ESME).get(3)));
        Await.until(
                "a Pre-Command without a valid signature of the DCC is given up",
                ENDED,
                () -> "NOT_CORRELATED".equals(ledger.state(critical)));
        assertThat(events(critical, "signed-pre-command")).isEmpty();
        dcc.faults("wrong-signature times=1 stage=callback");
        SupplierRequest request = new SupplierRequest(
                "forged-callback",
                "11.2",
                UserRole.IS,
                population.devices(DeviceType.ESME).get(0));
        String id = supplier.http(request);
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
            SupplierRequest request = new SupplierRequest(
                    "altered-" + field,
                    "7.1",
                    UserRole.IS,
                    population.devices(DeviceType.ESME).get(1));
            String id = supplier.http(request);
            Await.until(() -> field + ": an end", ENDED, () -> "NOT_CORRELATED".equals(ledger.state(id)));
            Await.until(
                    () -> field + ": a result",
                    ENDED,
                    () -> !supplier.results(request.correlation()).isEmpty());
            assertThat(supplier.results(request.correlation()))
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
    void receiveResponseRefusesHostileInput() throws Exception {
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
    void theSuppliersInterfacesRefuseHostileInput() throws Exception {
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
        // the interfaces still accept valid requests
        delivered(submit(SupplierRequest.mix("after-harm", 6, population, random)));
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
            SupplierRequest request = new SupplierRequest(
                    "damaged-" + number++,
                    "11.2",
                    UserRole.IS,
                    population.devices(DeviceType.ESME).get(2));
            String id = supplier.http(request);
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
                    () -> !supplier.results(request.correlation()).isEmpty());
            assertThat(supplier.results(request.correlation()))
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
    void afterAllTheseFaultsTheLogsHaveNoErrorsAndNoBreaks() throws Exception {
        assertThat(postern.log()).doesNotContain(HostileDocuments.MARK).doesNotContain("secret of this machine");
        assertThat(securityLog()).doesNotContain(HostileDocuments.MARK).doesNotContain("secret of this machine");
        assertThat(postern.log())
                .contains("refused at interface http")
                .contains("refused at interface jms")
                .contains("document of the DCC refused");
        assertThat(postern.log()).as("what was too large").contains("PST-7006").contains("PST-7301");
        assertThat(postern.log()).doesNotContain("OutOfMemoryError");
        delivered(submit(SupplierRequest.mix("last", 10, population, random)));
        assertThat(dcc.count("other-bytes-same-id") + dcc.count("counter-reused"))
                .isZero();
        assertThat(SecurityLogVerifier.verify(postern.home().resolve("state/security-log"))
                        .findings())
                .isEmpty();
        System.out.printf(
                "[faults] states %s%n", ledger.rows("SELECT state, count(*) AS n FROM requests GROUP BY state"));
        System.out.printf("[faults] simulator %s%n", dcc.get("/counts"));
    }
}
