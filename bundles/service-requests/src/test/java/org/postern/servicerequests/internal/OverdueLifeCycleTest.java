package org.postern.servicerequests.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.GbcsCodec;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.servicerequests.CallbackVerdict;
import org.postern.simulator.dcc.FaultRule;

/** Requests that are not answered in time, or that the DCC does not accept. */
class OverdueLifeCycleTest extends FutureDatedBench {

    @Test
    void anOutcomeThatDoesNotComeWithinADayOfItsTimeIsOverdueAndALateOneCounts() throws Exception {
        RequestRecord request = accepted();
        line.clock.forward(Duration.ofDays(11).plus(GRACE).minusMinutes(1));
        RequestRecord other = admit("11.2", "{}");
        line.await(other.id(), RequestState.DELIVERED);
        assertThat(line.ledger.find(request.id()).orElseThrow().state())
                .as("a minute before")
                .isEqualTo(RequestState.ACCEPTED_BY_DEVICE);
        // the DCC's clock has not moved, which raised a doubt
        line.line.confirmTime("operator");
        line.clock.forward(Duration.ofMinutes(2));
        RequestRecord overdue = line.await(request.id(), RequestState.OVERDUE);
        assertThat(overdue.state()).isEqualTo(RequestState.OVERDUE);
        assertThat(overdue.progress().cause()).isEqualTo("no outcome within 24 hours of its time");
        assertThat(result(request.id(), "overdue")).isPresent();
        report(request, true, 1, 1);
        assertThat(line.await(request.id(), RequestState.ACTIONED).state()).isEqualTo(RequestState.ACTIONED);
    }

    @Test
    void aPartOfTheOutcomesIsOverdueToo() throws Exception {
        RequestRecord request = accepted();
        report(request, true, 1, 3);
        line.await(request.id(), RequestState.PARTIALLY_ACTIONED);
        line.clock.forward(Duration.ofDays(12));
        RequestRecord overdue = line.await(request.id(), RequestState.OVERDUE);
        assertThat(overdue.state()).isEqualTo(RequestState.OVERDUE);
        assertThat(overdue.progress().cause()).isEqualTo("1 outcomes, and no more within 24 hours of its time");
    }

    @Test
    void aMissingAcceptanceCausesANoticeBeforeTheRequestIsOverdue() throws Exception {
        line.simulator.faults().add(FaultRule.parse("drop-callback times=1"));
        RequestRecord request = creditModeAt(time);
        line.await(request.id(), RequestState.ACKNOWLEDGED);
        line.clock.forward(GRACE.plusMinutes(1));
        await(() -> result(request.id(), "not-yet-accepted").isPresent());
        RequestRecord waiting = line.ledger.find(request.id()).orElseThrow();
        assertThat(waiting.state()).isEqualTo(RequestState.ACKNOWLEDGED);
        assertThat(waiting.timing().dueBy())
                .contains(time.plus(Duration.ofHours(24)).plus(GRACE));
        line.clock.forward(Duration.ofDays(12));
        assertThat(line.await(request.id(), RequestState.OVERDUE).state()).isEqualTo(RequestState.OVERDUE);
        assertThat(line.deliveries(request.id()))
                .extracting(e -> e.headers().get("outcome"))
                .containsExactly("not-yet-accepted", "overdue");
    }

    @Test
    void anImmediateRequestIsOverdueAfterItsTargetTimeAndGrace() throws Exception {
        line.simulator.faults().add(FaultRule.parse("drop-callback times=1"));
        RequestRecord request = admit("4.1.1", "{}");
        line.await(request.id(), RequestState.ACKNOWLEDGED);
        line.clock.forward(GRACE.minusMinutes(1));
        RequestRecord other = admit("11.2", "{}");
        line.await(other.id(), RequestState.DELIVERED);
        assertThat(line.ledger.find(request.id()).orElseThrow().state()).isEqualTo(RequestState.ACKNOWLEDGED);
        assertThat(line.line.clockDoubt()).as("the DCC's clock has not moved").isPresent();
        line.line.confirmTime("operator");
        line.clock.forward(Duration.ofMinutes(2));
        RequestRecord overdue = line.await(request.id(), RequestState.OVERDUE);
        assertThat(overdue.state()).isEqualTo(RequestState.OVERDUE);
        assertThat(overdue.progress().cause()).isEqualTo("no answer in time");
        assertThat(result(request.id(), "overdue").orElseThrow().headers())
                .containsEntry("reason", "no answer in time");
    }

