package org.postern.servicerequests.internal.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.gatewayclient.Exchange;
import org.postern.ledger.RequestState;

/** Answers in the exchange of requests that are older than a restore of the ledger. */
class AnswersAfterRestoreTest extends ExchangeBench {

    // a restored ledger does not contain what was sent after its copy was made
    @ParameterizedTest
    @CsvSource({"true, SENT", "true, TRANSFORM_SENT", "false, SENT", "false, TRANSFORM_SENT"})
    void whatIsOlderThanARestoreMayHaveBeenSentBefore(boolean proven, RequestState from) throws IOException {
        String old = from == RequestState.SENT ? sent(7, "7.12") : handedToTransform(7, "7.12");
        putBack();
        dispatcher(5);
        assertThat(folder.resolve("ledger.restored")).as("it counts once").doesNotExist();
        exchanges.add(
                proven
                        ? answered(answer(7, "E100", Optional.empty()))
                        : new Exchange.Refused(400, Optional.empty(), "duplicate"));
        steps(old, 50);
        assertThat(state(old)).isEqualTo(RequestState.UNKNOWN);
        assertThat(posts).isEqualTo(proven ? 1 : 5);

        String since = sent(8, "7.12");
        exchanges.clear();
        exchanges.add(answered(answer(8, "E100", Optional.empty())));
        steps(since, 3);
        assertThat(state(since)).isEqualTo(RequestState.REFUSED);
    }

    private void putBack() throws IOException {
        close();
        Files.createFile(folder.resolve("ledger.restored"));
        open();
    }

    @Test
    void whatIsOlderThanARestoreIsGivenUpAsUnknown() throws IOException {
        String id = sent(7, "7.12");
        putBack();
        dispatcher(5, Duration.ofHours(48));
        exchanges.add(new Exchange.Unreachable("no connection"));
        steps(id, 2);
        clock.now = clock.now.plus(Duration.ofDays(4000));
        steps(id, 2);
        assertThat(state(id)).isEqualTo(RequestState.UNKNOWN);
    }

    // killed while it was on its way: the identical bytes bring the answer that the DCC gave then
    @Test
    void theOldDateOfAnAnswerToWhatPerhapsWasSentBeforeRaisesNoDoubt() {
        String id = handedToTransform(7, "7.1");
        exchanges.add(answered(answer(7, "E4", Optional.empty())));
        steps(id, 1);
        assertThat(state(id)).isEqualTo(RequestState.REFUSED);
        assertThat(trusted.doubt()).isEmpty();
        exchanges.clear();
        String first = sent(8, "7.12");
        exchanges.add(answered(answer(8, "E4", Optional.empty())));
        steps(first, 1);
        assertThat(trusted.doubt()).as("a first sending").isPresent();
    }
}
