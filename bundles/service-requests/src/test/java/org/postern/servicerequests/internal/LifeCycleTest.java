package org.postern.servicerequests.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.catalogue.Channel;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.CorrelationVerdict;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.DeliveryState;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.InboundState;
import org.postern.catalogue.Lane;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.UserRole;
import org.postern.ledger.Change;
import org.postern.ledger.NewRequest;
import org.postern.ledger.Origin;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.Target;
import org.postern.ledger.Transition;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.Submission;
import org.postern.simulator.dcc.FaultRule;
import org.postern.testkit.Await;
import org.postern.testkit.Rtds;

/**
 * The main line against the simulator: admitted, signed, sent, correlated, received, parsed, delivered; and its faults.
 */
class LifeCycleTest extends OnFullLifeCycle {

    private Eui64 meter(DeviceType type) {
        return line.simulator.population().devices(type).get(0).deviceId();
    }

    private Admission.Accepted admit(String json, String correlation) {
        Admission admission = line.line.admit(new Submission(
                Channel.JMS,
                Submission.Format.JSON,
                json.getBytes(StandardCharsets.UTF_8),
                Optional.empty(),
                Optional.ofNullable(correlation),
                Optional.empty(),
                "crm"));
        assertThat(admission).as("admission of %s", json).isInstanceOf(Admission.Accepted.class);
        return (Admission.Accepted) admission;
    }

    private String request(String service, Eui64 device, String role) {
        return "{\"service\":\"" + service + "\",\"device\":\"" + device.dashed() + "\",\"role\":\"" + role
                + "\",\"body\":{}}";
    }

    private List<RequestState> path(String id) {
        return line.ledger.path(id).stream().map(Transition::to).toList();
    }

    @Test
    void aReadIsAnsweredParsedAndDelivered() throws Exception {
        String id = admit(request("4.1.1", meter(DeviceType.ESME), "IS"), "c1").id();
        RequestRecord record = line.await(id, RequestState.DELIVERED);
        assertThat(record.state()).as(record.progress().cause()).isEqualTo(RequestState.DELIVERED);
        assertThat(record.progress().success()).contains(true);
        assertThat(path(id))
                .startsWith(RequestState.RECEIVED, RequestState.ADMITTED, RequestState.SENT)
                .endsWith(RequestState.RESPONDED, RequestState.DELIVERED);
        OutboxEntry result = line.deliveries(id).get(0);
        assertThat(result.headers())
                .containsEntry("outcome", "success")
                .containsEntry("authenticated", "yes")
                .containsEntry("correlationId", "c1")
                .containsEntry("encrypted", "decrypted");
        assertThat(new String(result.body(), StandardCharsets.UTF_8)).contains("ReadInstantaneousImportRegistersRsp");
        assertThat(result.json()).isPresent();
        // submitted again it is the same request, and nothing is sent again
        assertThat(admit(request("4.1.1", meter(DeviceType.ESME), "IS"), "c1").repeated())
                .isTrue();
    }

