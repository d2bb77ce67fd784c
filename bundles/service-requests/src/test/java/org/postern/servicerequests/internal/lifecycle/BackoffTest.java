package org.postern.servicerequests.internal.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {

    @Test
    void theDistanceDoublesUpToTheCapAndIsDrawnFromTheUpperHalf() {
        Backoff longest = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60), () -> 0.999999);
        Backoff shortest = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60), () -> 0);
        for (int attempts = 1; attempts <= 100; attempts++) {
            long full = Math.min(60_000, 1000L << Math.min(attempts - 1, 20));
            assertThat(shortest.after(attempts)).isEqualTo(Duration.ofMillis(full / 2));
            assertThat(longest.after(attempts).toMillis()).isBetween(full - 2, full);
        }
    }
}