    @Test
    void aRequestThatTheDccDoesNotAcceptForTwoDaysIsGivenUp() throws Exception {
        line.simulator.faults().add(FaultRule.parse("unreachable 600"));
        RequestRecord read = admit("11.2", "{}");
        RequestRecord command = admit("7.1", "{}");
        await(() -> List.of(read, command).stream()
                .allMatch(r -> line.ledger.find(r.id()).orElseThrow().sending().attempts() >= 2));
        line.clock.forward(FullLifeCycle.GIVE_UP_AFTER.minusMinutes(1));
        int before = line.ledger.find(read.id()).orElseThrow().sending().attempts();
        await(() -> line.ledger.find(read.id()).orElseThrow().sending().attempts() > before);
        assertThat(line.ledger.find(read.id()).orElseThrow().state())
                .as("a minute before")
                .isIn(RequestState.SENT, RequestState.IN_DOUBT);
        line.clock.forward(Duration.ofMinutes(2));
        for (RequestRecord request : List.of(read, command)) {
            RequestRecord given = line.await(request.id(), RequestState.OVERDUE, RequestState.UNKNOWN);
            // a connection that broke after it was made may have brought the read to the DCC
            boolean doubt = path(request.id()).contains(RequestState.IN_DOUBT);
            assertThat(doubt && request.equals(command))
                    .as("a Transform is in no doubt")
                    .isFalse();
            assertThat(given.state()).isEqualTo(doubt ? RequestState.UNKNOWN : RequestState.OVERDUE);
            assertThat(given.progress().cause())
                    .startsWith(doubt ? "no answer of the DCC within" : "not accepted by the DCC within");
            assertThat(given.sending().retryAt()).isEmpty();
            assertThat(result(request.id(), doubt ? "unknown" : "overdue")).isPresent();
        }
        assertThat(line.preCommandSignatures).isEmpty();
    }

    @Test
    void aRequestWithoutAcknowledgementIsUnknownAndALateAcceptanceIsAccepted() throws Exception {
        line.simulator.faults().add(FaultRule.parse("drop-answer cv=5"));
        line.simulator.faults().add(FaultRule.parse("drop-callback"));
        RequestRecord request = creditModeAt(time);
        line.await(request.id(), RequestState.IN_DOUBT);
        line.clock.forward(FullLifeCycle.GIVE_UP_AFTER.plusMinutes(1));
        assertThat(line.await(request.id(), RequestState.UNKNOWN, RequestState.OVERDUE)
                        .state())
                .isEqualTo(RequestState.UNKNOWN);
        assertThat(result(request.id(), "unknown")).isPresent();

        byte[] preCommand =
                line.ledger.documents(request.id()).orElseThrow().preCommand().orElseThrow();
        List<DlmsPayload.Operation> operations = ((DlmsPayload.AccessRequest)
                        new GbcsCodec().decode(preCommand).payload())
                .items().stream().map(DlmsPayload.RequestItem::operation).toList();
        assertThat(line.line.receive(device.answer(request.name(), "1.6", "1.6", CREDIT_MODE, operations), "CN=dcc"))
                .isInstanceOf(CallbackVerdict.Stored.class);
        RequestRecord accepted = line.await(request.id(), RequestState.ACCEPTED_BY_DEVICE);
        assertThat(accepted.state()).isEqualTo(RequestState.ACCEPTED_BY_DEVICE);
        assertThat(accepted.timing().dueBy())
                .contains(time.plus(Duration.ofHours(24)).plus(GRACE));
        report(request, true, 1, 1);
        assertThat(line.await(request.id(), RequestState.ACTIONED).state()).isEqualTo(RequestState.ACTIONED);
    }
}
