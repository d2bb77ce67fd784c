package org.postern.simulator.devices.internal.tariff;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.postern.simulator.devices.internal.measure.Series;

/** Every unit goes to one register of the tariff. */
class TariffRegistersTest {

    @Test
    void tariffRegistersGiveEveryUnitToOneRegister() {
        Series series = new Series(5, Series.Shape.load().get("household"), 1_000, 9_000);
        SwitchingTable table = new SwitchingTable(
                List.of(new SwitchingTable.Season(
                        new SwitchingTable.Date(SwitchingTable.ANY, 1, 1, SwitchingTable.ANY), 1)),
                Map.of(1, new int[] {1, 1, 1, 1, 1, 2, 2}),
                Map.of(
                        1,
                        List.of(new SwitchingTable.Switch(0, 3), new SwitchingTable.Switch(420, 5)),
                        2,
                        List.of(new SwitchingTable.Switch(0, 101))),
                List.of());
        long[][] thresholds = new long[TariffRegisters.COLUMNS][];
        java.util.Arrays.fill(thresholds, new long[] {2_000, 4_000});
        TariffRegisters registers = new TariffRegisters(
                series, List.of(new TariffRegisters.Tariff(Series.START, table, thresholds)), date -> true, List.of());
        List<Instant> times = List.of(
                Series.midnight(4),
                Series.midnight(4).plusSeconds(25_000),
                Series.midnight(30).plusSeconds(100));
        for (TariffRegisters.Reading r : registers.at(times)) {
            long sum = java.util.Arrays.stream(r.periods()).sum()
                    + java.util.Arrays.stream(r.blocks())
                            .flatMapToLong(java.util.Arrays::stream)
                            .sum();
            assertThat(sum).isEqualTo(series.at(r.time())).isEqualTo(r.total());
            assertThat(r.periods()[2]).as("nights").isPositive();
            assertThat(r.periods()[4]).as("days").isPositive();
        }
        TariffRegisters.Reading weekend = registers.at(times).get(1);
        assertThat(weekend.time()).isEqualTo("2020-01-05T06:56:40Z");
        assertThat(java.util.Arrays.stream(weekend.counters())
                        .mapToLong(b -> b[0])
                        .sum())
                .as("since midnight, when the counters began anew")
                .isEqualTo(series.at(weekend.time()) - series.atMidnight(4));
        assertThat(weekend.blocks()[0][0])
                .as("Saturday's first block, a half-hour over the threshold at most")
                .isBetween(2_000L, 6_000L);
        assertThat(weekend.blocks()[3][0])
                .as("two thresholds make three blocks")
                .isZero();
    }
}
