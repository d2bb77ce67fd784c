package org.postern.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeriodicTaskTest {

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    @Test
    void aTaskThatThrowsIsRunAgain() throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch third = new CountDownLatch(3);
        PeriodicTask.start(
                executor,
                "test",
                () -> {
                    third.countDown();
                    if (runs.incrementAndGet() == 1) {
                        throw new IllegalStateException("first run");
                    }
                    throw new LinkageError("later run");
                },
                0,
                1,
                TimeUnit.MILLISECONDS);
        assertThat(third.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void itEndsWithItsExecutor() throws InterruptedException {
        CountDownLatch first = new CountDownLatch(1);
        PeriodicTask.start(executor, "test", first::countDown, 0, 1, TimeUnit.MILLISECONDS);
        assertThat(first.await(30, TimeUnit.SECONDS)).isTrue();
        executor.shutdownNow();
        assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }
}
