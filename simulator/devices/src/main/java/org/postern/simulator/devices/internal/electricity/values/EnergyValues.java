package org.postern.simulator.devices.internal.electricity.values;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsDateTime;
import org.postern.simulator.devices.internal.electricity.ElectricityRead;
import org.postern.simulator.devices.internal.measure.Series;
import org.postern.simulator.devices.internal.tariff.TariffRegisters;

/** Registers, power, maximum demand and the price of now. */
final class EnergyValues {

    private static final int WATT_HOURS = 30;
    private static final int VAR_HOURS = 32;
    private static final int WATTS = 27;
    private static final int SECONDARY_PERIODS = 4;
    private static final int FIRST_BLOCK_PRICE = 0xA;
    /** Where no reset was asked for, the maximum demand of the month. */
    private static final int DEMAND_MONTH_DAY = 1;

    /** The highest half-hour: average power in W, and the end of the half-hour. */
    private record Demand(long watts, Instant time) {}

    private EnergyValues() {}

    /** The rules of this part, by the names that the table uses. */
    static Map<String, ValueRule> rules() {
        Map<String, ValueRule> rules = new HashMap<>();
        rules.put("import", (read, a) -> importRegisters(read));
        rules.put("power", (read, a) -> power(read));
        rules.put("export", (read, a) -> DlmsData.u32(read.uses().export().at(read.now())));
        rules.put(
                "reactive-export",
                (read, a) -> DlmsData.u32(read.uses().reactiveExport().at(read.now())));
        rules.put("demand", (read, a) -> DlmsData.u32(demand(read, a).watts()));
        rules.put(
                "demand-time",
                (read, a) -> DlmsData.date(DlmsDateTime.of(demand(read, a).time(), false)));
        rules.put("reset", (read, a) -> DlmsData.date(DlmsDateTime.of(resetTime(read, a), false)));
        rules.put("periods", (read, a) -> periods(read));
        rules.put("blocks", (read, a) -> DlmsData.structure(blocks(read)));
        rules.put("price", (read, a) -> DlmsData.u32(price(read, 0)));
        rules.put("price-secondary", (read, a) -> DlmsData.u32(price(read, 1)));
        return rules;
    }

    private static DlmsData unit(int unit) {
        return DlmsData.structure(DlmsData.i8(0), DlmsData.enumeration(unit));
    }

    /** Active import with its scale and unit, reactive import with its own, and on a twin meter the second element. */
    private static DlmsData importRegisters(ElectricityRead read) {
        List<DlmsData> registers = new ArrayList<>(List.of(
                DlmsData.u32(read.uses().primary().at(read.now())),
                unit(WATT_HOURS),
                DlmsData.u32(read.uses().reactive().at(read.now())),
                unit(VAR_HOURS)));
        if (read.twin()) {
            registers.add(DlmsData.u32(read.uses().secondary().at(read.now())));
        }
        return new DlmsData.Structure(registers);
    }

    /** Average power of the half-hour that the instant is in, in W. */
    private static long watts(Series series, Instant time) {
        return series.slot(time) * 3600 / Series.SLOT_SECONDS;
    }

    /** Power of both elements, and of the primary one. */
    private static DlmsData power(ElectricityRead read) {
        long primary = watts(read.uses().primary(), read.now());
        long all = primary + (read.twin() ? watts(read.uses().secondary(), read.now()) : 0);
        return DlmsData.structure(DlmsData.u32(all), unit(WATTS), DlmsData.u32(primary));
    }

    private static DlmsData periods(ElectricityRead read) {
        List<DlmsData> registers = new ArrayList<>();
        registers.add(
                LogRows.numbers(LongStream.of(read.registers(0).at(read.now()).periods())));
        if (read.twin()) {
            registers.add(LogRows.numbers(
                    LongStream.of(read.registers(1).at(read.now()).periods()).limit(SECONDARY_PERIODS)));
        }
        return new DlmsData.Structure(registers);
    }

    /** For each block eight registers, then eight counters. */
    private static DlmsData blocks(ElectricityRead read) {
        TariffRegisters.Reading now = read.registers(0).at(read.now());
        List<DlmsData> all = new ArrayList<>();
        for (int block = 0; block < TariffRegisters.BLOCKS; block++) {
            all.addAll(LogRows.numbers(LongStream.of(now.blocks()[block])).elements());
            all.addAll(LogRows.numbers(LongStream.of(now.counters()[block])).elements());
        }
        return new DlmsData.Array(all);
    }

    private static Instant resetTime(ElectricityRead read, String target) {
        return read.state()
                .reset(target)
                .orElseGet(() -> read.now()
                        .atZone(ZoneOffset.UTC)
                        .toLocalDate()
                        .withDayOfMonth(DEMAND_MONTH_DAY)
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant());
    }

    /** Which half-hours count, by the beginning of each. */
    private static Demand demand(ElectricityRead read, String which) {
        Series series =
                which.equals("export") ? read.uses().export() : read.uses().primary();
        Instant since = resetTime(
                read,
                which.equals("export")
                        ? "4/1-0:2.6.0.255"
                        : which.equals("import") ? "4/1-0:1.6.0.255" : "4/1-0:1.6.1.255");
        Predicate<LocalTime> counts = which.equals("import-window") ? window(read) : t -> true;
        Demand max = new Demand(0, since);
        Instant first = since.minusSeconds(Math.floorMod(since.getEpochSecond(), (long) Series.SLOT_SECONDS));
        for (Instant begin = first;
                !begin.plusSeconds(Series.SLOT_SECONDS).isAfter(read.now());
                begin = begin.plusSeconds(Series.SLOT_SECONDS)) {
            long watts = begin.isBefore(since)
                            || !counts.test(begin.atZone(ZoneOffset.UTC).toLocalTime())
                    ? 0
                    : watts(series, begin);
            if (watts > max.watts()) {
                max = new Demand(watts, begin.plusSeconds(Series.SLOT_SECONDS));
            }
        }
        return max;
    }

    /** From the switching time of selector 1 to that of selector 2, over midnight where that is earlier. */
    private static Predicate<LocalTime> window(ElectricityRead read) {
        LocalTime[] ends = {LocalTime.MIDNIGHT, LocalTime.MIDNIGHT};
        for (DlmsData entry : read.settings().demandWindow()) {
            Bytes time = entry.at(4).asBytes();
            ends[entry.at(3).asLong() == 1 ? 0 : 1] = LocalTime.of(time.at(0), time.at(1), time.at(2));
        }
        return t -> ends[0].isBefore(ends[1])
                ? !t.isBefore(ends[0]) && t.isBefore(ends[1])
                : !t.isBefore(ends[0]) || t.isBefore(ends[1]);
    }

    /** The price of the register that counts now, from the table of charges. */
    private static long price(ElectricityRead read, int element) {
        List<TariffRegisters.Tariff> tariffs = read.state().tariffs(element);
        TariffRegisters.Tariff tariff = tariffs.get(tariffs.size() - 1);
        int action = tariff.table().action(read.now());
        int index = action;
        if (action > TariffRegisters.BLOCK_ACTION) {
            int column = action - TariffRegisters.BLOCK_ACTION;
            index = (FIRST_BLOCK_PRICE + read.registers(element).at(read.now()).block(column - 1, tariff.thresholds()))
                            << 4
                    | column;
        }
        for (DlmsData charge : read.settings().charges(element)) {
            if (charge.at(0).asBytes().at(0) == index) {
                return Math.max(0, charge.at(1).asLong());
            }
        }
        return 0;
    }
}
