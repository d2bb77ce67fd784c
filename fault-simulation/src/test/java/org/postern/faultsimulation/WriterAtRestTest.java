package org.postern.faultsimulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who has written goes on when the writer has told all the others. */
@Timeout(60)
class WriterAtRestTest {

    private final WriterAtRest rest = new WriterAtRest();
    private final CountDownLatch working = new CountDownLatch(1);
    private final AtomicBoolean told = new AtomicBoolean();

    private void tellsSlowly() {
        rest.asked();
        rest.used();
        // a follow-up that hands in another write asks for the time as well, and waits for nobody
        rest.enter();
        rest.asked();
        rest.leave();
        working.countDown();
        long end = System.nanoTime() + Duration.ofMillis(50).toNanos();
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        told.set(true);
    }

    @Test
    void waitsUntilTheWriterAsksForTheTimeAgain() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        Thread writer = new Thread(() -> {
            tellsSlowly();
            rest.asked();
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        writer.start();
        working.await();
        rest.leave();
        assertThat(told).isTrue();
        ended.countDown();
        writer.join();
    }

    @Test
    void aWriterThatHasEndedIsNotWaitedFor() throws Exception {
        new Thread(this::tellsSlowly).start();
        working.await();
        rest.leave();
        assertThat(told).isTrue();
    }

    @Test
    void whatTheSimulationReadsItselfIsNothingToWaitFor() {
        rest.asked();
        rest.used();
        rest.leave();
    }
}
