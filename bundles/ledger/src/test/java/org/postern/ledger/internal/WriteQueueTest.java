package org.postern.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a group is due, by a clock that the test sets. */
@Timeout(60)
class WriteQueueTest {

    private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(20);

    private static final long GATHER = TimeUnit.MICROSECONDS.toNanos(500);

    private long now = 1_000;
    private final WriteQueue queue = new WriteQueue(4, 3, LONGEST, GATHER, () -> now);

    private PendingWrite<String> offered(boolean hurried) throws InterruptedException {
        PendingWrite<String> write = new PendingWrite<>(connection -> "", hurried, now);
        assertThat(queue.offer(write, 0)).isTrue();
        return write;
    }

    private List<PendingWrite<?>> taken() throws InterruptedException {
        return queue.take(0);
    }

    @Test
    void whatNobodyWaitsForIsDueAfterItsTime() throws InterruptedException {
        PendingWrite<String> first = offered(false);
        assertThat(taken()).isEmpty();
        now += LONGEST - 1;
        PendingWrite<String> second = offered(false);
        assertThat(taken()).isEmpty();
        now++;
        assertThat(taken()).containsExactly(first, second);
        assertThat(taken()).isEmpty();
    }

    @Test
    void whatSomebodyWaitsForTakesWithItWhatCameBefore() throws InterruptedException {
        PendingWrite<String> behind = offered(false);
        PendingWrite<String> hurried = offered(true);
        PendingWrite<String> after = offered(false);
        assertThat(taken()).containsExactly(behind, hurried, after);
        offered(false);
        assertThat(taken()).as("nobody waits any more").isEmpty();
    }

    @Test
    void whereSeveralWaitedAMomentIsLeftToThemToComeAgain() throws InterruptedException {
        PendingWrite<String> alone = offered(true);
        assertThat(taken()).containsExactly(alone);
        PendingWrite<String> first = offered(true);
        PendingWrite<String> second = offered(true);
        assertThat(taken()).containsExactly(first, second);

        PendingWrite<String> firstAgain = offered(true);
        assertThat(taken()).isEmpty();
        now += GATHER - 1;
        assertThat(taken()).isEmpty();
        PendingWrite<String> secondAgain = offered(true);
        assertThat(taken()).as("both are there").containsExactly(firstAgain, secondAgain);

        PendingWrite<String> left = offered(true);
        assertThat(taken()).isEmpty();
        now += GATHER;
        assertThat(taken()).as("the other one does not come").containsExactly(left);
        PendingWrite<String> next = offered(true);
        assertThat(taken()).as("and is waited for no more").containsExactly(next);
    }

    @Test
    void aFullGroupIsDueAndWhatSomebodyWaitsForBehindItComesNext() throws InterruptedException {
        PendingWrite<String> first = offered(false);
        PendingWrite<String> second = offered(false);
        PendingWrite<String> third = offered(false);
        PendingWrite<String> hurried = offered(true);
        assertThat(queue.offer(new PendingWrite<>(connection -> "", true, now), 0)).as("no room").isFalse();
        assertThat(taken()).containsExactly(first, second, third);
        assertThat(taken()).containsExactly(hurried);
    }

    @Test
    void whenItClosesAllThatIsThereIsDueAndNoMoreIsTaken() throws InterruptedException {
        PendingWrite<String> behind = offered(false);
        queue.close();
        assertThat(queue.offer(new PendingWrite<>(connection -> "", true, now), 0)).isFalse();
        assertThat(queue.ended()).isFalse();
        assertThat(taken()).containsExactly(behind);
        assertThat(queue.ended()).isTrue();
    }

    @Test
    void nobodyWaitsAtAQueueThatIsClosedWhateverTheClockSays() throws InterruptedException {
        PendingWrite<String> last = offered(false);
        queue.close();
        assertThat(queue.take(LONGEST)).containsExactly(last);
        assertThat(queue.take(LONGEST)).isEmpty();
        assertThat(queue.ended()).isTrue();
    }
}
