package org.postern.servicerequests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Lane;

class LocalWorkQueueTest {

    private static final long WAIT = 10_000;

    private final BlockingQueue<String> begun = new LinkedBlockingQueue<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private LocalWorkQueue queue;

    @AfterEach
    void close() {
        release.countDown();
        queue.close();
    }

    private void start(int capacity, LocalWorkQueue.Worker worker) {
        queue = new LocalWorkQueue(Set.of(WorkStep.DISPATCH, WorkStep.PROCESS), lane -> 1, capacity, worker);
    }

    private void held(WorkStep step, Lane lane, String id) throws InterruptedException {
        begun.add(step + " " + lane + " " + id);
        release.await();
    }

    private String next() throws InterruptedException {
        return begun.poll(WAIT, TimeUnit.MILLISECONDS);
    }

    @Test
    void aFullLaneRefusesAtOnceAndNoOtherLaneWithIt() throws Exception {
        start(3, this::held);
        queue.offer(WorkStep.DISPATCH, Lane.BULK, "at work");
        assertThat(next()).isEqualTo("DISPATCH BULK at work");
        for (String id : List.of("a", "b", "c")) {
            queue.offer(WorkStep.DISPATCH, Lane.BULK, id);
        }
        assertThatThrownBy(() -> queue.offer(WorkStep.DISPATCH, Lane.BULK, "d"))
                .isInstanceOf(RejectedExecutionException.class);
        assertThat(queue.depths())
                .hasSize(2 * Lane.values().length)
                .contains(
                        new WorkQueue.Depth(WorkStep.DISPATCH, Lane.BULK, 3, 1),
                        new WorkQueue.Depth(WorkStep.PROCESS, Lane.BULK, 0, 0));
        queue.offer(WorkStep.DISPATCH, Lane.PREPAYMENT, "top-up");
        assertThat(next()).isEqualTo("DISPATCH PREPAYMENT top-up");
        queue.offer(WorkStep.PROCESS, Lane.BULK, "d");
        assertThat(next()).isEqualTo("PROCESS BULK d");
        release.countDown();
        assertThat(List.of(next(), next(), next()))
                .containsExactly("DISPATCH BULK a", "DISPATCH BULK b", "DISPATCH BULK c");
        queue.offer(WorkStep.DISPATCH, Lane.BULK, "d");
        assertThat(next()).as("refused before, it has its place now").isEqualTo("DISPATCH BULK d");
    }

    @Test
    void waitingWorkIsQueuedOnceAndRunningWorkAgain() throws Exception {
        start(10, this::held);
        queue.offer(WorkStep.DISPATCH, Lane.ROUTINE, "r");
        assertThat(next()).isEqualTo("DISPATCH ROUTINE r");
        for (int i = 0; i < 5; i++) {
            queue.offer(WorkStep.DISPATCH, Lane.ROUTINE, "r");
        }
        assertThat(queue.waiting(WorkStep.DISPATCH, Lane.ROUTINE)).isEqualTo(1);
        release.countDown();
        assertThat(next()).isEqualTo("DISPATCH ROUTINE r");
        queue.offer(WorkStep.DISPATCH, Lane.ROUTINE, "end");
        assertThat(next()).as("not a third time").isEqualTo("DISPATCH ROUTINE end");
    }

    @Test
    void failedWorkIsRetriedAndBlocksNothing() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        start(10, (step, lane, id) -> {
            if (id.equals("fails") && tries.incrementAndGet() < 3) {
                throw new IllegalStateException("the ledger cannot write");
            }
            begun.add(id);
        });
        queue.offer(WorkStep.PROCESS, Lane.ROUTINE, "fails");
        queue.offer(WorkStep.PROCESS, Lane.ROUTINE, "other");
        assertThat(next()).isEqualTo("other");
        assertThat(next()).isEqualTo("fails");
        assertThat(tries).hasValue(3);
    }

    @Test
    void closingLetsEndWhatIsAtWorkAndBeginsNothing() throws Exception {
        AtomicInteger ended = new AtomicInteger();
        start(10, (step, lane, id) -> {
            begun.add(id);
            if (!release.await(WAIT, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("not released");
            }
            ended.incrementAndGet();
        });
        queue.offer(WorkStep.DISPATCH, Lane.BULK, "at work");
        queue.offer(WorkStep.DISPATCH, Lane.BULK, "waits");
        assertThat(next()).isEqualTo("at work");
        Thread closing = new Thread(queue::close);
        closing.start();
        while (accepts()) {
            Thread.onSpinWait();
        }
        release.countDown();
        closing.join(Duration.ofSeconds(20).toMillis());
        assertThat(closing.isAlive()).isFalse();
        assertThat(ended).hasValue(1);
        assertThat(begun).isEmpty();
    }

    private boolean accepts() {
        try {
            queue.offer(WorkStep.DISPATCH, Lane.BULK, "waits");
            return true;
        } catch (RejectedExecutionException closed) {
            return false;
        }
    }

    @Test
    void onlyTheThreadsOfTopUpsHaveThePriorityThatThreadsHave() throws Exception {
        start(
                3,
                (step, lane, id) ->
                        begun.add(lane + " " + Thread.currentThread().getPriority()));
        for (Lane lane : Lane.values()) {
            queue.offer(WorkStep.PROCESS, lane, "work");
            assertThat(next())
                    .isEqualTo(lane + " " + (lane == Lane.PREPAYMENT ? Thread.NORM_PRIORITY : Thread.MIN_PRIORITY));
        }
    }
}
