package org.postern.servicerequests.internal.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.catalogue.Channel;
import org.postern.catalogue.Lane;
import org.postern.ledger.Change;
import org.postern.ledger.Ledger;
import org.postern.ledger.Origin;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.Target;
import org.postern.testkit.AskedClock;
import org.postern.testkitservices.ForwardingLedger;

class TrustedClockTest {

    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");

    private final CountingMetrics metrics = new CountingMetrics();
    private Instant wall = NOON;
    private long nanos;
    private TrustedClock clock;

    private final Clock given = new AskedClock(() -> wall);

    @BeforeEach
    void begin() {
        clock = new TrustedClock(given, () -> nanos, metrics);
    }

    private void passes(Duration time) {
        wall = wall.plus(time);
        nanos += time.toNanos();
        clock.check();
    }

    @Test
    void timeThatPassesIsFollowedHoweverLongThePause() {
        passes(Duration.ofSeconds(1));
        passes(Duration.ofHours(9));
        assertThat(clock.instant()).isEqualTo(NOON.plus(Duration.ofHours(9)).plusSeconds(1));
        assertThat(clock.trusted()).isTrue();
    }

    @Test
    void aSmallCorrectionIsTakenOver() {
        wall = wall.minusSeconds(20);
        clock.check();
        assertThat(clock.instant()).isEqualTo(NOON.minusSeconds(20));
        assertThat(clock.trusted()).isTrue();
    }

    @Test
    void aDayBackFreezesNothing() {
        wall = wall.minus(Duration.ofDays(1));
        passes(Duration.ofSeconds(30));
        assertThat(clock.instant()).as("it goes on").isEqualTo(NOON.plusSeconds(30));
        assertThat(clock.trusted()).isFalse();
        assertThat(clock.doubt().orElseThrow()).contains("jumped", "back");
        assertThat(metrics.snapshot()).containsEntry("postern_clock_jumps_total{outcome=\"doubted\"}", 1L);
        passes(Duration.ofSeconds(30));
        assertThat(metrics.snapshot())
                .as("one alarm")
                .containsEntry("postern_clock_jumps_total{outcome=\"doubted\"}", 1L);
        wall = NOON.plusSeconds(61);
        clock.check();
        assertThat(clock.trusted()).as("it is back").isTrue();
    }

