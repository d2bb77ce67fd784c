package org.postern.simulator.devices.internal.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a quantity grew in a day, a half-hour and up to an instant agrees. */
class SeriesTest {

    @ParameterizedTest
    @ValueSource(strings = {"household", "storage-heating", "solar", "reactive", "gas-heating"})
    void aSeriesAddsUpAndNeverFalls(String shape) {
        Series series = new Series(77, Series.Shape.load().get(shape), 12_345, 9_000);
        long register = series.at(Series.START);
        assertThat(register).isEqualTo(12_345);
        for (long day = 0; day < 800; day++) {
            long[] slots = series.slots(day);
            assertThat(slots).hasSize(Series.SLOTS);
            assertThat(IntStream.range(0, slots.length)
                            .filter(i -> slots[i] < 0)
                            .count())
                    .isZero();
            assertThat(java.util.Arrays.stream(slots).sum())
                    .isEqualTo(series.day(day))
                    .isPositive();
            register += series.day(day);
            assertThat(series.at(Series.midnight(day + 1))).isEqualTo(register);
        }
        Instant noon = Series.midnight(400).plusSeconds(43_200);
        assertThat(series.at(noon.plusSeconds(1800)) - series.at(noon)).isEqualTo(series.slot(noon));
        assertThat(series.at(Series.START.minusSeconds(1_000_000))).isEqualTo(12_345);
    }

    @Test
    void anotherSeedIsAnotherCustomer() {
        Series.Shape shape = Series.Shape.load().get("household");
        assertThat(new Series(1, shape, 0, 9_000).slots(100))
                .isEqualTo(new Series(1, shape, 0, 9_000).slots(100))
                .isNotEqualTo(new Series(2, shape, 0, 9_000).slots(100));
    }
}
