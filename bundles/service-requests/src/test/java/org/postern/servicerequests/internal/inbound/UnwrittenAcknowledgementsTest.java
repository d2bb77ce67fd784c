package org.postern.servicerequests.internal.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.duis.Bytes;
import org.postern.duis.ResponsePayload;
import org.postern.ledger.Change;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.Transition;

/** Acknowledgements of the DCC that do not come on disk: the write fails, or something else was on disk first. */
class UnwrittenAcknowledgementsTest extends ExchangeBench {

    private static final String ACKNOWLEDGEMENT = "applyAsync/2";
    private static final String RETRY_BEHIND = "applyAsync/1";

    private RequestRecord record(String id) {
        return ledger.find(id).orElseThrow();
    }

    private void acknowledged() {
        exchanges.add(answered(answer(7, "I99", Optional.empty())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SENT", "IN_DOUBT"})
    void oneThatCannotBeWrittenIsAnAttemptWithADistanceToTheNext(RequestState from) {
        String id = sent(7, "7.12");
        if (from == RequestState.IN_DOUBT) {
            assertThat(ledger.apply(Change.of(id).to(from, "begun").noRetry())).isTrue();
        }
        acknowledged();
        failing.add(ACKNOWLEDGEMENT);
        steps(id, 1);
        assertThat(posts).isEqualTo(1);
        assertThat(queued).isEmpty();
        assertThat(record(id).state()).isEqualTo(RequestState.IN_DOUBT);
        assertThat(record(id).sending().attempts()).isEqualTo(1);
        assertThat(record(id).sending().retryAt())
                .hasValueSatisfying(at -> assertThat(at).isAfter(clock.now));
        assertThat(record(id).progress().cause()).contains("PST-6001");
        dispatcher.step(id);
        assertThat(posts).as("not due").isEqualTo(1);

        steps(id, 1);
        assertThat(posts).isEqualTo(2);
        assertThat(record(id).sending().attempts()).isEqualTo(2);
        failing.clear();
        steps(id, 1);
        assertThat(record(id).state()).isEqualTo(RequestState.ACKNOWLEDGED);
    }

    @Test
    void oneThatCanNeverBeWrittenIsGivenUpInTheEnd() {
        dispatcher(5, Duration.ofHours(1));
        String id = sent(7, "7.12");
        // as it is found after a kill: no attempt is counted yet
        assertThat(ledger.apply(Change.of(id).to(RequestState.IN_DOUBT, "begun").noRetry()))
                .isTrue();
        acknowledged();
        failing.add(ACKNOWLEDGEMENT);
        steps(id, 2);
        clock.now = Instant.now().plus(Duration.ofDays(1));
        steps(id, 1);
        assertThat(record(id).state()).isEqualTo(RequestState.UNKNOWN);
        assertThat(posts).isEqualTo(2);
    }

    @Test
    void whereNothingCanBeWrittenItIsNotOfferedAtOnce() {
        String id = sent(7, "7.12");
        assertThat(ledger.apply(
                        Change.of(id).to(RequestState.IN_DOUBT, "no answer").retry(1, Instant.EPOCH, "")))
                .isTrue();
        acknowledged();
        failing.addAll(Set.of(ACKNOWLEDGEMENT, RETRY_BEHIND, "apply/1"));
        steps(id, 1);
        assertThat(posts).isEqualTo(1);
        assertThat(queued).isEmpty();
        assertThat(record(id).state()).isEqualTo(RequestState.IN_DOUBT);
        failing.clear();
        steps(id, 1);
        assertThat(record(id).state()).as("taken up again").isEqualTo(RequestState.ACKNOWLEDGED);
    }

    // the answer came to another node before the acknowledgement was read here
    @ParameterizedTest
    @ValueSource(strings = {"REFUSED", "ACCEPTED_BY_DEVICE", "RESPONDED"})
    void oneThatSomethingElseOvertookSetsNothingBack(RequestState overtaken) {
        String id = sent(7, "7.12");
        acknowledged();
        meanwhile = () -> assertThat(
                        ledger.apply(Change.of(id).from(RequestState.SENT).to(overtaken, "elsewhere")))
                .isTrue();
        steps(id, 1);
        List<Transition> path = ledger.path(id);
        assertThat(path).last().satisfies(step -> assertThat(step.to()).isEqualTo(overtaken));
        assertThat(ledger.inboundOf(requestId(7).orElseThrow()))
                .as("the acknowledgement is stored")
                .hasSize(1);

        process(answer(7, "I0", Optional.of(new ResponsePayload.PreCommand("4.1", Bytes.of(new byte[] {1})))));
        assertThat(record(id).state()).isEqualTo(overtaken);
        assertThat(ledger.path(id)).isEqualTo(path);
    }
}