    @Test
    void nineYearsForwardEndNothing() {
        wall = wall.plus(Duration.ofDays(9 * 365));
        passes(Duration.ofSeconds(5));
        assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(5));
        assertThat(clock.trusted()).isFalse();
        clock.observed(NOON.plusSeconds(5));
        assertThat(clock.trusted()).as("the DCC's date is another").isFalse();
    }

    @Test
    void theDccsDateOrAPersonConfirmsTheWallClock() {
        wall = wall.plus(Duration.ofHours(3));
        clock.check();
        clock.observed(wall.minusSeconds(2));
        assertThat(clock.trusted()).isTrue();
        assertThat(clock.instant()).isEqualTo(NOON.plus(Duration.ofHours(3)));
        wall = wall.plus(Duration.ofDays(400));
        clock.check();
        assertThat(clock.trusted()).isFalse();
        clock.confirm("admin");
        clock.check();
        assertThat(clock.trusted()).isTrue();
        assertThat(clock.instant()).isEqualTo(wall);
    }

    // a document that was delayed at the DCC contains an earlier time
    @Test
    void aDocumentOlderThanAnEarlierOneDoesNotConfirmTheClock() {
        clock.observed(NOON);
        wall = wall.minus(Duration.ofDays(1));
        clock.check();
        clock.observed(NOON.minus(Duration.ofDays(1)));
        assertThat(clock.trusted()).isFalse();
        clock.observed(NOON.plusSeconds(1));
        assertThat(clock.trusted()).as("another time than the wall clock's").isFalse();
    }

    // DUIS, ResponseDateTime: a time that is ahead of every clock of this system is an error of its author
    @Test
    void oneDateFarAheadDoesNotSilenceTheRightOnesAfterIt() {
        clock.observed(NOON.plus(Duration.ofDays(3650)));
        wall = wall.plus(Duration.ofHours(3));
        clock.check();
        clock.observed(NOON.plus(Duration.ofDays(3650)).plusSeconds(1));
        assertThat(clock.trusted()).isFalse();
        clock.observed(wall.minusSeconds(2));
        assertThat(clock.trusted()).isTrue();
        assertThat(clock.instant()).isEqualTo(wall);
    }

    @Test
    void norDoesOneThatWasAheadOfNoClockUntilTheWallClockWasPutRight() {
        wall = NOON.plus(Duration.ofDays(3650));
        clock.check();
        clock.observed(NOON.plus(Duration.ofDays(3000)));
        assertThat(clock.trusted()).isFalse();
        wall = NOON;
        clock.check();
        assertThat(clock.trusted()).as("the clock agrees again").isTrue();
        wall = NOON.plus(Duration.ofHours(3));
        clock.check();
        assertThat(clock.trusted()).isFalse();
        clock.observed(wall.minusSeconds(2));
        assertThat(clock.trusted()).isTrue();
    }

    // a host whose clock is in local time: the ledger cannot tell, the DCC can
    @Test
    void anAnswerThatBearsAnotherTimeRaisesADoubt() {
        clock.answered(NOON.minus(Duration.ofHours(1)));
        assertThat(clock.doubt().orElseThrow()).isEqualTo("a document of the DCC contains a time that is PT1H earlier");
        clock.check();
        assertThat(clock.trusted()).isFalse();
        clock.answered(NOON.minusSeconds(3));
        assertThat(clock.trusted()).as("it was the other one").isTrue();
        clock.answered(NOON.plus(Duration.ofHours(1)));
        assertThat(clock.trusted()).isFalse();
        wall = NOON.plus(Duration.ofHours(1));
        clock.check();
        clock.answered(wall);
        assertThat(clock.trusted()).isTrue();
        assertThat(clock.instant()).isEqualTo(wall);
    }

    @Test
    void aDocumentMayHaveBeenHeldBackButNotMadeLaterThanItComes() {
        clock.observed(NOON.minus(Duration.ofHours(9)));
        assertThat(clock.trusted()).isTrue();
        clock.observed(NOON.plus(Duration.ofHours(1)));
        assertThat(clock.trusted()).isFalse();
    }

    @Test
    void afterAStartTheTimeIsSettledOnceItIsConfirmedOrHasHeldForAnHour() {
        assertThat(clock.settled()).as("a new ledger").isTrue();
        clock.startAfter(Optional.of(NOON.minus(Duration.ofDays(3))));
        assertThat(clock.trusted()).isTrue();
        assertThat(clock.settled()).isFalse();
        clock.observed(NOON.minus(Duration.ofHours(1)));
        assertThat(clock.settled())
                .as("an old document does not confirm the clock")
                .isFalse();
        clock.observed(NOON.minusSeconds(1));
        assertThat(clock.settled()).isTrue();

        clock.startAfter(Optional.of(NOON));
        passes(Duration.ofMinutes(59));
        assertThat(clock.settled()).isFalse();
        passes(Duration.ofMinutes(1));
        assertThat(clock.settled()).isTrue();
        clock.startAfter(Optional.of(wall));
        clock.confirm("admin");
        assertThat(clock.settled()).isTrue();
    }

    @Test
    void nothingIsGivenUpAfterAStartBeforeItWasTriedOnce() {
        Endings endings = endings();
        clock.startAfter(Optional.of(NOON.minus(Duration.ofDays(3))));
        assertThat(endings.givenUp(tried(NOON.plusSeconds(1))))
                .as("the time is not confirmed")
                .isFalse();
        clock.observed(NOON);
        assertThat(endings.givenUp(tried(NOON.minus(Duration.ofDays(3)))))
                .as("not tried since")
                .isFalse();
        assertThat(endings.givenUp(tried(NOON.plusSeconds(1)))).isTrue();
    }

    // the time of the wrong clock at the start is not used after it was set back
    @Test
    void whatIsTriedAfterTheClockWasPutBackIsTriedSinceTheStart() {
        Endings endings = endings();
        wall = NOON.plus(Duration.ofDays(20));
        clock.check();
        clock.confirm("admin");
        clock.startAfter(Optional.of(NOON.minus(Duration.ofDays(3))));
        wall = NOON;
        passes(Duration.ofSeconds(5));
        clock.observed(wall);
        assertThat(clock.settled()).isTrue();
        assertThat(endings.givenUp(tried(NOON.minusSeconds(1))))
                .as("not tried since")
                .isFalse();
        assertThat(endings.givenUp(tried(NOON.plusSeconds(3)))).isTrue();
    }

    private Endings endings() {
        Ledger ledger = new ForwardingLedger() {
            @Override
            public boolean apply(Change change) {
                return false;
            }

            @Override
            public Optional<Instant> restored() {
                return Optional.empty();
            }
        };
        return new Endings(
                ledger, new Progress(ledger, new WorkOffers(() -> nanos), metrics), null, clock, Duration.ofHours(48));
    }

    // a host without a time service, or a test DCC whose server is off: constantly the same minutes apart
    @ParameterizedTest
    @ValueSource(longs = {6, -6, 90, -90})
    void aConfirmationTakesPrecedenceOverTimesOfTheDcc(long minutes) {
        Duration apart = Duration.ofMinutes(minutes);
        clock.startAfter(Optional.of(NOON.minus(Duration.ofDays(1))));
        clock.answered(wall.plus(apart));
        assertThat(clock.trusted()).isFalse();
        clock.confirm("operator");
        for (int i = 0; i < 3; i++) {
            passes(Duration.ofHours(1));
            clock.answered(wall.plus(apart).minusSeconds(90));
            assertThat(clock.settled()).isTrue();
            clock.observed(wall.plus(apart));
            assertThat(clock.settled()).isTrue();
        }
        clock.answered(wall.plus(apart.multipliedBy(2)));
        assertThat(clock.trusted()).as("not the difference that was confirmed").isFalse();
        clock.answered(wall.plus(apart));
        assertThat(clock.trusted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {6, -6})
    void aConfirmedDifferenceEndsWhenTheClockIsPutRight(long minutes) {
        Duration apart = Duration.ofMinutes(minutes);
        clock.answered(wall.plus(apart));
        clock.confirm("operator");
        wall = wall.plus(apart);
        clock.check();
        assertThat(clock.trusted()).as("a jump").isFalse();
        clock.answered(wall);
        assertThat(clock.trusted()).isTrue();
        assertThat(clock.instant()).isEqualTo(wall);
        clock.answered(wall.plus(apart));
        assertThat(clock.trusted()).as("apart again").isFalse();
    }

    @Test
    void aConfirmedJumpIsNotDoubtedAgainBecauseOfTheNextAnswer() {
        clock.answered(NOON);
        wall = wall.plus(Duration.ofHours(1));
        passes(Duration.ofSeconds(10));
        assertThat(clock.trusted()).isFalse();
        clock.confirm("operator");
        clock.answered(NOON.plusSeconds(10));
        assertThat(clock.trusted()).isTrue();
        wall = wall.plus(Duration.ofMinutes(2));
        clock.check();
        assertThat(clock.trusted()).as("the next jump").isFalse();
    }

    // work continues with either time: a load balancer must not remove the node
    @Test
    void thatTheDccsTimeIsAnotherIsARemarkAndAJumpIsTrouble() {
        clock.answered(NOON.minusSeconds(3));
        assertThat(clock.remark()).isEmpty();
        clock.answered(NOON.minus(Duration.ofMinutes(6)));
        assertThat(clock.trouble()).isEmpty();
        assertThat(clock.remark().orElseThrow().cause()).contains("PT6M earlier", "not confirmed");
        clock.confirm("operator");
        passes(Duration.ofDays(1));
        assertThat(clock.remark().orElseThrow().cause())
                .contains("PT6M earlier")
                .doesNotContain("not confirmed");
        wall = wall.plus(Duration.ofHours(1));
        clock.check();
        clock.answered(wall.minus(Duration.ofMinutes(66)));
        assertThat(clock.trouble().orElseThrow().cause()).contains("jumped");
        wall = wall.minus(Duration.ofHours(1)).minus(Duration.ofMinutes(6));
        clock.check();
        clock.answered(wall);
        assertThat(clock.trouble()).isEmpty();
        assertThat(clock.remark()).as("put right").isEmpty();
    }

    @Test
    void aClockThatIsBackAfterAJumpIsAsFarFromTheDccsAsBefore() {
        clock.answered(NOON.plus(Duration.ofMinutes(6)));
        wall = NOON.plus(Duration.ofHours(1));
        clock.check();
        assertThat(clock.trouble()).isPresent();
        wall = NOON;
        clock.check();
        assertThat(clock.trouble()).isEmpty();
        assertThat(clock.trusted()).isFalse();
    }

    private static RequestRecord tried(Instant last) {
        return new RequestRecord(
                "r-1",
                Optional.empty(),
                new Origin(Channel.JMS, Optional.empty(), Optional.empty(), "crm", "xml"),
                Target.UNREAD,
                Lane.ROUTINE,
                new RequestRecord.Progress(RequestState.SENT, "", Optional.empty(), Optional.empty()),
                new RequestRecord.Sending(Optional.empty(), 3, Optional.of(last), 0),
                RequestRecord.Timing.NONE,
                NOON.minus(Duration.ofDays(4)),
                last);
    }

    @Test
    void atTheStartTheLedgerIsTheMeasure() {
        clock.startAfter(Optional.of(NOON.minus(Duration.ofHours(5))));
        assertThat(clock.trusted()).isTrue();
        clock.startAfter(Optional.of(NOON.plus(Duration.ofDays(1))));
        assertThat(clock.trusted()).isFalse();
        assertThat(clock.instant()).as("what waits is not frozen").isEqualTo(NOON.plus(Duration.ofDays(1)));

        TrustedClock ahead = new TrustedClock(given, () -> nanos, metrics);
        ahead.startAfter(Optional.of(NOON.minus(Duration.ofDays(9 * 365))));
        ahead.check();
        assertThat(ahead.trusted()).isFalse();
    }
}
