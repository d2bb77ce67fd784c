package org.postern.servicerequests.internal.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.catalogue.RequestId;
import org.postern.duis.Bytes;
import org.postern.duis.ResponsePayload;
import org.postern.ledger.Change;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.Remark;
import org.postern.ledger.RequestState;
import org.postern.testkit.Rtds;

/** Answers that arrive after their request has ended: stored, delivered and flagged. */
class LateAnswersTest extends InboundBench {

    private static byte[] message() {
        return Rtds.hex(Rtds.required().messages("11.2_ECS52").stream()
                .filter(file -> file.toString().contains("_RESPONSE_"))
                .findFirst()
                .orElseThrow());
    }

    @ParameterizedTest
    @CsvSource({"E21, unknown", "E30, unknown", "E4, refused"})
    void aDccCodeAfterTheDevicesAnswerChangesNothingAndIsFlagged(String code, String outcome) {
        RequestId request = asked(message());
        String id = sent(request, "11.2");
        process(answer(request, "I0", Optional.of(new ResponsePayload.GbcsPayload(Bytes.of(message())))));
        process(answer(request, code, Optional.empty()));

        assertThat(state(id)).isEqualTo(RequestState.RESPONDED);
        assertThat(ledger.find(id).orElseThrow().progress().success()).contains(true);
        List<OutboxEntry> results = ledger.deliveriesOf(id);
        assertThat(results).extracting(entry -> entry.headers().get("outcome")).containsExactly("success", outcome);
        assertThat(results.get(0).headers()).doesNotContainKeys("flag", "effect");
        assertLate(results.get(1), outcome, "RESPONDED");
        assertThat(ledger.remarks(id))
                .extracting(Remark::text)
                .singleElement()
                .isEqualTo(results.get(1).headers().get("flag"));
    }

    private static void assertLate(OutboxEntry entry, String outcome, String state) {
        String flag = "an answer (" + outcome + ") was received when the request was already " + state
                + ", which does not change";
        assertThat(entry.headers())
                .containsEntry("effect", "none")
                .containsEntry("flag", flag)
                .doesNotContainKeys("advice", "cancels");
        assertThat(entry.json())
                .hasValueSatisfying(json -> assertThat(json)
                        .contains("\"effect\":\"none\"", flag)
                        .doesNotContain("\"advice\"")
                        .startsWith("{\"postern\":{")
                        .endsWith("}"));
    }

    // no advice to key the token in if the meter has reported the outcome
    @ParameterizedTest
    @CsvSource({"E20", "E21"})
    void aTopUpThatTheMeterHasAnsweredIsNotAdvisedToBeKeyedIn(String code) {
        String id = sent(7L << 32, "2.2");
        assertThat(ledger.apply(Change.of(id)
                        .from(RequestState.SENT)
                        .success(true)
                        .to(RequestState.RESPONDED, "answered by the device")))
                .isTrue();
        process(answer(7L << 32, code, Optional.empty()));

        assertThat(state(id)).isEqualTo(RequestState.RESPONDED);
        assertLate(ledger.deliveriesOf(id).get(0), "unknown", "RESPONDED");
    }

    @Test
    void anAnswerToACancelledRequestIsFlaggedAndDoesNotChangeTheState() {
        RequestId request = asked(message());
        String id = sent(request, "11.2");
        assertThat(ledger.apply(Change.of(id)
                        .from(RequestState.SENT)
                        .to(RequestState.ACKNOWLEDGED, "I99")
                        .to(RequestState.CANCELLED, "cancelled by another")))
                .isTrue();
        process(answer(request, "I0", Optional.of(new ResponsePayload.GbcsPayload(Bytes.of(message())))));

        assertThat(state(id)).isEqualTo(RequestState.CANCELLED);
        assertLate(ledger.deliveriesOf(id).get(0), "success", "CANCELLED");
    }
}
