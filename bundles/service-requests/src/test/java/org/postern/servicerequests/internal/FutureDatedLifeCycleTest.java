package org.postern.servicerequests.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.ecprovider.EcProvider;
import org.postern.ledger.Instruction;
import org.postern.ledger.Remark;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.parsecorrelate.EvidenceFile;
import org.postern.parsecorrelate.Recheck;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.StoredEvidence;
import org.postern.servicerequests.Submission;
import org.postern.servicerequests.Withdrawal;
import org.postern.simulator.dcc.FaultRule;

/**
 * Future-dated requests and their cancellation through the complete life cycle, and missing answers (DUIS, future dated
 * services).
 */
class FutureDatedLifeCycleTest extends FutureDatedBench {

    @Test
    void aFutureDatedCommandIsAcceptedAndEndsWithItsLastInstruction() throws Exception {
        RequestRecord request = accepted();
        assertThat(path(request.id()))
                .startsWith(
                        RequestState.RECEIVED,
                        RequestState.ADMITTED,
                        RequestState.TRANSFORM_SENT,
                        RequestState.CORRELATED,
                        RequestState.COMMAND_SIGNED,
                        RequestState.SENT);
        var documents = line.ledger.documents(request.id()).orElseThrow();
        for (byte[] document : List.of(
                documents.transformWire().orElseThrow(), documents.wire().orElseThrow())) {
            assertThat(new String(document, StandardCharsets.UTF_8))
                    .contains(time.toString().substring(0, 19));
        }
        assertThat(request.timing().dueBy())
                .contains(time.plus(Duration.ofHours(24)).plus(GRACE));

        report(request, true, 2, 2);
        assertThat(line.await(request.id(), RequestState.PARTIALLY_ACTIONED).state())
                .isEqualTo(RequestState.PARTIALLY_ACTIONED);
        report(request, true, 1, 2);
        RequestRecord end = line.await(request.id(), RequestState.ACTIONED, RequestState.NOT_ACTIONED);
        assertThat(end.state()).as(end.progress().cause()).isEqualTo(RequestState.ACTIONED);
        assertThat(line.ledger.instructions(request.id()))
                .extracting(Instruction::remark)
                .containsExactly("", "");
        assertThat(line.deliveries(request.id())).hasSize(3);
    }

    @Test
    void oneInstructionThatWasNotCarriedOutMakesTheWholeNotActioned() throws Exception {
        RequestRecord request = accepted();
        report(request, false, 1, 2);
        report(request, true, 2, 2);
        RequestRecord end = line.await(request.id(), RequestState.ACTIONED, RequestState.NOT_ACTIONED);
        assertThat(end.state()).isEqualTo(RequestState.NOT_ACTIONED);
        assertThat(end.progress().success()).contains(false);
    }

    // what the appliance keeps can be checked again without it; a gas message carries the DCC's build
    // time
    @Test
    void theEvidenceOfASignatureIsSelfContained() throws Exception {
        for (DeviceType type : List.of(DeviceType.ESME, DeviceType.GSME)) {
            String role = type == DeviceType.ESME ? "IS" : "GS";
            Eui64 meter = line.simulator.population().devices(type).get(0).deviceId();
            String json = "{\"service\":\"1.6\",\"device\":\"" + meter.dashed() + "\",\"role\":\"" + role
                    + "\",\"body\":{\"ExecutionDateTime\":\"" + time + "\",\"Credit\":{}}}";
            Admission.Accepted admitted = (Admission.Accepted) line.line.admit(new Submission(
                    Channel.JMS,
                    Submission.Format.JSON,
                    json.getBytes(StandardCharsets.UTF_8),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    "crm"));
            RequestRecord request = line.await(
                    admitted.id(),
                    RequestState.ACCEPTED_BY_DEVICE,
                    RequestState.NOT_CORRELATED,
                    RequestState.DELIVERED);
            assertThat(request.state()).as(request.progress().cause()).isEqualTo(RequestState.ACCEPTED_BY_DEVICE);
            EvidenceFile evidence = EvidenceFile.read(
                    StoredEvidence.of(line.ledger, request).orElseThrow().json());
            Recheck.Report report = Recheck.of(evidence, EcProvider.fastest());
            assertThat(report.findings()).isEmpty();
            assertThat(report.signature()).isEqualTo(Recheck.SignatureCheck.VERIFIED);
            assertThat(evidence.useCase()).isEqualTo(type == DeviceType.ESME ? "ECS02" : "GCS02");
            assertThat(evidence.tolerance()).isEqualTo(Duration.ofMinutes(10));
            assertThat(evidence.signing().orElseThrow().keyAlias())
                    .isEqualTo(role.toLowerCase(java.util.Locale.ROOT) + "-sign");
            assertThat(evidence.excused())
                    .hasSize(type == DeviceType.ESME ? 0 : 1)
                    .allSatisfy(row -> assertThat(Math.abs(Long.parseLong(row.get("secondsFromExchange"))))
                            .isLessThan(60));
        }
    }

