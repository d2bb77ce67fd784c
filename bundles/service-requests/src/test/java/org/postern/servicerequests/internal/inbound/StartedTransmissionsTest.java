package org.postern.servicerequests.internal.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.catalogue.RequestId;
import org.postern.duis.DuisElement;
import org.postern.gatewayclient.Exchange;
import org.postern.ledger.Change;
import org.postern.ledger.RequestState;

/**
 * Transmissions that were started, and answers that cannot be read: which requests are in doubt, and which are not sent
 * again.
 */
class StartedTransmissionsTest extends ExchangeBench {

    // an orderly stop, a kill, a ledger that could not take the note: the bytes may have gone out
    @Test
    void aSendingThatHasNoEndOnDiskIsInDoubtAndNoStatusRefusesIt() {
        String id = sent(7, "7.12");
        assertThat(ledger.apply(Change.of(id).from(RequestState.SENT).noRetry()))
                .isTrue();
        exchanges.add(new Exchange.Refused(409, Optional.empty(), "used before"));
        steps(id, 1);
        assertThat(state(id)).isEqualTo(RequestState.IN_DOUBT);
        assertThat(ledger.path(id))
                .last()
                .satisfies(step -> assertThat(step.cause()).contains("a transmission was started"));
        steps(id, 3000);
        assertThat(posts).isEqualTo(5);
        assertThat(state(id)).isEqualTo(RequestState.UNKNOWN);
    }

    @Test
    void thatARepeatedSendingBeginsIsOnDiskBeforeIt() {
        String id = sent(7, "7.12");
        exchanges.add(new Exchange.Unreachable("no connection"));
        meanwhile = () ->
                assertThat(ledger.find(id).orElseThrow().sending().retryAt()).isEmpty();
        steps(id, 3);
        assertThat(posts).isEqualTo(3);
        assertThat(state(id)).isEqualTo(RequestState.SENT);
        assertThat(ledger.find(id).orElseThrow().sending()).satisfies(sending -> {
            assertThat(sending.attempts()).isEqualTo(3);
            assertThat(sending.retryAt()).isPresent();
        });
        // nothing went out: a status refuses it
        exchanges.clear();
        exchanges.add(new Exchange.Refused(400, Optional.empty(), "schema error"));
        steps(id, 1);
        assertThat(state(id)).isEqualTo(RequestState.REFUSED);
    }

    @Test
    void whatFailsAfterASendingWasBegunLeavesItInDoubt() {
        String id = sent(7, "7.12");
        exchanges.add(new Exchange.Unreachable("no connection"));
        meanwhile = () -> {
            throw new IllegalStateException("the ledger is closed");
        };
        steps(id, 1);
        assertThat(state(id)).isEqualTo(RequestState.IN_DOUBT);
        meanwhile = () -> {};
        exchanges.add(new Exchange.Refused(401, Optional.empty(), "another certificate"));
        steps(id, 1);
        assertThat(state(id)).isEqualTo(RequestState.IN_DOUBT);
    }

    // E20: the DCC has had it
    @Test
    void anHttpErrorAfterAnInconclusiveAnswerIsNoRefusal() {
        String id = sent(7, "7.12");
        exchanges.add(answered(answer(7, "E20", Optional.empty())));
        exchanges.add(new Exchange.Refused(409, Optional.empty(), "used before"));
        steps(id, 3000);
        assertThat(state(id)).isEqualTo(RequestState.UNKNOWN);
    }

    // DUIS of a newer version: answered is answered, whatever stands in it
    @ParameterizedTest
    @CsvSource({"I99, ACKNOWLEDGED", "I0, UNKNOWN", "E4, UNKNOWN"})
    void anAnswerOfANewerVersionIsDeliveredAsReceivedWithoutSendingAgain(String code, RequestState state) {
        String id = sent(7, "7.12");
        byte[] document = signedText("<sr:Response xmlns:sr=\"" + DuisElement.DUIS + "\" schemaVersion=\"5.5\">"
                + "<sr:Header><sr:RequestID>" + new RequestId(USER, METER, 7) + "</sr:RequestID><sr:ResponseCode>"
                + code + "</sr:ResponseCode><sr:ResponseDateTime>2026-11-28T18:01:00.00Z</sr:ResponseDateTime>"
                + "</sr:Header><sr:Body><sr:NewMessage><sr:A>1</sr:A></sr:NewMessage></sr:Body></sr:Response>");
        exchanges.add(new Exchange.Answered(document));
        steps(id, 50);
        assertThat(posts).isEqualTo(1);
        assertThat(state(id)).isEqualTo(state);
        assertThat(ledger.deliveriesOf(id)).singleElement().satisfies(entry -> {
            assertThat(entry.body()).isEqualTo(document);
            assertThat(entry.headers())
                    .containsEntry("form", "duis")
                    .containsEntry("outcome", "unproven")
                    .doesNotContainKey("unprovenCode")
                    .hasEntrySatisfying("flag", flag -> assertThat(flag).startsWith("not read, "));
        });
        process(answer(7, "E4", Optional.empty()));
        assertThat(state(id)).isEqualTo(RequestState.REFUSED);
    }

    @Test
    void whatTheDccSignedForAnotherRequestIsNotCalledUnsigned() {
        String id = sent(7, "7.12");
        exchanges.add(answered(answer(8, "I99", Optional.empty())));
        steps(id, 50);
        assertThat(state(id)).isEqualTo(RequestState.UNKNOWN);
        assertThat(ledger.deliveriesOf(id))
                .singleElement()
                .satisfies(entry -> assertThat(entry.headers())
                        .containsEntry("flag", "the DCC's reply is not proven to be the answer to this request"));
    }
}
