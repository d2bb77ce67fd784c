package org.postern.servicerequests.internal.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.InboundState;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ResponseId;
import org.postern.duis.Bytes;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisResponse;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.duis.Throttle;
import org.postern.ledger.Change;
import org.postern.ledger.Instruction;
import org.postern.ledger.Remark;
import org.postern.ledger.RequestState;
import org.postern.securitylogging.SecurityEvent;

/** Outcomes of the instructions of future-dated commands. */
class FutureDatedOutcomesTest extends FutureDatedInboundBench {

    @Test
    void theReferenceOutcomesEndAFutureDatedCommandInAnyOrder() {
        byte[] command = prepayment();
        List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3));
        List<byte[]> alerts = alerts("2.1_ECS08");
        assertThat(alerts).hasSize(4);
        Collections.shuffle(order, new Random(3));
        String id = sent(command, "2.1", TIME);
        answer(asked(command), given("2.1_ECS08", "_FUTURE_DATED_SUCCESS_RESPONSE"));
        assertThat(state(id)).isEqualTo(RequestState.ACCEPTED_BY_DEVICE);
        assertThat(ledger.find(id).orElseThrow().timing().dueBy())
                .contains(TIME.plus(Duration.ofHours(24)).plus(Duration.ofMinutes(10)));
        assertThat(last(id).headers())
                .containsEntry("outcome", "accepted-by-device")
                .doesNotContainKey("flag");

        for (int i = 0; i < 3; i++) {
            outcome(asked(command), true, alerts.get(order.get(i)), order.get(i) + 1, 4);
            assertThat(state(id)).isEqualTo(RequestState.PARTIALLY_ACTIONED);
            assertThat(last(id).headers())
                    .containsEntry("instruction", order.get(i) + 1 + "/4")
                    .containsEntry("instructionsDone", i + 1 + "/4")
                    .containsEntry("alertCode", "8F66")
                    .containsEntry("authenticated", "yes")
                    .containsKey("subject")
                    .doesNotContainKey("flag");
        }
        outcome(asked(command), true, alerts.get(order.get(3)), order.get(3) + 1, 4);
        assertThat(state(id)).isEqualTo(RequestState.ACTIONED);
        assertThat(ledger.find(id).orElseThrow().progress().success()).contains(true);
        assertThat(ledger.instructions(id)).extracting(Instruction::number).containsExactly(1, 2, 3, 4);
        assertThat(ledger.instructions(id))
                .extracting(Instruction::subject)
                .contains("9000/0-0:94.44.128.9/6")
                .doesNotHaveDuplicates();
        assertThat(ledger.remarks(id)).isEmpty();
        assertThat(logged).isEmpty();
    }

    @Test
    void outcomesMayOvertakeTheAcceptanceAndTheAcknowledgement() {
        byte[] command = prepayment();
        String id = sent(command, "2.1", TIME);
        outcome(asked(command), true, alerts("2.1_ECS08").get(0), 1, 2);
        assertThat(state(id)).isEqualTo(RequestState.PARTIALLY_ACTIONED);
        processor.process(receive(asked(command), "I99", null));
        answer(asked(command), given("2.1_ECS08", "_FUTURE_DATED_SUCCESS_RESPONSE"));
        assertThat(state(id)).isEqualTo(RequestState.PARTIALLY_ACTIONED);
        assertThat(last(id).headers()).containsEntry("outcome", "accepted-by-device");
        outcome(asked(command), true, alerts("2.1_ECS08").get(1), 2, 2);
        assertThat(state(id)).isEqualTo(RequestState.ACTIONED);
    }

    @Test
    void anInstructionCountsOnceThoughTwoDocumentsReportIt() {
        byte[] command = prepayment();
        String id = sent(command, "2.1", TIME);
        byte[] alert = alerts("2.1_ECS08").get(0);
        outcome(asked(command), true, alert, 1, 2);
        outcome(asked(command), true, alert, 1, 2);
        assertThat(state(id)).isEqualTo(RequestState.PARTIALLY_ACTIONED);
        assertThat(ledger.find(id).orElseThrow().timing().instructionsDone()).isEqualTo(1);
        assertThat(last(id).headers())
                .containsEntry("instructionsDone", "1/2")
                .containsEntry("flag", "instruction 1 was reported before, with the same outcome");
    }

    @Test
    void aChangingNumberOfInstructionsIsFlaggedAndTheHighestIsExpected() {
        byte[] command = prepayment();
        List<byte[]> alerts = alerts("2.1_ECS08");
        String id = sent(command, "2.1", TIME);
        outcome(asked(command), true, alerts.get(0), 1, 3);
        outcome(asked(command), true, alerts.get(1), 2, 2);
        assertThat(state(id)).isEqualTo(RequestState.PARTIALLY_ACTIONED);
        assertThat(last(id).headers())
                .containsEntry("instructionsDone", "2/3")
                .containsEntry("flag", "the command has 2 instructions by this alert and 3 by an earlier one");
        assertThat(ledger.remarks(id))
                .extracting(Remark::text)
                .singleElement()
                .asString()
                .contains("2 instructions by this alert");
        outcome(asked(command), true, alerts.get(2), 3, 3);
        assertThat(state(id)).isEqualTo(RequestState.ACTIONED);
    }

    @Test
    void whatIsNotProvablyTheOutcomeOfThisRequestIsDeliveredAndCountsForNothing() {
        byte[] command = prepayment();
        byte[] alert = alerts("2.1_ECS08").get(0);
        String id = sent(command, "2.1", TIME);
        RequestId request = asked(command);
        byte[] forged = alert.clone();
        forged[forged.length - 1] ^= 1;

        expectUncounted(
                id,
                () -> outcome(request, false, alert, 1, 2),
                "the device reports 8F66 and the enclosing document 8F67");
        expectUncounted(id, () -> outcome(request, true, forged, 1, 2), "signature invalid");
        expectUncounted(id, () -> outcome(request, true, new byte[] {1}, 1, 2), "");
        expectUncounted(
                id,
                () -> outcome(request, true, given("2.1_ECS08", "_FUTURE_DATED_SUCCESS_RESPONSE"), 1, 2),
                "not an alert with the outcome");
        expectUncounted(id, () -> outcome(request, true, alert, 3, 2), "instruction 3 of 2");
        expectUncounted(id, () -> outcome(request, true, alert, 0, 2), "instruction 0 of 2");
        // genuine, of the same device, about the command of another counter
        expectUncounted(
                id,
                () -> outcome(request, true, given("1.6_ECS03", "_8F66_"), 1, 2),
                "the alert concerns the command with counter");
        expectUncounted(
                id,
                () -> outcome(request, true, given("2.1_GCS05", "_ALERT_PUBLISH_CALENDAR"), 1, 2),
                "from another device");
        assertThat(ledger.inboundCounts()).containsOnlyKeys(InboundState.PROCESSED);

        // with the right counter, but for another command, as the stored Pre-Command shows
        byte[] otherCommand = command.clone();
        otherCommand[32] = 0x1E;
        ledger.apply(Change.of(id).preCommand(otherCommand));
        expectUncounted(id, () -> outcome(request, true, alert, 1, 2), "a different command than message code 001E");
    }

    private void expectUncounted(String id, Runnable document, String flag) {
        int before = ledger.deliveriesOf(id).size();
        logged.clear();
        document.run();
        assertThat(state(id)).isEqualTo(RequestState.SENT);
        assertThat(ledger.instructions(id)).isEmpty();
        assertThat(ledger.deliveriesOf(id)).hasSize(before + 1);
        assertThat(last(id).headers())
                .containsEntry("outcome", "unproven")
                .hasEntrySatisfying("flag", f -> assertThat(f).contains(flag));
        assertThat(logged).hasExactlyElementsOfTypes(SecurityEvent.MessageNotAuthentic.class);
        assertThat(ledger.remarks(id))
                .last()
                .satisfies(r -> assertThat(r.text()).contains("not counted"));
    }

    @Test
    void failedFirmwareActivationReportsReasonAndRunningVersion() {
        byte[] command = given("11.3_CS06", "_FUTURE_DATED_ERROR_PRECOMMAND");
        String id = sent(command, "11.3", TIME);
        answer(asked(command), given("11.3_CS06", "_FUTURE_DATED_ERROR_RESPONSE"));
        assertThat(state(id)).isEqualTo(RequestState.ACCEPTED_BY_DEVICE);
        outcome(asked(command), false, given("11.3_CS06", "_8F67_"), 1, 1);
        assertThat(state(id)).isEqualTo(RequestState.NOT_ACTIONED);
        assertThat(last(id).headers())
                .containsEntry("outcome", "not-actioned")
                .containsEntry("firmwareOutcome", "2")
                .containsEntry("firmwareVersion", "0123ABCF")
                .containsEntry("alertCode", "8F67")
                .doesNotContainKey("flag");
    }

    @Test
    void firmwareOrderedAtOnceIsAnsweredWithOutcomeAndVersion() {
        byte[] command = given("11.3_CS06", "_IMMEDIATE_ERROR_PRECOMMAND");
        String id = sent(asked(command), "11.3", Optional.of(command), Optional.empty());
        answer(asked(command), given("11.3_CS06", "_IMMEDIATE_ERROR_RESPONSE"));
        assertThat(state(id)).isEqualTo(RequestState.RESPONDED);
        assertThat(last(id).headers())
                .containsEntry("outcome", "failed")
                .containsEntry("firmwareOutcome", "1")
                .containsEntry("firmwareVersion", "0123ABCF")
                .doesNotContainKey("flag");
    }

    // 6.23: the command is signed by another party, to whom the device answers under that party's counter
    @Test
    void aChangeOfSupplierIsAcceptedAndEndedByTheDevicesAnswersToThePartyThatSigned() {
        RequestId request = new RequestId(USER, Eui64.parse("00DB1234567890A0"), 1007);
        String id = sent(request, "6.23", Optional.empty(), Optional.of(TIME));
        answer(request, given("6.23_CS02bSupplierByTransCoS", "_FUTURE_DATED_SUCCESS_RESPONSE"));
        assertThat(state(id)).isEqualTo(RequestState.ACCEPTED_BY_DEVICE);
        outcome(request, true, given("6.23_CS02bSupplierByTransCoS", "_8F66_"), 1, 1);
        assertThat(state(id)).isEqualTo(RequestState.ACTIONED);

        RequestId cancelled = new RequestId(USER, Eui64.parse("00DB1234567890A0"), 1008);
        String pending = sent(cancelled, "6.23", Optional.empty(), Optional.of(TIME));
        ledger.apply(Change.of(pending).to(RequestState.ACKNOWLEDGED, "test"));
        RequestId cancelling = new RequestId(USER, Eui64.parse("00DB1234567890A0"), 1009);
        String by = sent(cancelling, "6.23", Optional.empty(), Optional.of(NEVER));
        answer(cancelling, given("6.23_CS02bSupplierByTransCoS", "_CANCELLATION_SUCCESS_RESPONSE"));
        assertThat(state(by)).isEqualTo(RequestState.RESPONDED);
        assertThat(state(pending)).isEqualTo(RequestState.CANCELLED);
    }

    @Test
    void aDccAlertThatNamesARequestIsNotedWithIt() {
        RequestId request = new RequestId(USER, Eui64.parse("00DB1234567890A0"), 1007);
        String id = sent(request, "6.23", Optional.empty(), Optional.of(TIME));
        String inbound = store(
                null,
                new DuisResponse(
                        "5.4",
                        Optional.empty(),
                        Optional.of(new ResponseId(Eui64.parse("90B3D51F30000002"), USER, 5)),
                        "I0",
                        Clock.systemUTC().instant(),
                        new ResponseBody.DccAlertMessage(
                                "N27",
                                Throttle.NONE,
                                DuisElement.of("CommandFailure", DuisElement.leaf("RequestID", request.toString())))));
        assertThat(processor.process(inbound)).isTrue();
        assertThat(ledger.remarks(id)).extracting(Remark::text).containsExactly("DCC Alert N27 CommandFailure");
        assertThat(ledger.delivery(inbound + ".result").orElseThrow().headers())
                .containsEntry("request", id)
                .containsEntry("requestId", request.toString());
    }

    @Test
    void manyOutcomesAtOnceAreCountedEachOnce() throws Exception {
        byte[] command = prepayment();
        String id = sent(command, "2.1", TIME);
        ledger.apply(Change.of(id).to(RequestState.ACCEPTED_BY_DEVICE, "test"));
        byte[] alert = alerts("2.1_ECS08").get(0);
        int total = 40;
        List<String> inbound = new ArrayList<>();
        for (int n = 1; n <= total; n++) {
            inbound.add(receive(
                    asked(command),
                    "I0",
                    new ResponsePayload.FutureDatedDeviceAlertMessage(true, Bytes.of(alert), n, total)));
        }
        ExecutorService workers = Executors.newFixedThreadPool(8);
        List<Future<Boolean>> done = new ArrayList<>();
        inbound.forEach(document -> done.add(workers.submit(() -> processor.process(document))));
        for (Future<Boolean> one : done) {
            assertThat(one.get()).isTrue();
        }
        workers.shutdown();
        assertThat(ledger.find(id).orElseThrow().timing().instructionsDone()).isEqualTo(total);
        assertThat(state(id)).isEqualTo(RequestState.ACTIONED);
        assertThat(ledger.deliveriesOf(id)).hasSize(total);
    }
}
