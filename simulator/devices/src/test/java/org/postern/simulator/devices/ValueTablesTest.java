package org.postern.simulator.devices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.GbcsCodec;
import org.postern.gbcs.MessageKind;
import org.postern.gbcs.UseCaseTable;
import org.postern.simulator.pki.SimulatorTable;

/** The tables of values are complete, and the series behind them add up. */
class ValueTablesTest {

    private static final UseCaseTable USE_CASES = UseCaseTable.load();
    private static final int DATA_PROTECTION = 30;

    /** Objects that some use case reads and that only the data shape fills: none. */
    @Test
    void noObjectIsLeftToTheDataShape() {
        Set<String> known = new CosemValues().targets();
        Set<String> left = USE_CASES.all().stream()
                .flatMap(u -> u.dlms().stream())
                .filter(i -> i.direction() == MessageKind.RESPONSE
                        && i.operation().isPresent()
                        && i.target().isPresent())
                .filter(i -> i.operation().get() == DlmsPayload.Operation.GET
                        || i.operation().get() == DlmsPayload.Operation.ACTION
                                && !i.shape().isEmpty()
                                && !i.shape().equals("null")
                                && i.target().get().classId() != DATA_PROTECTION)
                .map(i -> i.target().get().toString())
                .filter(t -> !known.contains(t))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(left).isEmpty();
    }

    @Test
    void everyAttributeThatSomeUseCaseReadsIsHeld() {
        Set<Integer> held = SimulatorTable.rows(ZigbeeValues.class, "zigbee-values.tsv").stream()
                .map(r -> Integer.parseInt(r[0] + r[1], 16))
                .collect(Collectors.toSet());
        Set<String> left = USE_CASES.all().stream()
                .flatMap(u -> u.gbz().stream())
                .flatMap(i -> i.attributes().stream()
                        .filter(a -> !held.contains(i.cluster() << 16 | a))
                        .map(a -> String.format("%04X/%04X", i.cluster(), a)))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(left).isEmpty();
    }

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

    @Test
    void aTallyGivesEveryUnitToOneRegister() {
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
        long[][] thresholds = new long[Tally.COLUMNS][];
        java.util.Arrays.fill(thresholds, new long[] {2_000, 4_000});
        Tally tally =
                new Tally(series, List.of(new Tally.Tariff(Series.START, table, thresholds)), date -> true, List.of());
        List<Instant> times = List.of(
                Series.midnight(4),
                Series.midnight(4).plusSeconds(25_000),
                Series.midnight(30).plusSeconds(100));
        for (Tally.Registers r : tally.at(times)) {
            long sum = java.util.Arrays.stream(r.periods()).sum()
                    + java.util.Arrays.stream(r.blocks())
                            .flatMapToLong(java.util.Arrays::stream)
                            .sum();
            assertThat(sum).isEqualTo(series.at(r.time())).isEqualTo(r.total());
            assertThat(r.periods()[2]).as("nights").isPositive();
            assertThat(r.periods()[4]).as("days").isPositive();
        }
        Tally.Registers weekend = tally.at(times).get(1);
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

    @Test
    void dataIsReadAsItIsWritten() {
        assertThat(
                        DataText.parse(
                                "struct(u8(1),array(oct(0A0B),oct('x(y)')),bits(0110),bool(true),enum(2),i16(-5),null,vis('a'))"))
                .isEqualTo(DlmsData.structure(
                        DlmsData.u8(1),
                        DlmsData.array(
                                DlmsData.octetsHex("0A0B"), DlmsData.octets(org.postern.gbcs.Bytes.ofText("x(y)"))),
                        DlmsData.bits("0110"),
                        DlmsData.bool(true),
                        DlmsData.enumeration(2),
                        DlmsData.i16(-5),
                        DlmsData.NULL,
                        DlmsData.visible("a")));
        for (String bad : new String[] {"u8(1", "u9(1)", "u8(300)", "struct(u8(1)", "u8(1)x", "oct(0)"}) {
            assertThatThrownBy(() -> DataText.parse(bad)).as(bad).isInstanceOf(RuntimeException.class);
        }
    }

    @Test
    void rowsOfALogAreReadBackFromTheirBytes() {
        List<DlmsData> rows = List.of(
                DlmsData.structure(
                        DlmsData.u32(7), DlmsData.array(DlmsData.u16(1), DlmsData.u16(2)), DlmsData.octetsHex("AABB")),
                DlmsData.structure(
                        DlmsData.u32(8), DlmsData.array(DlmsData.u16(3), DlmsData.u16(4)), DlmsData.octetsHex("")));
        GbcsCodec codec = new GbcsCodec();
        DlmsData log = CompactRows.of(rows.get(0), rows);
        assertThat(codec.decodeData(codec.encodeData(log))).isEqualTo(log);
        assertThat(codec.decodeData(codec.encodeData(CompactRows.of(rows.get(0), List.of())))
                        .elements())
                .isEmpty();
    }
}