    /**
     * The given response bytes, replayed through the simulator to the delivery queue. Their devices are strangers to
     * this PKI, so that the second half of the rule shows too: what cannot be checked is delivered all the same, and
     * says so.
     */
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"4.1.1_ECS17b", "4.1.1_GCS13a", "11.2_ECS52", "11.2_GCS38", "7.1_ECS42"})
    void givenAnswersReplayedThroughTheSimulatorAreReadAndDelivered(String folder) throws Exception {
        String service = folder.substring(0, folder.indexOf('_'));
        Path file = Rtds.required().messages(folder).stream()
                .filter(f -> f.toString().contains("_RESPONSE_"))
                .findFirst()
                .orElseThrow();
        byte[] message = Rtds.hex(file);
        int at = 0;
        while (message[at] != (byte) 0xDF) {
            at++;
        }
        RequestId asked = new RequestId(
                Eui64.of(message, at + 21),
                Eui64.of(message, at + 12),
                Eui64.of(message, at + 3).value());
        String id = line.ledger
                .admit(new NewRequest(
                        new Origin(Channel.JMS, Optional.empty(), Optional.empty(), "crm", "xml"),
                        new byte[] {1},
                        Optional.of(asked),
                        new Target(
                                Optional.of(UserRole.IS),
                                Optional.of(service),
                                Optional.of(CommandVariant.CV1),
                                Optional.of(asked.target())),
                        Lane.ROUTINE,
                        Optional.of(new byte[] {1}),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()))
                .id();
        assertThat(line.ledger.apply(Change.of(id)
                        .from(RequestState.ADMITTED)
                        .to(RequestState.SENT, "test")
                        .to(RequestState.ACKNOWLEDGED, "test")))
                .isTrue();

        line.simulator.replay(asked.toString(), service, message);

        line.await(id, RequestState.DELIVERED);
        assertThat(line.deliveries(id))
                .as(folder)
                .singleElement()
                .satisfies(entry -> assertThat(entry.headers())
                        .containsEntry("useCase", folder.substring(folder.indexOf('_') + 1))
                        .containsEntry("form", "mmc")
                        .containsEntry("authenticated", "no")
                        .containsKey("reason")
                        // what is still encrypted does not say whether it succeeded, and is not called a success
                        .satisfies(headers -> assertThat(headers.containsKey("flag"))
                                .isEqualTo("yes".equals(headers.get("encrypted")))));
    }

    @ParameterizedTest(name = "by {0}")
    @ValueSource(strings = {"P3285D", "-P1D"})
    void aClockThatJumpsLeavesNoTraceInTheLedger(Duration jump) throws Exception {
        Instant before = Instant.now();
        line.clock.jump(jump);
        String id = admit(request("4.1.1", meter(DeviceType.ESME), "IS"), null).id();
        RequestRecord record = line.await(id, RequestState.DELIVERED);
        assertThat(record.createdAt()).isBetween(before.minusMillis(1), Instant.now());
        assertThat(line.ledger.newest().orElseThrow()).as("by its ids").isBetween(before.minusMillis(1), Instant.now());
        assertThat(line.ledger.path(id))
                .isNotEmpty()
                .allSatisfy(step -> assertThat(step.at()).isBetween(before.minusMillis(1), Instant.now()));
        long counter = record.requestId().orElseThrow().counter();
        assertThat(Instant.ofEpochMilli(counter))
                .as("counters")
                .isBetween(before.minusMillis(1), Instant.now().plusSeconds(60));
    }

    @Test
    void aCriticalRequestIsCorrelatedSignedAndSentUnderTheSameRequestId() throws Exception {
        String id = admit(request("7.1", meter(DeviceType.ESME), "IS"), null).id();
        RequestRecord record =
                line.await(id, RequestState.DELIVERED, RequestState.NOT_CORRELATED, RequestState.REFUSED);
        assertThat(record.state()).as(record.progress().cause()).isEqualTo(RequestState.DELIVERED);
        assertThat(path(id))
                .startsWith(
                        RequestState.RECEIVED,
                        RequestState.ADMITTED,
                        RequestState.TRANSFORM_SENT,
                        RequestState.CORRELATED,
                        RequestState.COMMAND_SIGNED,
                        RequestState.SENT);
        var documents = line.ledger.documents(id).orElseThrow();
        byte[] preCommand = documents.preCommand().orElseThrow();
        byte[] signed = documents.signedPreCommand().orElseThrow();
        assertThat(signed).startsWith(preCommand).hasSize(preCommand.length + 65);
        assertThat(signed[preCommand.length]).isEqualTo((byte) 0x40);
        var evidence = line.ledger.evidence(id).orElseThrow();
        assertThat(evidence.verdict()).isEqualTo(CorrelationVerdict.IDENTICAL);
        assertThat(evidence.signature()).hasValueSatisfying(s -> assertThat(s).hasSize(64));
        assertThat(new String(documents.wire().orElseThrow(), StandardCharsets.UTF_8))
                .contains(record.requestId().orElseThrow().toString())
                .contains("SignedPreCommand");
    }

    // build times are compared with our time: while that is in doubt, so is what differs
    @Test
    void whatDiffersWhileTheTimeIsInDoubtIsNotSignedAndEndsNothing() throws Exception {
        line.clock.jump(Duration.ofDays(1));
        Await.until(
                "doubt", Duration.ofSeconds(30), () -> line.line.clockDoubt().isPresent());
        line.simulator.faults().add(FaultRule.parse("alter-pre-command times=1"));
        String id = admit(request("7.1", meter(DeviceType.ESME), "IS"), null).id();
        Await.until(
                "asked for again",
                Duration.ofSeconds(30),
                () -> line.simulator.recorder().count("same-bytes-again") > 0);
        RequestRecord waiting = line.ledger.find(id).orElseThrow();
        assertThat(waiting.state()).isEqualTo(RequestState.TRANSFORM_SENT);
        assertThat(waiting.progress().cause()).startsWith("PST-2404");
        assertThat(line.deliveries(id)).isEmpty();
        line.clock.jump(Duration.ofDays(-1));
        assertThat(line.await(id, RequestState.NOT_CORRELATED).state())
                .as("once the time is right")
                .isEqualTo(RequestState.NOT_CORRELATED);
    }

    @Test
    void anAlteredPreCommandIsNeverSigned() throws Exception {
        line.simulator.faults().add(FaultRule.parse("alter-pre-command times=1"));
        String id = admit(request("7.1", meter(DeviceType.ESME), "IS"), null).id();
        RequestRecord record =
                line.await(id, RequestState.DELIVERED, RequestState.NOT_CORRELATED, RequestState.REFUSED);
        assertThat(record.state()).as(record.progress().cause()).isEqualTo(RequestState.NOT_CORRELATED);
        assertThat(line.ledger.documents(id).orElseThrow().signedPreCommand()).isEmpty();
        var evidence = line.ledger.evidence(id).orElseThrow();
        assertThat(evidence.verdict()).isEqualTo(CorrelationVerdict.DIFFERENT);
        assertThat(evidence.differences()).contains("\"path\"");
        assertThat(evidence.signature()).isEmpty();
        assertThat(line.preCommandSignatures).isEmpty();
        assertThat(line.securityLog.tail(50))
                .anySatisfy(event -> assertThat(event.id()).isEqualTo("SL-201"));
        assertThat(line.deliveries(id))
                .singleElement()
                .satisfies(entry -> assertThat(entry.headers()).containsEntry("outcome", "not-correlated"));
    }

    @Test
    void aCommandWaitsWhileTheInventoryCannotBeRead() throws Exception {
        Path file = pki.folder().resolve("postern/inventory.csv");
        Path away = Files.move(file, file.resolveSibling("away.csv"));
        String id;
        try {
            line.restart();
            id = admit(request("7.3", meter(DeviceType.ESME), "IS"), null).id();
            Await.until(
                    "an attempt that waits",
                    Duration.ofSeconds(20),
                    () -> line.ledger.find(id).orElseThrow().progress().cause().contains("PST-8104"));
            assertThat(line.ledger.find(id).orElseThrow().state()).isEqualTo(RequestState.TRANSFORM_SENT);
            assertThat(line.securityLog.tail(50))
                    .noneSatisfy(event -> assertThat(event.id()).isEqualTo("SL-201"));
        } finally {
            Files.move(away, file);
        }
        line.restart();
        assertThat(line.await(id, RequestState.DELIVERED, RequestState.NOT_CORRELATED)
                        .state())
                .isEqualTo(RequestState.DELIVERED);
    }

    // an appliance that keeps no list of devices
    @Test
    void aMissingListOfDevicesIsNotWaitedForLongAfterTheStart() throws Exception {
        Path file = pki.folder().resolve("postern/inventory.csv");
        Path away = Files.move(file, file.resolveSibling("away.csv"));
        try {
            line.restart();
            line.clock.forward(Duration.ofMinutes(11));
            String id =
                    admit(request("7.3", meter(DeviceType.ESME), "IS"), null).id();
            // the DCC's clock has not moved, which raised a doubt
            Await.until(
                    "doubt",
                    Duration.ofSeconds(20),
                    () -> line.line.clockDoubt().isPresent());
            line.line.confirmTime("operator");
            RequestRecord record = line.await(id, RequestState.DELIVERED, RequestState.NOT_CORRELATED);
            assertThat(record.state()).as(record.progress().cause()).isEqualTo(RequestState.NOT_CORRELATED);
            assertThat(line.deliveries(id))
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.json().orElseThrow()).contains("PST-4004"));
        } finally {
            Files.move(away, file);
        }
    }

    @Test
    void aPreCommandUnderTheWrongSignerIsNotEvenCorrelated() throws Exception {
        line.simulator.faults().add(FaultRule.parse("wrong-signer times=1 cv=4"));
        String id = admit(request("7.1", meter(DeviceType.ESME), "IS"), null).id();
        RequestRecord record =
                line.await(id, RequestState.DELIVERED, RequestState.NOT_CORRELATED, RequestState.REFUSED);
        assertThat(record.state()).as(record.progress().cause()).isEqualTo(RequestState.NOT_CORRELATED);
        assertThat(line.ledger.evidence(id)).isEmpty();
        assertThat(line.preCommandSignatures).isEmpty();
        assertThat(line.securityLog.tail(50))
                .anySatisfy(event -> assertThat(event.id()).isEqualTo("SL-203"));
    }

    @Test
    void aNonDeviceRequestIsAnsweredInTheSameExchange() throws Exception {
        String json = "{\"service\":\"8.2\",\"role\":\"IS\",\"body\":{\"DeviceID\":\""
                + meter(DeviceType.ESME).dashed() + "\"}}";
        String id = admit(json, null).id();
        RequestRecord record = line.await(id, RequestState.DELIVERED, RequestState.REFUSED);
        assertThat(record.state()).as(record.progress().cause()).isEqualTo(RequestState.DELIVERED);
        assertThat(path(id)).doesNotContain(RequestState.ACKNOWLEDGED);
        assertThat(line.deliveries(id).get(0).json())
                .hasValueSatisfying(text -> assertThat(text).contains("DSPInventory"));
    }

    // answers lost after acceptance: the identical bytes are sent again; callbacks duplicated and out of order
    @Test
    void lostAnswersOutagesDuplicatesAndDisorderChangeNothing() throws Exception {
        for (String fault : List.of(
                "drop-answer times=3", "http-503 times=3", "garbage times=2", "duplicate times=4", "reorder times=3")) {
            line.simulator.faults().add(FaultRule.parse(fault));
        }
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ids.add(admit(
                            request(i % 4 == 0 ? "7.1" : i % 2 == 0 ? "11.2" : "4.1.1", meter(DeviceType.ESME), "IS"),
                            "m" + i)
                    .id());
        }
        for (String id : ids) {
            RequestRecord record = line.await(id, RequestState.DELIVERED);
            assertThat(record.state())
                    .as("%s %s %s", record.target().service(), record.progress().cause(), path(id))
                    .isEqualTo(RequestState.DELIVERED);
            assertThat(line.deliveries(id)).hasSize(1);
        }
        assertThat(line.deliveredIds).doesNotHaveDuplicates();
        assertThat(line.ledger.inboundCounts()).doesNotContainKey(InboundState.QUARANTINED);
    }

    @Test
    void aRestartInTheMiddleLosesNothingAndUsesNoCounterTwice() throws Exception {
        List<String> ids = new ArrayList<>();
        HashSet<String> requestIds = new HashSet<>();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 15; i++) {
                Admission.Accepted accepted =
                        admit(request(i % 3 == 0 ? "7.1" : "4.1.1", meter(DeviceType.ESME), "IS"), null);
                ids.add(accepted.id());
                assertThat(requestIds.add(accepted.requestId())).isTrue();
            }
            line.restart();
        }
        for (String id : ids) {
            RequestRecord record = line.await(id, RequestState.DELIVERED);
            assertThat(record.state())
                    .as("%s %s %s", record.target().service(), record.progress().cause(), path(id))
                    .isEqualTo(RequestState.DELIVERED);
            assertThat(line.deliveries(id)).hasSize(1);
        }
    }

    @Test
    void whatIsInFlightSurvivesTheRemovalOfItsRoleAndNewRequestsAreRefused() throws Exception {
        line.simulator.faults().add(FaultRule.parse("http-503 times=2"));
        String id = admit(request("7.1", meter(DeviceType.ESME), "IS"), null).id();
        line.removeRoles();
        Admission refused = line.line.admit(new Submission(
                Channel.JMS,
                Submission.Format.JSON,
                request("7.1", meter(DeviceType.ESME), "IS").getBytes(StandardCharsets.UTF_8),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "crm"));
        assertThat(refused).isInstanceOfSatisfying(Admission.Refused.class, r -> {
            assertThat(r.fault().code()).isEqualTo("PST-2110");
            assertThat(line.ledger.find(r.id().orElseThrow()).orElseThrow().state())
                    .isEqualTo(RequestState.REJECTED);
        });
        assertThat(line.await(id, RequestState.DELIVERED).state()).isEqualTo(RequestState.DELIVERED);
    }

    @Test
    void aRefusalOfTheDccEndsTheRequestAndIsDelivered() throws Exception {
        line.simulator.faults().add(FaultRule.parse("error-code E19 times=1"));
        String id = admit(request("4.1.1", meter(DeviceType.ESME), "IS"), null).id();
        RequestRecord record = line.await(id, RequestState.REFUSED, RequestState.DELIVERED);
        assertThat(record.state()).isEqualTo(RequestState.REFUSED);
        assertThat(record.progress().responseCode()).contains("E19");
        assertThat(line.deliveries(id))
                .singleElement()
                .satisfies(entry -> assertThat(entry.headers())
                        .containsEntry("outcome", "refused")
                        .containsEntry("responseCode", "E19"));
    }

    // a Transform has no effect that could be unknown
    @Test
    void aTransformThatIsRepeatedlyAnsweredE20IsRefusedAndNothingIsSigned() throws Exception {
        line.simulator.faults().add(FaultRule.parse("error-code E20 times=1 cv=4"));
        String id = admit(request("7.1", meter(DeviceType.ESME), "IS"), null).id();
        RequestRecord record = line.await(id, RequestState.REFUSED, RequestState.UNKNOWN, RequestState.DELIVERED);
        assertThat(record.state()).isEqualTo(RequestState.REFUSED);
        assertThat(record.progress().responseCode()).contains("E20");
        assertThat(line.preCommandSignatures).isEmpty();
        assertThat(line.simulator.recorder().count("same-bytes-again")).isEqualTo(4);
        assertThat(line.deliveries(id))
                .singleElement()
                .satisfies(entry -> assertThat(entry.headers())
                        .containsEntry("outcome", "refused")
                        .containsEntry("responseCode", "E20"));
    }

    @Test
    void afterAnOutageOfTheDccTheSameBytesAreSent() throws Exception {
        line.simulator.faults().add(FaultRule.parse("unreachable 1"));
        String id = admit(request("11.2", meter(DeviceType.ESME), "IS"), null).id();
        assertThat(line.await(id, RequestState.DELIVERED).state()).isEqualTo(RequestState.DELIVERED);
        assertThat(path(id).stream().filter(RequestState.SENT::equals)).hasSize(1);
    }

    // the broker is transport: what it did not take is offered again from the ledger
    @Test
    void missingQueuesAreRefilledFromTheLedgerAndUnsentRequestsCanBeWithdrawn() throws Exception {
        line.paused = true;
        String goes = admit(request("11.2", meter(DeviceType.ESME), "IS"), null).id();
        String stays =
                admit(request("4.1.1", meter(DeviceType.ESME), "IS"), null).id();
        assertThat(line.ledger.find(goes).orElseThrow().state()).isEqualTo(RequestState.ADMITTED);
        assertThat(line.line.cancel(stays, "operator")).isTrue();
        assertThat(line.line.cancel(stays, "operator")).isFalse();
        line.paused = false;
        assertThat(line.await(goes, RequestState.DELIVERED).state()).isEqualTo(RequestState.DELIVERED);
        assertThat(line.ledger.find(stays).orElseThrow().state()).isEqualTo(RequestState.CANCELLED);
        assertThat(line.line.cancel(goes, "operator")).isFalse();
    }

    @Test
    void aDeviceAlertReachesTheOutboxOnce() throws Exception {
        line.simulator.faults().add(FaultRule.parse("duplicate times=1"));
        line.simulator.deviceAlert(meter(DeviceType.ESME), 0x8F35, true, UserRole.IS);
        long end = System.nanoTime() + 20_000_000_000L;
        while (line.ledger.outboxCounts().getOrDefault(DeliveryState.DELIVERED, 0L) == 0 && System.nanoTime() < end) {
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
        }
        assertThat(line.deliveredIds).hasSize(1);
        assertThat(line.ledger.delivery(line.deliveredIds.get(0)).orElseThrow()).satisfies(entry -> {
            assertThat(entry.kind()).isEqualTo(DeliveryKind.ALERT);
            assertThat(entry.headers()).containsEntry("alertCode", "8F35").containsEntry("role", "IS");
        });
    }
}
