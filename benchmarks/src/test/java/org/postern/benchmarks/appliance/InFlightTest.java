package org.postern.benchmarks.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InFlightTest {

    private final InFlight inFlight = new InFlight();

    @Test
    void aBucketHoldsItsValueWithinSixPercent() {
        for (long micros = 1; micros < 10_000_000; micros += 1 + micros / 7) {
            long upper = InFlight.upper(InFlight.bucket(micros));
            assertThat(upper).as("of " + micros).isBetween(micros, micros + micros / 16 + 1);
        }
    }

    @Test
    void whatIsOpenIsWhatHasNeitherResultNorRefusal() {
        long first = inFlight.begin(1);
        long second = inFlight.begin(1);
        inFlight.begin(1);
        inFlight.finish(first, 2_000_001);
        inFlight.refuse(second);
        assertThat(inFlight.open()).isEqualTo(1);
        assertThat(inFlight.finished()).isEqualTo(1);
        assertThat(inFlight.refused()).isEqualTo(1);
    }

    @Test
    void aSecondResultIsNotCountedAsOneMore() {
        long number = inFlight.begin(1);
        inFlight.finish(number, 2);
        inFlight.finish(number, 3);
        assertThat(inFlight.finished()).isEqualTo(1);
        assertThat(inFlight.unexpected()).isEqualTo(1);
    }

    @Test
    void percentilesAreOfWhatCameSinceTheRestart() {
        inFlight.finish(inFlight.begin(1), 60_000_000_001L);
        inFlight.restart();
        for (int i = 0; i < 99; i++) {
            inFlight.finish(inFlight.begin(1), 1_000_001);
        }
        inFlight.finish(inFlight.begin(1), 500_000_001);
        assertThat(inFlight.percentile(0.5)).isBetween(1000L, 1063L);
        assertThat(inFlight.percentile(0.99)).isBetween(1000L, 1063L);
        assertThat(inFlight.percentile(1)).isBetween(500_000L, 532_000L);
    }
}
