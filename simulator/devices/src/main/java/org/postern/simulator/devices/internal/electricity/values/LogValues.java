package org.postern.simulator.devices.internal.electricity.values;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postern.gbcs.DlmsData;
import org.postern.simulator.devices.internal.dlms.CompactRows;
import org.postern.simulator.devices.internal.electricity.ElectricityRead;
import org.postern.simulator.devices.internal.measure.Series;

/**
 * Logs of energy. An entry of a half-hour or a day has the time of its beginning and is there once it is over; an entry
 * of registers has the time of the reading. Every log has its newest entries only, as many as SMETS requires.
 */
final class LogValues {

    static final int HALF_HOURS = 19_056;
    static final int SHORT_HALF_HOURS = 4_464;
    static final int DAYS = 731;

    private LogValues() {}

    /** The rules of this part, by the names that the table uses. */
    static Map<String, ValueRule> rules() {
        Map<String, ValueRule> rules = new HashMap<>();
        rules.put(
                "half-hours",
                (read, a) -> slots(
                        read,
                        HALF_HOURS,
                        read.twin()
                                ? List.of(read.uses().primary(), read.uses().secondary())
                                : List.of(read.uses().primary())));
        rules.put(
                "half-hours-export",
                (read, a) -> slots(
                        read,
                        SHORT_HALF_HOURS,
                        List.of(read.uses().export(), read.uses().reactiveExport())));
        rules.put(
                "half-hours-reactive",
                (read, a) -> slots(read, SHORT_HALF_HOURS, List.of(read.uses().reactive())));
        rules.put("days", (read, a) -> days(read));
        rules.put("daily-export", (read, a) -> dailyExport(read));
        rules.put("daily", (read, a) -> rows(read, LogRows.midnights(read, LogRows.READS, d -> true)));
        rules.put(
                "billing",
                (read, a) -> rows(
                        read,
                        LogRows.midnights(read, LogRows.BILLS, read.settings().billingDay())));
        return rules;
    }

    /** Beginnings of whole half-hours or days in the period, the newest of them at most as many. */
    private static List<Instant> steps(ElectricityRead read, int seconds, int max) {
        long last = Math.floorDiv(read.now().getEpochSecond(), seconds) - 1;
        long first = Math.max(last - max + 1, Series.START.getEpochSecond() / seconds);
        List<Instant> times = new ArrayList<>();
        for (long i = first; i <= last; i++) {
            Instant begin = Instant.ofEpochSecond(i * seconds);
            if (read.wants(begin)) {
                times.add(begin);
            }
        }
        return times;
    }

    private static DlmsData slots(ElectricityRead read, int max, List<Series> columns) {
        List<DlmsData> rows = new ArrayList<>();
        long day = Long.MIN_VALUE;
        List<long[]> amounts = List.of();
        for (Instant begin : steps(read, Series.SLOT_SECONDS, max)) {
            if (Series.dayOf(begin) != day) {
                long today = Series.dayOf(begin);
                day = today;
                amounts = columns.stream().map(s -> s.slots(today)).toList();
            }
            int slot = Series.slotOf(begin);
            rows.add(LogRows.row(begin, amounts.stream().mapToLong(a -> a[slot]).toArray()));
        }
        return CompactRows.of(LogRows.row(Series.START, new long[columns.size()]), rows);
    }

    private static DlmsData days(ElectricityRead read) {
        return CompactRows.of(
                LogRows.row(Series.START, 0),
                steps(read, Series.DAY_SECONDS, DAYS).stream()
                        .map(begin -> LogRows.row(begin, read.uses().primary().day(Series.dayOf(begin))))
                        .toList());
    }

    private static DlmsData dailyExport(ElectricityRead read) {
        return CompactRows.of(
                LogRows.row(Series.START, 0),
                LogRows.midnights(read, LogRows.READS, d -> true).stream()
                        .map(time -> LogRows.row(time, read.uses().export().at(time)))
                        .toList());
    }

    private static DlmsData rows(ElectricityRead read, List<Instant> times) {
        return CompactRows.of(LogRows.registers(read, List.of(Series.START)).get(0), LogRows.registers(read, times));
    }
}
