package org.postern.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.catalogue.Eui64;
import org.postern.ledger.LedgerException;
import org.postern.testkit.Await;

/** A hanging database or disk blocks one caller; the next ones are refused after the timeout. */
@Timeout(60)
class BoundedWaitsTest {

    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Eui64 USER = Eui64.parse("90B3D51F30010000");

    private final CountDownLatch hangs = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final ExecutorService callers = Executors.newCachedThreadPool();

    @AfterEach
    void letGo() {
        goOn.countDown();
        callers.shutdownNow();
    }

    private void hang() {
        hangs.countDown();
        try {
            goOn.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aCallerWaitingForABlockOfCountersIsRefusedAfterTheTimeout() throws Exception {
        try (ReservedCounters counters = new ReservedCounters(
                unit -> {
                    hang();
                    return 1000L;
                },
                reading -> 0,
                Clock.systemUTC(),
                10,
                Optional.empty(),
                new PrepaymentCounters(unit -> 1L, Optional.empty()),
                SHORT)) {
            CompletableFuture<Long> first = CompletableFuture.supplyAsync(() -> counters.next(USER), callers);
            hangs.await();
            List<Runnable> calls =
                    List.of(() -> counters.next(USER), () -> counters.raise(USER, 5), () -> counters.highest(USER));
            for (Runnable call : calls) {
                CompletableFuture<Void> behind = CompletableFuture.runAsync(call, callers);
                assertThatThrownBy(() -> behind.get(20, TimeUnit.SECONDS))
                        .cause()
                        .isInstanceOfSatisfying(
                                LedgerException.class,
                                e -> assertThat(e.kind()).isEqualTo(LedgerException.Kind.UNAVAILABLE));
            }
            assertThat(first).isNotDone();
            goOn.countDown();
            assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo(1000);
            assertThat(counters.next(USER)).isEqualTo(1001);
        }
    }

    @Test
    void aCallerOfAHangingFileIsRefusedAndItsEntryIsNotWritten() throws Exception {
        List<List<String>> written = new CopyOnWriteArrayList<>();
        try (FlushedFile<String> file = new FlushedFile<>("test", SHORT, what -> {
            if (what.contains("hangs")) {
                hang();
            }
            written.add(new ArrayList<>(what));
        })) {
            assertThatThrownBy(() -> file.write("hangs")).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> file.write("given up")).isInstanceOf(IOException.class);
            assertThat(written).isEmpty();
            goOn.countDown();
            awaitWritten(file, "last");
            assertThat(written).contains(List.of("hangs"), List.of("last")).doesNotContain(List.of("given up"));
        }
    }

    private static void awaitWritten(FlushedFile<String> file, String what) throws Exception {
        Await.until(what + " is written", Duration.ofSeconds(20), () -> {
            try {
                file.write(what);
                return true;
            } catch (IOException e) {
                return false;
            }
        });
    }

    @Test
    void anErrorOfOneWriteIsReportedAndTheNextIsWritten() throws Exception {
        List<String> written = new CopyOnWriteArrayList<>();
        try (FlushedFile<String> file = new FlushedFile<>("test", Duration.ofSeconds(20), what -> {
            if (what.contains("too large")) {
                throw new OutOfMemoryError("played");
            }
            written.addAll(what);
        })) {
            assertThatThrownBy(() -> file.write("too large")).hasCauseInstanceOf(OutOfMemoryError.class);
            file.write("next");
        }
        assertThat(written).containsExactly("next");
    }

    /** Reading back what was journalled takes long in a large ledger: it is done before the writer is asked. */
    @Test
    void theFirstBlockAfterAStartIsReadWithoutTheWriter() {
        List<String> order = new CopyOnWriteArrayList<>();
        try (ReservedCounters counters = new ReservedCounters(
                unit -> {
                    order.add("write");
                    return 5001L;
                },
                reading -> {
                    order.add("read");
                    return 5000;
                },
                Clock.systemUTC(),
                10,
                Optional.empty(),
                new PrepaymentCounters(unit -> 1L, Optional.empty()),
                SHORT)) {
            counters.next(USER);
            assertThat(order).containsExactly("read", "write");
            for (int i = 0; i < 10; i++) {
                counters.next(USER);
            }
            assertThat(order).as("the next block needs no query").containsExactly("read", "write", "write");
        }
    }
}
