package org.postern.servicerequests.internal.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.catalogue.RequestId;
import org.postern.ledger.Change;
import org.postern.ledger.RequestState;

/** Cancellations of future-dated requests, and answers that arrive before or after them. */
class FutureDatedCancellationsTest extends FutureDatedInboundBench {

    @Test
    void anAnswerThatDoesNotGoWithTheDatingIsFlagged() {
        byte[] dated = given("11.3_CS06", "_FUTURE_DATED_ERROR_PRECOMMAND");
        String first = sent(asked(dated), "11.3", Optional.of(dated), Optional.empty());
        answer(asked(dated), given("11.3_CS06", "_FUTURE_DATED_ERROR_RESPONSE"));
        assertThat(state(first)).isEqualTo(RequestState.RESPONDED);
        assertThat(last(first).headers())
                .hasEntrySatisfying("flag", f -> assertThat(f).contains("only confirmed receipt"));

        // credentials, where a device answers at once with the outcome
        byte[] credentials = given("6.15.1_CS02bSupplierBySupplier", "_IMMEDIATE_ERROR_PRECOMMAND");
        String second = sent(credentials, "6.15.1", TIME);
        answer(asked(credentials), given("6.15.1_CS02bSupplierBySupplier", "_IMMEDIATE_ERROR_RESPONSE"));
        assertThat(state(second)).isEqualTo(RequestState.RESPONDED);
        assertThat(last(second).headers())
                .hasEntrySatisfying("flag", f -> assertThat(f).contains("carried out the command at once"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "2.1_ECS08, 2.1, ''",
        "2.1_GCS05, 2.1, ''",
        "11.3_CS06, 11.3, 11.3_CS06/_FUTURE_DATED_ERROR_RESPONSE",
        "6.15.1_CS02bSupplierBySupplier, 6.15.1, 6.15.1_CS02bSupplierBySupplier/_FUTURE_DATED_ERROR_RESPONSE"
    })
    void theGivenCancellationsEndWhatIsPendingAndThemselves(String folder, String service, String ignored) {
        byte[] command = given(folder, "_CANCELLATION_SUCCESS_PRECOMMAND");
        RequestId cancelling = asked(command);
        RequestId pending = new RequestId(cancelling.originator(), cancelling.target(), cancelling.counter() - 1);
        String first = sent(pending, service, Optional.empty(), Optional.of(TIME));
        String unanswered = sent(
                new RequestId(pending.originator(), pending.target(), pending.counter() - 1),
                service,
                Optional.empty(),
                Optional.of(TIME));
        String later = sent(
                new RequestId(pending.originator(), pending.target(), pending.counter() + 5),
                service,
                Optional.empty(),
                Optional.of(TIME));
        String another = sent(
                new RequestId(pending.originator(), pending.target(), pending.counter() - 2),
                "1.6",
                Optional.empty(),
                Optional.of(TIME));
        for (String id : List.of(first, later, another)) {
            ledger.apply(Change.of(id).to(RequestState.ACCEPTED_BY_DEVICE, "test"));
        }
        String id = sent(command, service, NEVER);
        answer(cancelling, given(folder, "_CANCELLATION_SUCCESS_RESPONSE"));

        assertThat(state(id)).isEqualTo(RequestState.RESPONDED);
        assertThat(last(id).headers())
                .containsEntry("outcome", "success")
                .containsEntry("cancels", pending.toString())
                .doesNotContainKey("flag");
        assertThat(state(first)).isEqualTo(RequestState.CANCELLED);
        assertThat(ledger.find(first).orElseThrow().progress().cause()).isEqualTo("cancelled by " + cancelling);
        assertThat(last(first)).satisfies(entry -> {
            assertThat(entry.headers())
                    .containsEntry("outcome", "cancelled")
                    .containsEntry("cancelledBy", cancelling.toString());
            assertThat(entry.destination()).hasToString("queue:replies");
            assertThat(entry.json()).hasValueSatisfying(json -> assertThat(json).contains("cancelledBy"));
        });
        assertThat(state(unanswered)).as("not accepted by the device").isEqualTo(RequestState.SENT);
        assertThat(state(later)).as("accepted after the cancellation").isEqualTo(RequestState.ACCEPTED_BY_DEVICE);
        assertThat(state(another)).as("another service").isEqualTo(RequestState.ACCEPTED_BY_DEVICE);
        ledger.delivered(last(id).id());
        assertThat(state(id)).isEqualTo(RequestState.DELIVERED);
    }

    @Test
    void aCancellationThatTheDeviceRefusesOrNobodyProvesEndsNothing() {
        byte[] command = given("2.1_GCS05", "_CANCELLATION_SUCCESS_PRECOMMAND");
        RequestId cancelling = asked(command);
        String pending = sent(
                new RequestId(cancelling.originator(), cancelling.target(), cancelling.counter() - 1),
                "2.1",
                Optional.empty(),
                Optional.of(TIME));
        ledger.apply(Change.of(pending).to(RequestState.ACCEPTED_BY_DEVICE, "test"));
        String id = sent(command, "2.1", NEVER);
        byte[] forged = given("2.1_GCS05", "_CANCELLATION_SUCCESS_RESPONSE");
        forged[forged.length - 1] ^= 1;
        answer(cancelling, forged);
        assertThat(state(id)).isEqualTo(RequestState.RESPONDED);
        assertThat(last(id).headers()).containsEntry("outcome", "unproven").doesNotContainKey("cancels");
        assertThat(state(pending)).isEqualTo(RequestState.ACCEPTED_BY_DEVICE);
    }

    @Test
    void aCancellationWithoutAPendingRequestIsFlagged() {
        byte[] command = given("11.3_CS06", "_CANCELLATION_SUCCESS_PRECOMMAND");
        String id = sent(command, "11.3", NEVER);
        answer(asked(command), given("11.3_CS06", "_CANCELLATION_SUCCESS_RESPONSE"));
        assertThat(state(id)).isEqualTo(RequestState.RESPONDED);
        assertThat(last(id).headers()).containsEntry("flag", "the ledger has no pending request that it could cancel");
        assertThat(ledger.remarks(id)).hasSize(1);
    }

    @Test
    void anOutcomeAfterTheCancellationIsRecordedAndFlagged() {
        byte[] command = prepayment();
        String id = sent(command, "2.1", TIME);
        ledger.apply(Change.of(id).to(RequestState.ACCEPTED_BY_DEVICE, "test").to(RequestState.CANCELLED, "test"));
        outcome(asked(command), true, alerts("2.1_ECS08").get(0), 1, 4);
        assertThat(state(id)).isEqualTo(RequestState.CANCELLED);
        assertThat(last(id).headers())
                .containsEntry("outcome", "actioned")
                .containsEntry("flag", "the outcome was received when the request was already CANCELLED");
        assertThat(ledger.instructions(id))
                .singleElement()
                .satisfies(i -> assertThat(i.actioned()).isTrue());
        assertThat(ledger.remarks(id))
                .singleElement()
                .satisfies(r -> assertThat(r.text()).contains("already CANCELLED"));
    }

    @Test
    void anAcceptanceThatItsCancellationOvertookEndsAtOnce() {
        byte[] command = prepayment();
        RequestId request = asked(command);
        String id = sent(command, "2.1", TIME);
        String cancelling = sent(
                new RequestId(request.originator(), request.target(), request.counter() + 1),
                "2.1",
                Optional.empty(),
                Optional.of(NEVER));
        ledger.apply(Change.of(cancelling).success(true).to(RequestState.RESPONDED, "test"));
        answer(request, given("2.1_ECS08", "_FUTURE_DATED_SUCCESS_RESPONSE"));
        assertThat(state(id)).isEqualTo(RequestState.CANCELLED);
        assertThat(ledger.deliveriesOf(id))
                .extracting(e -> e.headers().get("outcome"))
                .containsExactlyInAnyOrder("accepted-by-device", "cancelled");
    }

    @Test
    void aLaterAcceptedRequestOfTheSameServiceCausesANoticeForTheEarlierOne() {
        byte[] command = prepayment();
        RequestId request = asked(command);
        String earlier = sent(
                new RequestId(request.originator(), request.target(), request.counter() - 1),
                "2.1",
                Optional.empty(),
                Optional.of(TIME));
        ledger.apply(Change.of(earlier).to(RequestState.ACCEPTED_BY_DEVICE, "test"));
        sent(command, "2.1", TIME.plusSeconds(60));
        answer(request, given("2.1_ECS08", "_FUTURE_DATED_SUCCESS_RESPONSE"));
        assertThat(state(earlier)).as("a notice, not ended").isEqualTo(RequestState.ACCEPTED_BY_DEVICE);
        assertThat(last(earlier).headers())
                .containsEntry("outcome", "superseded")
                .containsEntry("supersededBy", request.toString());
        assertThat(ledger.remarks(earlier))
                .singleElement()
                .satisfies(r -> assertThat(r.text()).contains(request.toString()));
    }

    @Test
    void anAnswerAfterTheTimeWasUpIsStillDelivered() {
        byte[] command = prepayment();
        String id = sent(command, "2.1", TIME);
        ledger.apply(Change.of(id).to(RequestState.OVERDUE, "test"));
        answer(asked(command), given("2.1_ECS08", "_FUTURE_DATED_SUCCESS_RESPONSE"));
        assertThat(state(id)).isEqualTo(RequestState.OVERDUE);
        assertThat(last(id).headers()).containsEntry("outcome", "accepted-by-device");
        List<byte[]> alerts = alerts("2.1_ECS08");
        outcome(asked(command), true, alerts.get(0), 1, 2);
        assertThat(state(id)).isEqualTo(RequestState.OVERDUE);
        outcome(asked(command), true, alerts.get(1), 2, 2);
        assertThat(state(id)).isEqualTo(RequestState.ACTIONED);
    }
}
