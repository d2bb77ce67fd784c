package org.postern.simulator.devices;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.postern.gbcs.DlmsData;
import org.postern.simulator.devices.CosemValues.Rule;

/**
 * Logs of energy. An entry of a half-hour or a day has the time of its beginning and is there once it is over; an entry
 * of registers has the time of the reading. Every log keeps its newest entries only, as many as SMETS gives it.
 */
final class LogValues {

    static final int HALF_HOURS = 19_056;
    static final int SHORT_HALF_HOURS = 4_464;
    static final int DAYS = 731;
    static final int READS = 31;
    static final int BILLS = 12;
    private static final int SECONDARY_PERIODS = 4;
    private static final int NEWS_MONTHS = 6;
    private static final int NEWS_FIRST_MONTH = 4;

    private LogValues() {}

    static void register(Map<String, Rule> rules, CosemValues values) {
        rules.put(
                "half-hours",
                (ask, a) -> slots(
                        ask,
                        HALF_HOURS,
                        EnergyValues.twin(ask)
                                ? List.of(ask.uses().primary(), ask.uses().secondary())
                                : List.of(ask.uses().primary())));
        rules.put(
                "half-hours-export",
                (ask, a) -> slots(
                        ask,
                        SHORT_HALF_HOURS,
                        List.of(ask.uses().export(), ask.uses().reactiveExport())));
        rules.put(
                "half-hours-reactive",
                (ask, a) -> slots(ask, SHORT_HALF_HOURS, List.of(ask.uses().reactive())));
        rules.put("days", (ask, a) -> days(ask));
        rules.put("daily-export", (ask, a) -> dailyExport(ask));
        rules.put("daily", (ask, a) -> rows(ask, values, midnights(ask, READS, d -> true)));
        rules.put(
                "billing",
                (ask, a) -> rows(ask, values, midnights(ask, BILLS, ElectricityState.billingDay(ask, values))));
    }

    /** One row of numbers, the first of them the time. */
    static DlmsData row(Instant time, long... numbers) {
        List<DlmsData> cells = new ArrayList<>(List.of(DlmsData.u32(Ask.seconds(time))));
        LongStream.of(numbers).forEach(n -> cells.add(DlmsData.u32(n)));
        return new DlmsData.Structure(cells);
    }

    /** Beginnings of whole half-hours or days in the period, the newest of them at most as many. */
    private static List<Instant> steps(Ask ask, int seconds, int most) {
        long last = Math.floorDiv(ask.now().getEpochSecond(), seconds) - 1;
        long first = Math.max(last - most + 1, Series.START.getEpochSecond() / seconds);
        List<Instant> times = new ArrayList<>();
        for (long i = first; i <= last; i++) {
            Instant begin = Instant.ofEpochSecond(i * seconds);
            if (ask.wants(begin)) {
                times.add(begin);
            }
        }
        return times;
    }

    private static DlmsData slots(Ask ask, int most, List<Series> columns) {
        List<DlmsData> rows = new ArrayList<>();
        long day = Long.MIN_VALUE;
        List<long[]> amounts = List.of();
        for (Instant begin : steps(ask, Series.SLOT_SECONDS, most)) {
            if (Series.dayOf(begin) != day) {
                long today = Series.dayOf(begin);
                day = today;
                amounts = columns.stream().map(s -> s.slots(today)).toList();
            }
            int slot = Series.slotOf(begin);
            rows.add(row(begin, amounts.stream().mapToLong(a -> a[slot]).toArray()));
        }
        return CompactRows.of(row(Series.START, new long[columns.size()]), rows);
    }

    private static DlmsData days(Ask ask) {
        return CompactRows.of(
                row(Series.START, 0),
                steps(ask, Series.DAY_SECONDS, DAYS).stream()
                        .map(begin -> row(begin, ask.uses().primary().day(Series.dayOf(begin))))
                        .toList());
    }

    private static DlmsData dailyExport(Ask ask) {
        return CompactRows.of(
                row(Series.START, 0),
                midnights(ask, READS, d -> true).stream()
                        .map(time -> row(time, ask.uses().export().at(time)))
                        .toList());
    }

    /** Midnights of such days in the period, the newest of them at most as many, the oldest first. */
    static List<Instant> midnights(Ask ask, int most, Predicate<LocalDate> which) {
        List<Instant> times = new ArrayList<>();
        int found = 0;
        for (long day = Series.dayOf(ask.now()); day > 0 && found < most; day--) {
            Instant time = Series.midnight(day);
            if (which.test(time.atZone(ZoneOffset.UTC).toLocalDate())) {
                found++;
                if (ask.wants(time)) {
                    times.add(0, time);
                }
            }
        }
        return times;
    }

    /**
     * Instants of a change of payment mode or tariff: prices change twice a year, and whenever a command brought a
     * tariff.
     */
    static List<Instant> tariffChanges(Ask ask) {
        Predicate<LocalDate> news = d -> d.getDayOfMonth() == 1 && d.getMonthValue() % NEWS_MONTHS == NEWS_FIRST_MONTH;
        List<Instant> times = new ArrayList<>(midnights(ask.during(Instant.MIN, Instant.MAX), BILLS, news));
        ask.state().tariffs(0).stream()
                .skip(1)
                .map(Tally.Tariff::from)
                .filter(t -> !t.isAfter(ask.now()))
                .forEach(times::add);
        times.sort(null);
        return times.subList(Math.max(0, times.size() - BILLS), times.size()).stream()
                .distinct()
                .filter(ask::wants)
                .toList();
    }

    private static DlmsData rows(Ask ask, CosemValues values, List<Instant> times) {
        return CompactRows.of(registers(ask, values, List.of(Series.START)).get(0), registers(ask, values, times));
    }

    /** Rows of time, total, on a twin meter second total, periods, on a twin meter second periods, four blocks. */
    static List<DlmsData> registers(Ask ask, CosemValues values, List<Instant> times) {
        boolean twin = EnergyValues.twin(ask);
        List<Tally.Registers> first = ask.state().tally(ask, values, 0).at(times);
        List<Tally.Registers> second = twin ? ask.state().tally(ask, values, 1).at(times) : List.of();
        List<DlmsData> rows = new ArrayList<>();
        for (int i = 0; i < times.size(); i++) {
            Tally.Registers one = first.get(i);
            List<DlmsData> cells =
                    new ArrayList<>(List.of(DlmsData.u32(Ask.seconds(one.time())), DlmsData.u32(one.total())));
            if (twin) {
                cells.add(DlmsData.u32(second.get(i).total()));
            }
            cells.add(EnergyValues.list(LongStream.of(one.periods())));
            if (twin) {
                cells.add(
                        EnergyValues.list(LongStream.of(second.get(i).periods()).limit(SECONDARY_PERIODS)));
            }
            for (long[] block : one.blocks()) {
                cells.add(EnergyValues.list(LongStream.of(block)));
            }
            rows.add(new DlmsData.Structure(cells));
        }
        return rows;
    }
}
