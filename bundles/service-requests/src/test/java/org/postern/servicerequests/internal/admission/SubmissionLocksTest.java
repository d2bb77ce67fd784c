package org.postern.servicerequests.internal.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.PosternException;
import org.postern.servicerequests.ServiceRequestFault;

class SubmissionLocksTest {

    private static final Optional<String> KEY = Optional.of("http:order 1");
    private final SubmissionLocks locks = new SubmissionLocks(Duration.ofMillis(50));
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final ExecutorService callers = Executors.newCachedThreadPool();

    @AfterEach
    void letGo() {
        goOn.countDown();
        callers.shutdownNow();
    }

    @Test
    void whereTheFirstHangsTheOnesBehindItAreToldSoAndTheNextIsTakenWhenItHasEnded() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        CompletableFuture<String> first = CompletableFuture.supplyAsync(
                () -> locks.exclusively(KEY, () -> {
                    hangs.countDown();
                    awaitQuietly();
                    return "first";
                }),
                callers);
        hangs.await();
        CompletableFuture<String> again =
                CompletableFuture.supplyAsync(() -> locks.exclusively(KEY, () -> "again"), callers);
        assertThatThrownBy(() -> again.get(20, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(PosternException.class, e -> {
                    assertThat(e.fault().code()).isEqualTo(ServiceRequestFault.STILL_AT_WORK.code());
                    assertThat(e.fault().mayPass()).isTrue();
                });
        assertThat(locks.exclusively(Optional.of("http:order 2"), () -> "another"))
                .isEqualTo("another");
        goOn.countDown();
        assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo("first");
        assertThat(locks.exclusively(KEY, () -> "last")).isEqualTo("last");
    }

    private void awaitQuietly() {
        try {
            goOn.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
