package org.postern.simulator.devices;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsDateTime;
import org.postern.inventory.DeviceFacts;
import org.postern.simulator.devices.CosemValues.Rule;

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

    static void register(Map<String, Rule> rules, CosemValues values) {
        rules.put("import", (ask, a) -> importRegisters(ask));
        rules.put("power", (ask, a) -> power(ask));
        rules.put("export", (ask, a) -> DlmsData.u32(ask.uses().export().at(ask.now())));
        rules.put(
                "reactive-export",
                (ask, a) -> DlmsData.u32(ask.uses().reactiveExport().at(ask.now())));
        rules.put("demand", (ask, a) -> DlmsData.u32(demand(ask, values, a).watts()));
        rules.put(
                "demand-time",
                (ask, a) -> DlmsData.date(DlmsDateTime.of(demand(ask, values, a).time(), false)));
        rules.put("reset", (ask, a) -> DlmsData.date(DlmsDateTime.of(resetTime(ask, a), false)));
        rules.put("periods", (ask, a) -> periods(ask, values));
        rules.put("blocks", (ask, a) -> DlmsData.structure(blocks(ask, values)));
        rules.put("price", (ask, a) -> DlmsData.u32(price(ask, values, 0, "113/0-0:19.20.0.255/5")));
        rules.put("price-secondary", (ask, a) -> DlmsData.u32(price(ask, values, 1, "113/0-0:19.20.5.255/5")));
    }

    static boolean twin(Ask ask) {
        return ask.meter().device().variant() == DeviceFacts.Variant.TWIN;
    }

    private static DlmsData unit(int unit) {
        return DlmsData.structure(DlmsData.i8(0), DlmsData.enumeration(unit));
    }

    /** Active import with its scale and unit, reactive import with its own, and on a twin meter the second element. */
    private static DlmsData importRegisters(Ask ask) {
        List<DlmsData> registers = new ArrayList<>(List.of(
                DlmsData.u32(ask.uses().primary().at(ask.now())),
                unit(WATT_HOURS),
                DlmsData.u32(ask.uses().reactive().at(ask.now())),
                unit(VAR_HOURS)));
        if (twin(ask)) {
            registers.add(DlmsData.u32(ask.uses().secondary().at(ask.now())));
        }
        return new DlmsData.Structure(registers);
    }

    /** Average power of the half-hour that the instant is in, in W. */
    private static long watts(Series series, Instant time) {
        return series.slot(time) * 3600 / Series.SLOT_SECONDS;
    }

    /** Power of both elements, and of the primary one. */
    private static DlmsData power(Ask ask) {
        long primary = watts(ask.uses().primary(), ask.now());
        long all = primary + (twin(ask) ? watts(ask.uses().secondary(), ask.now()) : 0);
        return DlmsData.structure(DlmsData.u32(all), unit(WATTS), DlmsData.u32(primary));
    }

    static DlmsData list(LongStream values) {
        return new DlmsData.Array(values.mapToObj(DlmsData::u32).toList());
    }

    private static DlmsData periods(Ask ask, CosemValues values) {
        List<DlmsData> registers = new ArrayList<>();
        registers.add(list(
                LongStream.of(ask.state().tally(ask, values, 0).at(ask.now()).periods())));
        if (twin(ask)) {
            registers.add(list(LongStream.of(
                            ask.state().tally(ask, values, 1).at(ask.now()).periods())
                    .limit(SECONDARY_PERIODS)));
        }
        return new DlmsData.Structure(registers);
    }

    /** For each block eight registers, then eight counters. */
    private static DlmsData blocks(Ask ask, CosemValues values) {
        Tally.Registers now = ask.state().tally(ask, values, 0).at(ask.now());
        List<DlmsData> all = new ArrayList<>();
        for (int block = 0; block < Tally.BLOCKS; block++) {
            all.addAll(list(LongStream.of(now.blocks()[block])).elements());
            all.addAll(list(LongStream.of(now.counters()[block])).elements());
        }
        return new DlmsData.Array(all);
    }

    private static Instant resetTime(Ask ask, String target) {
        return ask.state()
                .reset(target)
                .orElseGet(() -> ask.now()
                        .atZone(ZoneOffset.UTC)
                        .toLocalDate()
                        .withDayOfMonth(DEMAND_MONTH_DAY)
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant());
    }

    /** Which half-hours count, by the beginning of each. */
    private static Demand demand(Ask ask, CosemValues values, String which) {
        Series series =
                which.equals("export") ? ask.uses().export() : ask.uses().primary();
        Instant since = resetTime(
                ask,
                which.equals("export")
                        ? "4/1-0:2.6.0.255"
                        : which.equals("import") ? "4/1-0:1.6.0.255" : "4/1-0:1.6.1.255");
        Predicate<LocalTime> counts = which.equals("import-window") ? window(ask, values) : t -> true;
        Demand most = new Demand(0, since);
        Instant first = since.minusSeconds(Math.floorMod(since.getEpochSecond(), (long) Series.SLOT_SECONDS));
        for (Instant begin = first;
                !begin.plusSeconds(Series.SLOT_SECONDS).isAfter(ask.now());
                begin = begin.plusSeconds(Series.SLOT_SECONDS)) {
            long watts = begin.isBefore(since)
                            || !counts.test(begin.atZone(ZoneOffset.UTC).toLocalTime())
                    ? 0
                    : watts(series, begin);
            if (watts > most.watts()) {
                most = new Demand(watts, begin.plusSeconds(Series.SLOT_SECONDS));
            }
        }
        return most;
    }

    /** From the switching time of selector 1 to that of selector 2, over midnight where that is earlier. */
    private static Predicate<LocalTime> window(Ask ask, CosemValues values) {
        LocalTime[] ends = {LocalTime.MIDNIGHT, LocalTime.MIDNIGHT};
        for (DlmsData entry : values.list(ask, "10/0-0:12.0.0.255/2")) {
            Bytes time = entry.at(4).asBytes();
            ends[entry.at(3).asLong() == 1 ? 0 : 1] = LocalTime.of(time.at(0), time.at(1), time.at(2));
        }
        return t -> ends[0].isBefore(ends[1])
                ? !t.isBefore(ends[0]) && t.isBefore(ends[1])
                : !t.isBefore(ends[0]) || t.isBefore(ends[1]);
    }

    /** The price of the register that counts now, from the table of charges. */
    private static long price(Ask ask, CosemValues values, int element, String charges) {
        List<Tally.Tariff> tariffs = ask.state().tariffs(element);
        Tally.Tariff tariff = tariffs.get(tariffs.size() - 1);
        int action = tariff.table().action(ask.now());
        int index = action;
        if (action > Tally.BLOCK_ACTION) {
            int column = action - Tally.BLOCK_ACTION;
            index = (FIRST_BLOCK_PRICE
                                    + ask.state()
                                            .tally(ask, values, element)
                                            .at(ask.now())
                                            .block(column - 1, tariff.thresholds()))
                            << 4
                    | column;
        }
        for (DlmsData charge : values.get(ask, charges).at(2).elements()) {
            if (charge.at(0).asBytes().at(0) == index) {
                return Math.max(0, charge.at(1).asLong());
            }
        }
        return 0;
    }
}