    @Test
    void firmwareIsSwitchedWithAWarningAboutAnotherImageAndAnAnswerThatNamesTheVersion() throws Exception {
        String image = java.util.Base64.getEncoder().encodeToString("an image".getBytes(StandardCharsets.UTF_8));
        String json = "{\"service\":\"11.1\",\"role\":\"IS\",\"body\":{\"FirmwareImage\":\"" + image
                + "\",\"FirmwareVersion\":\"00000001\"," + "\"DeviceIDList\":\"" + meter().dashed() + "\"}}";
        Admission admission = line.line.admit(new Submission(
                Channel.JMS,
                Submission.Format.JSON,
                json.getBytes(StandardCharsets.UTF_8),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "crm"));
        assertThat(admission).isInstanceOf(Admission.Accepted.class);
        RequestRecord distributed =
                line.await(((Admission.Accepted) admission).id(), RequestState.DELIVERED, RequestState.REFUSED);
        assertThat(distributed.state()).as(distributed.progress().cause()).isEqualTo(RequestState.DELIVERED);
        RequestRecord activation = admit("11.3", "{\"FirmwareHash\":\"" + "AB".repeat(32) + "\"}");
        assertThat(line.ledger.remarks(activation.id()))
                .extracting(Remark::text)
                .singleElement()
                .asString()
                .contains("version 00000001", "a different digest");
        RequestRecord end = line.await(activation.id(), RequestState.DELIVERED, RequestState.NOT_CORRELATED);
        assertThat(end.state()).as(end.progress().cause()).isEqualTo(RequestState.DELIVERED);
        // the device decides whether it accepts an image that it was not sent; it reports the running version
        assertThat(line.deliveries(activation.id()))
                .singleElement()
                .satisfies(entry -> assertThat(entry.headers())
                        .hasEntrySatisfying(
                                "firmwareOutcome",
                                outcome -> assertThat(outcome).matches("[0-3]"))
                        .hasEntrySatisfying(
                                "firmwareVersion",
                                version -> assertThat(version).matches("[0-9A-F]{8}")));
        Admission refused = line.line.admit(new Submission(
                Channel.JMS,
                Submission.Format.JSON,
                ("{\"service\":\"11.3\",\"device\":\"" + meter().dashed()
                                + "\",\"role\":\"IS\",\"body\":{\"FirmwareHash\":\"AB\"}}")
                        .getBytes(StandardCharsets.UTF_8),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "crm"));
        assertThat(refused)
                .isInstanceOfSatisfying(
                        Admission.Refused.class,
                        r -> assertThat(r.fault().code()).isEqualTo("PST-2160"));
    }

    // a cancellation is a critical request of its own: transformed, correlated with "never" in every date, signed, sent
    @Test
    void withdrawingARequestStoredByTheDeviceSubmitsItsCancellation() throws Exception {
        RequestRecord request = accepted();
        Withdrawal withdrawal = line.line.withdraw(request.id(), "operator");
        assertThat(withdrawal.outcome()).isEqualTo(Withdrawal.Outcome.CANCELLING);
        Admission.Accepted cancelling =
                (Admission.Accepted) withdrawal.cancelling().orElseThrow();
        RequestRecord end = line.await(
                cancelling.id(), RequestState.DELIVERED, RequestState.NOT_CORRELATED, RequestState.ACCEPTED_BY_DEVICE);
        assertThat(end.state()).as(end.progress().cause()).isEqualTo(RequestState.DELIVERED);
        assertThat(end.timing().cancels()).isTrue();
        assertThat(path(end.id()))
                .containsSubsequence(
                        RequestState.TRANSFORM_SENT,
                        RequestState.CORRELATED,
                        RequestState.COMMAND_SIGNED,
                        RequestState.SENT,
                        RequestState.RESPONDED,
                        RequestState.DELIVERED)
                .doesNotContain(RequestState.ACCEPTED_BY_DEVICE, RequestState.OVERDUE);
        assertThat(HexFormat.of()
                        .formatHex(line.ledger
                                .documents(end.id())
                                .orElseThrow()
                                .preCommand()
                                .orElseThrow()))
                .contains("ffffffffffffffffff8000ff");
        assertThat(result(end.id(), "success").orElseThrow().headers())
                .containsEntry("cancels", request.requestId().orElseThrow().toString());

        RequestRecord cancelled = line.await(request.id(), RequestState.CANCELLED);
        assertThat(cancelled.state()).isEqualTo(RequestState.CANCELLED);
        assertThat(result(request.id(), "cancelled").orElseThrow()).satisfies(entry -> {
            assertThat(entry.headers()).containsEntry("cancelledBy", cancelling.requestId());
            assertThat(entry.destination()).hasToString("queue:crm");
        });
        assertThat(line.line.withdraw(request.id(), "operator").outcome()).isEqualTo(Withdrawal.Outcome.TOO_LATE);
        assertThat(line.line.withdraw(end.id(), "operator").reason()).contains("cancellation itself");

        // the device carries it out all the same: not lost, and not unsaid
        report(request, true, 1, 1);
        await(() -> result(request.id(), "actioned").isPresent());
        assertThat(line.ledger.find(request.id()).orElseThrow().state()).isEqualTo(RequestState.CANCELLED);
        assertThat(result(request.id(), "actioned").orElseThrow().headers())
                .containsEntry("flag", "the outcome was received when the request was already CANCELLED");
        assertThat(line.ledger.remarks(request.id()))
                .extracting(Remark::text)
                .singleElement()
                .asString()
                .contains("already CANCELLED");
    }

