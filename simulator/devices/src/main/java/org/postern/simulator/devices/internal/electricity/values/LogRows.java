package org.postern.simulator.devices.internal.electricity.values;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.postern.gbcs.DlmsData;
import org.postern.simulator.devices.internal.electricity.ElectricityRead;
import org.postern.simulator.devices.internal.measure.Series;
import org.postern.simulator.devices.internal.tariff.TariffRegisters;

/** Rows that the logs of a COSEM device have in common, and the times at which they are written. */
final class LogRows {

    static final int READS = 31;
    static final int BILLS = 12;
    private static final int SECONDARY_PERIODS = 4;
    private static final int NEWS_MONTHS = 6;
    private static final int NEWS_FIRST_MONTH = 4;

    private LogRows() {}

    /** One row of numbers, the first of them the time. */
    static DlmsData row(Instant time, long... numbers) {
        List<DlmsData> cells = new ArrayList<>(List.of(DlmsData.u32(ElectricityRead.seconds(time))));
        LongStream.of(numbers).forEach(n -> cells.add(DlmsData.u32(n)));
        return new DlmsData.Structure(cells);
    }

    /** Numbers as an array. */
    static DlmsData numbers(LongStream values) {
        return new DlmsData.Array(values.mapToObj(DlmsData::u32).toList());
    }

    /** Midnights of such days in the period, the newest of them at most as many, the oldest first. */
    static List<Instant> midnights(ElectricityRead read, int max, Predicate<LocalDate> which) {
        List<Instant> times = new ArrayList<>();
        int found = 0;
        for (long day = Series.dayOf(read.now()); day > 0 && found < max; day--) {
            Instant time = Series.midnight(day);
            if (which.test(time.atZone(ZoneOffset.UTC).toLocalDate())) {
                found++;
                if (read.wants(time)) {
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
    static List<Instant> tariffChanges(ElectricityRead read) {
        Predicate<LocalDate> news = d -> d.getDayOfMonth() == 1 && d.getMonthValue() % NEWS_MONTHS == NEWS_FIRST_MONTH;
        List<Instant> times = new ArrayList<>(midnights(read.during(Instant.MIN, Instant.MAX), BILLS, news));
        read.state().tariffs(0).stream()
                .skip(1)
                .map(TariffRegisters.Tariff::from)
                .filter(t -> !t.isAfter(read.now()))
                .forEach(times::add);
        times.sort(null);
        return times.subList(Math.max(0, times.size() - BILLS), times.size()).stream()
                .distinct()
                .filter(read::wants)
                .toList();
    }

    /** Rows of time, total, on a twin meter second total, periods, on a twin meter second periods, four blocks. */
    static List<DlmsData> registers(ElectricityRead read, List<Instant> times) {
        boolean twin = read.twin();
        List<TariffRegisters.Reading> first = read.registers(0).at(times);
        List<TariffRegisters.Reading> second = twin ? read.registers(1).at(times) : List.of();
        List<DlmsData> rows = new ArrayList<>();
        for (int i = 0; i < times.size(); i++) {
            TariffRegisters.Reading one = first.get(i);
            List<DlmsData> cells = new ArrayList<>(
                    List.of(DlmsData.u32(ElectricityRead.seconds(one.time())), DlmsData.u32(one.total())));
            if (twin) {
                cells.add(DlmsData.u32(second.get(i).total()));
            }
            cells.add(numbers(LongStream.of(one.periods())));
            if (twin) {
                cells.add(numbers(LongStream.of(second.get(i).periods()).limit(SECONDARY_PERIODS)));
            }
            for (long[] block : one.blocks()) {
                cells.add(numbers(LongStream.of(block)));
            }
            rows.add(new DlmsData.Structure(cells));
        }
        return rows;
    }
}
