package org.postern.intake.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WrongTokensTest {

    private final AtomicLong now = new AtomicLong();
    private final WrongTokens tokens = new WrongTokens(now::get);

    @Test
    void theAnswersToOneSourceAreDelayedIncreasinglyUpToALimit() {
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            waits.add(tokens.wrong("a").toMillis());
        }
        assertThat(waits)
                .containsExactly(0L, 0L, 0L, 0L, 0L, 100L, 200L, 400L, 800L, 1600L, 3200L, 5000L, 5000L, 5000L);
        assertThat(tokens.wrong("b")).isZero();
        for (int i = 0; i < 1000; i++) {
            assertThat(tokens.wrong("a")).isEqualTo(WrongTokens.MAX_DELAY);
        }
    }

    @Test
    void aRightTokenOrTenMinutesEndTheDelay() {
        for (int i = 0; i < 20; i++) {
            tokens.wrong("a");
            tokens.wrong("b");
        }
        tokens.right("a");
        assertThat(tokens.wrong("a")).isZero();
        now.addAndGet(Duration.ofMinutes(11).toNanos());
        assertThat(tokens.wrong("b")).isZero();
    }

    @Test
    void noMoreThanAThousandSourcesAreStored() {
        for (int i = 0; i < 100_000; i++) {
            tokens.wrong("10.0." + i);
        }
        assertThat(tokens.sources()).isEqualTo(1000);
    }
}