    @Test
    void aCancellationSubmittedByTheUserHasTheSameEffect() throws Exception {
        RequestRecord request = accepted();
        RequestRecord cancelling = creditModeAt(Instant.parse("3000-12-31T00:00:00Z"));
        assertThat(line.await(cancelling.id(), RequestState.DELIVERED, RequestState.ACCEPTED_BY_DEVICE)
                        .state())
                .isEqualTo(RequestState.DELIVERED);
        assertThat(line.await(request.id(), RequestState.CANCELLED).state()).isEqualTo(RequestState.CANCELLED);
    }

    @Test
    void aSecondWishFindsTheCancellationThatIsOnItsWay() throws Exception {
        RequestRecord request = accepted();
        line.simulator.faults().add(FaultRule.parse("drop-callback times=1"));
        Admission.Accepted first = (Admission.Accepted)
                line.line.withdraw(request.id(), "operator").cancelling().orElseThrow();
        line.await(first.id(), RequestState.ACKNOWLEDGED);
        Admission.Accepted second = (Admission.Accepted)
                line.line.withdraw(request.id(), "operator").cancelling().orElseThrow();
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.repeated()).isTrue();
        assertThat(line.ledger.find(request.id()).orElseThrow().state())
                .as("not confirmed")
                .isEqualTo(RequestState.ACCEPTED_BY_DEVICE);
    }

    @Test
    void aRequestStoredByTheDccIsCancelledThere() throws Exception {
        RequestRecord request = admit("4.1.1", "{\"ExecutionDateTime\":\"" + time + "\"}");
        RequestRecord kept = line.await(request.id(), RequestState.ACKNOWLEDGED);
        assertThat(kept.state()).as(kept.progress().cause()).isEqualTo(RequestState.ACKNOWLEDGED);
        assertThat(kept.timing().dueBy())
                .contains(time.plus(Duration.ofHours(24)).plus(GRACE));
        Admission.Accepted cancelling = (Admission.Accepted)
                line.line.withdraw(request.id(), "operator").cancelling().orElseThrow();
        assertThat(line.await(cancelling.id(), RequestState.DELIVERED).state()).isEqualTo(RequestState.DELIVERED);
        assertThat(line.await(request.id(), RequestState.CANCELLED).state()).isEqualTo(RequestState.CANCELLED);
        assertThat(result(cancelling.id(), "success").orElseThrow().headers())
                .containsEntry("cancels", request.requestId().orElseThrow().toString());
    }

    @Test
    void anUnsentRequestIsWithdrawnAndASentImmediateOneCannotBe() throws Exception {
        line.paused = true;
        RequestRecord unsent = creditModeAt(time);
        assertThat(line.line.withdraw(unsent.id(), "operator").outcome()).isEqualTo(Withdrawal.Outcome.WITHDRAWN);
        assertThat(line.ledger.find(unsent.id()).orElseThrow().state()).isEqualTo(RequestState.CANCELLED);
        line.paused = false;
        RequestRecord read = admit("11.2", "{}");
        line.await(read.id(), RequestState.DELIVERED);
        assertThat(line.line.withdraw(read.id(), "operator")).satisfies(w -> {
            assertThat(w.outcome()).isEqualTo(Withdrawal.Outcome.TOO_LATE);
            assertThat(w.reason()).contains("DELIVERED", "not future-dated");
        });
        assertThat(line.line.withdraw("r-none", "operator").outcome()).isEqualTo(Withdrawal.Outcome.TOO_LATE);
    }
}
