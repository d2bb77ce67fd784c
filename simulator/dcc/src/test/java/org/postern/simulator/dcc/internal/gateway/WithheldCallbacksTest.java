package org.postern.simulator.dcc.internal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.postern.testkit.Await;

class WithheldCallbacksTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final WithheldCallbacks held = new WithheldCallbacks();
    private final AtomicInteger acknowledged = new AtomicInteger();

    @Test
    void nothingIsKeptBackBeforeItIsSaid() {
        assertThat(held.take(new byte[] {1}, acknowledged::incrementAndGet)).isFalse();
    }

    @Test
    void whatWasKeptBackIsSentUntilItIsAcknowledgedAndOnce() throws Exception {
        held.hold();
        for (byte i = 0; i < 50; i++) {
            assertThat(held.take(new byte[] {i}, acknowledged::incrementAndGet)).isTrue();
        }
        assertThat(held.json()).startsWith("{\"held\":50,\"acknowledged\":0,\"failures\":0");
        Map<Byte, AtomicInteger> tries = new ConcurrentHashMap<>();
        // the first try of every document is refused
        held.release(
                4,
                0,
                document -> tries.computeIfAbsent(document[0], key -> new AtomicInteger())
                                        .incrementAndGet()
                                == 1
                        ? 503
                        : 204);
        Await.until("all are acknowledged", PATIENCE, () -> acknowledged.get() == 50);
        assertThat(tries).hasSize(50);
        assertThat(tries.values()).allSatisfy(count -> assertThat(count.get()).isEqualTo(2));
        assertThat(held.json()).startsWith("{\"held\":0,\"acknowledged\":50,\"failures\":50");
    }

    @Test
    void afterTheReleaseDocumentsGoTheirOwnWay() {
        held.hold();
        held.release(1, 0, document -> 204);
        assertThat(held.take(new byte[] {1}, acknowledged::incrementAndGet)).isFalse();
    }
}
