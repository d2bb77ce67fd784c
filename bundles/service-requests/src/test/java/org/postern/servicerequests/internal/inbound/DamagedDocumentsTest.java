package org.postern.servicerequests.internal.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.gatewayclient.Exchange;
import org.postern.ledger.Change;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;

/**
 * Requests whose documents in the ledger are damaged: none of their steps can begin, and they come to an end all the
 * same.
 */
class DamagedDocumentsTest extends ExchangeBench {

    private static final Duration GIVE_UP_AFTER = Duration.ofHours(48);

    @BeforeEach
    void givingUp() {
        dispatcher(5, GIVE_UP_AFTER);
        exchanges.add(new Exchange.Unreachable("no connection"));
    }

    private String in(RequestState state) {
        RequestId request = new RequestId(USER, METER, 7);
        if (state == RequestState.SENT) {
            return sent(request, "7.12");
        }
        String id = admitted(request, "7.12");
        if (state != RequestState.ADMITTED) {
            assertThat(ledger.apply(Change.of(id)
                            .wire(ServiceEndpoint.TRANSFORM, new byte[] {1})
                            .to(RequestState.TRANSFORM_SENT, "")))
                    .isTrue();
        }
        if (state == RequestState.CORRELATED) {
            assertThat(ledger.apply(Change.of(id).preCommand(new byte[] {1}).to(RequestState.CORRELATED, "")))
                    .isTrue();
        }
        return id;
    }

    private void ends(String id, RequestState state, String outcome, String cause) {
        steps(id, 2);
        assertThat(ledger.deliveriesOf(id)).as("not yet: it may be mended").isEmpty();
        RequestRecord waiting = ledger.find(id).orElseThrow();
        assertThat(waiting.progress().cause()).contains("PST-6015");
        assertThat(waiting.sending().retryAt()).isPresent();

        clock.now = clock.now.plus(Duration.ofDays(4000));
        steps(id, 2);
        assertThat(posts).isZero();
        assertThat(state(id)).isEqualTo(state);
        assertThat(ledger.find(id).orElseThrow().progress().cause()).isEqualTo(cause + " within " + GIVE_UP_AFTER);
        assertThat(ledger.deliveriesOf(id))
                .singleElement()
                .satisfies(entry -> assertThat(entry.headers())
                        .containsEntry("outcome", outcome)
                        .hasEntrySatisfying(
                                "reason",
                                reason -> assertThat(reason).startsWith(cause).contains("PST-6015")));
        assertThat(ledger.stepsOutstanding(clock.now, "", 10)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ADMITTED, REJECTED, rejected, it could not be sent",
        "TRANSFORM_SENT, OVERDUE, overdue, not accepted by the DCC",
        "CORRELATED, REJECTED, rejected, it could not be sent",
        "SENT, OVERDUE, overdue, not accepted by the DCC"
    })
    void whatTheDccHasNotHadIsRejectedOrOverdue(RequestState from, RequestState state, String outcome, String cause) {
        String id = in(from);
        damaged.add(id);
        ends(id, state, outcome, cause);
    }

    @Test
    void whatTheDccMayHaveHadIsUnknown() {
        String id = in(RequestState.SENT);
        assertThat(ledger.apply(Change.of(id).from(RequestState.SENT).noRetry()))
                .isTrue();
        damaged.add(id);
        ends(id, RequestState.UNKNOWN, "unknown", "no answer of the DCC");
        assertThat(ledger.path(id)).extracting(step -> step.to()).contains(RequestState.IN_DOUBT);
    }

    @Test
    void aSendingWithoutAnEndIsInDoubtHoweverLateItIsFound() {
        String id = in(RequestState.SENT);
        assertThat(ledger.apply(Change.of(id).from(RequestState.SENT).retry(3, Instant.EPOCH, "not sent")))
                .isTrue();
        assertThat(ledger.apply(Change.of(id).from(RequestState.SENT).noRetry()))
                .isTrue();
        damaged.add(id);
        clock.now = clock.now.plus(Duration.ofDays(4000));
        steps(id, 1);
        assertThat(state(id)).isEqualTo(RequestState.IN_DOUBT);
        steps(id, 1);
        assertThat(state(id)).isEqualTo(RequestState.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({"ADMITTED", "CORRELATED"})
    void whatIsOlderThanARestoreMayHaveBeenSentAndIsNotRejected(RequestState from) {
        restored = Optional.of(Instant.now().plusSeconds(3600));
        String id = in(from);
        damaged.add(id);
        ends(id, RequestState.UNKNOWN, "unknown", "it may have been sent before the restore, and cannot be sent now");
    }

    @Test
    void aRepairedDocumentContinues() {
        String id = in(RequestState.SENT);
        damaged.add(id);
        steps(id, 3);
        damaged.clear();
        steps(id, 1);
        assertThat(posts).isEqualTo(1);
        assertThat(state(id)).isEqualTo(RequestState.SENT);
    }
}
