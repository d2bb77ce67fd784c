package org.postern.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
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
        return offered(queue, false, hurried);
    }

    private PendingWrite<String> offered(WriteQueue to, boolean first, boolean hurried) throws InterruptedException {
        PendingWrite<String> write = new PendingWrite<>(connection -> "", first, hurried, now);
        assertThat(to.offer(write, 0)).isTrue();
        return write;
    }

    private List<PendingWrite<String>> offered(WriteQueue to, boolean first, int count) throws InterruptedException {
        List<PendingWrite<String>> writes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            writes.add(offered(to, first, true));
        }
        return writes;
    }

    private List<PendingWrite<?>> taken() throws InterruptedException {
        return queue.take(0);
    }

    @Test
    void anAsynchronousWriteIsDueAfterTheMaximumDelay() throws InterruptedException {
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
    void anAwaitedWriteTakesEarlierOnesWithIt() throws InterruptedException {
        PendingWrite<String> behind = offered(false);
        PendingWrite<String> hurried = offered(true);
        PendingWrite<String> after = offered(false);
        assertThat(taken()).containsExactly(behind, hurried, after);
        offered(false);
        assertThat(taken()).as("no caller waits").isEmpty();
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
    void aFullGroupIsDueAndTheNextAwaitedWriteFollows() throws InterruptedException {
        PendingWrite<String> first = offered(false);
        PendingWrite<String> second = offered(false);
        PendingWrite<String> third = offered(false);
        PendingWrite<String> hurried = offered(true);
        assertThat(queue.offer(new PendingWrite<>(connection -> "", false, true, now), 0))
                .as("no room")
                .isFalse();
        assertThat(taken()).containsExactly(first, second, third);
        assertThat(taken()).containsExactly(hurried);
    }

    @Test
    void whenItClosesAllThatIsThereIsDueAndNoMoreIsTaken() throws InterruptedException {
        PendingWrite<String> behind = offered(false);
        queue.close();
        assertThat(queue.offer(new PendingWrite<>(connection -> "", false, true, now), 0))
                .isFalse();
        assertThat(queue.ended()).isFalse();
        assertThat(taken()).containsExactly(behind);
        assertThat(queue.ended()).isTrue();
    }

    @Test
    void aTopUpsWriteIsDueAtOnceAndGoesBeforeOthers() throws InterruptedException {
        WriteQueue large = large();
        List<PendingWrite<String>> ordinary = offered(large, false, 20);
        assertThat(large.take(0)).hasSameSizeAs(ordinary);
        PendingWrite<String> before = offered(large, false, true);
        assertThat(large.take(0)).as("the other 19 are expected").isEmpty();
        PendingWrite<String> behind = offered(large, true, false);
        PendingWrite<String> topUp = offered(large, true, true);
        assertThat(large.take(0)).containsExactly(behind, topUp, before);
    }

    @Test
    void aGroupWithATopUpsWriteIsSmall() throws InterruptedException {
        WriteQueue large = large();
        List<PendingWrite<String>> ordinary = offered(large, false, 50);
        PendingWrite<String> topUp = offered(large, true, true);
        List<PendingWrite<?>> group = large.take(0);
        assertThat(group).hasSize(WriteQueue.PREPAYMENT_GROUP).startsWith(topUp);
        assertThat(group.subList(1, group.size())).isEqualTo(ordinary.subList(0, WriteQueue.PREPAYMENT_GROUP - 1));
        assertThat(large.take(0)).isEqualTo(ordinary.subList(WriteQueue.PREPAYMENT_GROUP - 1, ordinary.size()));
    }

    @Test
    void ordinaryWritesAreOvertakenByAFewGroupsOnlyAndOvertakeNone() throws InterruptedException {
        WriteQueue large = large();
        PendingWrite<String> waits = offered(large, false, true);
        for (int i = 0; i < WriteQueue.MAX_SHORT_GROUPS; i++) {
            List<PendingWrite<String>> topUps = offered(large, true, WriteQueue.PREPAYMENT_GROUP);
            assertThat(large.take(0)).isEqualTo(topUps);
        }
        List<PendingWrite<String>> topUps = offered(large, true, 2 * WriteQueue.PREPAYMENT_GROUP);
        PendingWrite<String> later = offered(large, false, true);
        List<PendingWrite<?>> group = large.take(0);
        assertThat(group).hasSize(topUps.size() + 2).startsWith(waits).endsWith(later);
        assertThat(group.subList(1, group.size() - 1))
                .as("none of them is overtaken")
                .isEqualTo(topUps);
        large.overtake(group, 1);
        assertThat(group).as("what waited for so long is not cut short").hasSize(topUps.size() + 2);
    }

    @Test
    void aGroupIsCutShortForATopUpAndTheRestComesNextInItsOrder() throws InterruptedException {
        WriteQueue large = large();
        List<PendingWrite<String>> ordinary = offered(large, false, 5);
        List<PendingWrite<?>> group = large.take(0);
        assertThat(group.subList(0, 2)).allMatch(PendingWrite::start);
        assertThat(large.prepaymentAwaited()).isFalse();
        PendingWrite<String> topUp = offered(large, true, true);
        assertThat(large.prepaymentAwaited()).isTrue();
        large.overtake(group, 2);
        assertThat(group).containsExactly(ordinary.get(0), ordinary.get(1), topUp);
        assertThat(large.prepaymentAwaited()).isFalse();
        offered(large, true, true);
        large.overtake(group, 2);
        assertThat(group).as("once only").hasSize(3);
        assertThat(ordinary.get(2).giveUp()).as("the writer has not run it").isTrue();
        assertThat(large.take(0)).hasSize(4).endsWith(ordinary.get(2), ordinary.get(3), ordinary.get(4));
    }

    @Test
    void aStreamOfTopUpsKeepsOnlyALimitedNumberOfGroupsSmall() throws InterruptedException {
        WriteQueue large = large();
        offered(large, false, 500);
        List<Integer> sizes = new ArrayList<>();
        for (int i = 0; i <= WriteQueue.MAX_SHORT_GROUPS; i++) {
            offered(large, true, true);
            sizes.add(large.take(0).size());
        }
        assertThat(sizes.subList(0, WriteQueue.MAX_SHORT_GROUPS)).allMatch(size -> size == WriteQueue.PREPAYMENT_GROUP);
        assertThat(sizes.get(WriteQueue.MAX_SHORT_GROUPS)).isEqualTo(256);
    }

    @Test
    void groupsAreCutShortOnlySoOftenOnEnd() throws InterruptedException {
        WriteQueue large = large();
        offered(large, false, 500);
        for (int i = 0; i < WriteQueue.MAX_SHORT_GROUPS; i++) {
            List<PendingWrite<?>> group = large.take(0);
            assertThat(group).hasSize(256);
            offered(large, true, true);
            large.overtake(group, 1);
            assertThat(group).as("one of each lane").hasSize(2);
        }
        List<PendingWrite<?>> group = large.take(0);
        offered(large, true, true);
        large.overtake(group, 1);
        assertThat(group).as("what waited for so long is not cut short").hasSize(256);
    }

    @Test
    void aFullLaneLeavesRoomInTheOther() throws InterruptedException {
        for (int i = 0; i < 4; i++) {
            offered(false);
        }
        assertThat(queue.offer(new PendingWrite<>(connection -> "", false, true, now), 0))
                .isFalse();
        PendingWrite<String> topUp = offered(queue, true, true);
        assertThat(taken()).hasSize(3).startsWith(topUp);
    }

    private WriteQueue large() {
        return new WriteQueue(1000, 256, LONGEST, GATHER, () -> now);
    }

    @Test
    void nobodyWaitsAtAClosedQueue() throws InterruptedException {
        PendingWrite<String> last = offered(false);
        queue.close();
        assertThat(queue.take(LONGEST)).containsExactly(last);
        assertThat(queue.take(LONGEST)).isEmpty();
        assertThat(queue.ended()).isTrue();
    }
}
