package org.postern.simulator.devices.internal.tariff;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.postern.simulator.devices.internal.measure.Series;

/** What leaves at the bounds of tariffs and resets changes no register as long as it may. */
class BoundedTariffsTest {

    private static final Series SERIES = new Series(5, Series.Shape.load().get("household"), 1_000_000, 9_000);
    private static final Instant DAY = Instant.parse("2020-03-01T00:00:00Z");

    /** All energy goes to one period, or to the blocks of one column. */
    private static TariffRegisters.Tariff tariff(Instant from, int action) {
        SwitchingTable table =
                new SwitchingTable(List.of(), Map.of(), Map.of(), List.of(new SwitchingTable.SpecialDay(any(), 1)));
        SwitchingTable filled = new SwitchingTable(
                table.seasons(),
                table.weeks(),
                Map.of(1, List.of(new SwitchingTable.Switch(0, action))),
                table.specialDays());
        long[][] thresholds = new long[TariffRegisters.COLUMNS][];
        java.util.Arrays.fill(thresholds, new long[] {1_000, 2_000, 4_000});
        return new TariffRegisters.Tariff(from, filled, thresholds);
    }

    private static SwitchingTable.Date any() {
        return new SwitchingTable.Date(SwitchingTable.ANY, SwitchingTable.ANY, SwitchingTable.ANY, SwitchingTable.ANY);
    }

    /** Few half-hours, and several instants in each. */
    private static List<Instant> instants(int count) {
        Random random = new Random(2);
        List<Instant> instants = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            instants.add(DAY.plusSeconds(random.nextInt(4) * 7_200L + random.nextInt(19) * 100L));
        }
        instants.sort(null);
        return instants;
    }

    private static List<String> registers(List<TariffRegisters.Tariff> tariffs, List<Instant> resets) {
        List<Instant> times = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            times.add(DAY.plusSeconds(i * 300L));
        }
        return new TariffRegisters(SERIES, tariffs, date -> false, resets)
                .at(times).stream()
                        .map(r -> r.total()
                                + java.util.Arrays.toString(r.periods())
                                + java.util.Arrays.deepToString(r.blocks())
                                + java.util.Arrays.deepToString(r.counters()))
                        .toList();
    }

    @Test
    void aTariffThatWasReplacedWithinItsHalfHourLeavesFirst() {
        TariffHistory bounded = new TariffHistory(12);
        TariffHistory all = new TariffHistory(1_000);
        bounded.add(tariff(Series.START, 1));
        all.add(tariff(Series.START, 1));
        int number = 0;
        for (Instant instant : instants(60)) {
            number++;
            TariffRegisters.Tariff next = tariff(instant, number % 3 == 0 ? 101 + number % 8 : 1 + number % 48);
            bounded.add(next);
            all.add(next);
        }
        assertThat(bounded.size()).isEqualTo(12);
        assertThat(bounded.latest()).isSameAs(all.latest());
        assertThat(registers(bounded.all(), List.of())).isEqualTo(registers(all.all(), List.of()));
    }

    @Test
    void whereEachCountedTheOldestAfterTheFirstLeaves() {
        TariffHistory bounded = new TariffHistory(3);
        for (int i = 0; i < 6; i++) {
            bounded.add(tariff(i == 0 ? Series.START : DAY.plusSeconds(i * 86_400L), i + 1));
        }
        assertThat(bounded.all().stream().map(TariffRegisters.Tariff::from).toList())
                .containsExactly(Series.START, DAY.plusSeconds(4 * 86_400L), DAY.plusSeconds(5 * 86_400L));
    }

    @Test
    void aResetThatFollowsAnotherWithinItsHalfHourLeavesFirst() {
        List<TariffRegisters.Tariff> blocks = List.of(tariff(Series.START, 101));
        BlockResets bounded = new BlockResets(12);
        List<Instant> instants = instants(60);
        instants.forEach(bounded::add);
        assertThat(bounded.size()).isEqualTo(12);
        assertThat(registers(blocks, bounded.all())).isEqualTo(registers(blocks, instants));
    }

    @Test
    void whereEachResetCountedTheOldestLeaves() {
        BlockResets bounded = new BlockResets(2);
        for (int i = 0; i < 5; i++) {
            bounded.add(DAY.plusSeconds(i * 3_600L));
        }
        assertThat(bounded.all()).containsExactly(DAY.plusSeconds(3 * 3_600L), DAY.plusSeconds(4 * 3_600L));
    }
}
