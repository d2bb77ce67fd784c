package org.postern.servicerequests.internal.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.RequestId;
import org.postern.duis.DuisResponse;
import org.postern.duis.DuisWriter;
import org.postern.duis.ResponseBody;
import org.postern.servicerequests.CallbackVerdict;
import org.postern.servicerequests.internal.lifecycle.TrustedClock;
import org.postern.testkit.AskedClock;

/** What the DCC hands to Receive Response confirms the time, as its answers in the exchange of a request do. */
class ReceivedTimeTest extends InboundBench {

    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");

    private Instant wall = NOON;
    private TrustedClock clock;

    @BeforeEach
    void aClockThatJumped() {
        clock = new TrustedClock(new AskedClock(() -> wall), () -> 0, new NoMetrics());
        receiver = new Receiver(documents, document -> {}, ledger, log, offers, new NoMetrics(), clock);
        jump(Duration.ofHours(3));
    }

    private void jump(Duration by) {
        wall = wall.plus(by);
        clock.check();
        assertThat(clock.trusted()).isFalse();
    }

    private DuisResponse dated(long counter, Instant date) {
        RequestId id = new RequestId(USER, METER, counter);
        return new DuisResponse(
                "5.4",
                Optional.of(id),
                Optional.of(id.responseId()),
                "I99",
                date,
                new ResponseBody.ResponseMessage("7.12", "7.12", Optional.empty()));
    }

    @Test
    void aDocumentOfThePresentTimeConfirmsTheWallClock() {
        assertThat(receiver.receive(signed(dated(7, wall.minusSeconds(3))), "CN=dcc"))
                .isInstanceOf(CallbackVerdict.Stored.class);
        assertThat(clock.trusted()).isTrue();
        assertThat(clock.instant()).isEqualTo(wall);
    }

    @Test
    void oneOfAnotherTimeDoesNot() {
        receiver.receive(signed(dated(7, NOON)), "CN=dcc");
        assertThat(clock.trusted()).isFalse();
    }

    @Test
    void oneThatIsNotProvenDoesNot() {
        assertThat(receiver.receive(DuisWriter.write(dated(7, wall)).toArray(), "CN=dcc"))
                .isInstanceOf(CallbackVerdict.Refused.class);
        assertThat(clock.trusted()).isFalse();
    }

    @Test
    void theSameOnceMoreDoesNot() {
        byte[] document = signed(dated(7, wall));
        receiver.receive(document, "CN=dcc");
        assertThat(clock.trusted()).isTrue();
        // a day passes, the clock is set back, and the DCC delivers the same document again
        jump(Duration.ofDays(1));
        clock.confirm("a person");
        jump(Duration.ofDays(-1));
        assertThat(receiver.receive(document, "CN=dcc")).isInstanceOf(CallbackVerdict.Duplicate.class);
        assertThat(clock.trusted()).isFalse();
    }
}
