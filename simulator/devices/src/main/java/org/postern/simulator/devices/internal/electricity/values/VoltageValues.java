package org.postern.simulator.devices.internal.electricity.values;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.postern.gbcs.DlmsData;
import org.postern.simulator.devices.internal.dlms.CompactRows;
import org.postern.simulator.devices.internal.electricity.CosemSettings;
import org.postern.simulator.devices.internal.electricity.ElectricityRead;
import org.postern.simulator.devices.internal.measure.SeededRandom;
import org.postern.simulator.devices.internal.measure.Series;

/**
 * Average voltages of one phase, in V: near 240, lower in the evening, and once in a while beyond the limits. Counters
 * go by the same averages as the log, from the last reset on.
 */
final class VoltageValues {

    private static final int ENTRIES = 4_320;
    private static final int NOMINAL = 241;
    private static final int SPREAD = 7;
    private static final int EVENING_DROP = 4;
    private static final int EVENING_BEGINS = 34;
    private static final int EVENING_ENDS = 42;
    /** One average in so many is far off. */
    private static final int RARE = 900;

    private static final int FAR_OFF = 28;

    private VoltageValues() {}

    /** The rules of this part, by the names that the table uses. */
    static Map<String, ValueRule> rules() {
        Map<String, ValueRule> rules = new HashMap<>();
        rules.put("voltages", (read, phase) -> log(read, Integer.parseInt(phase)));
        rules.put("voltage-over", (read, phase) -> {
            long limit = read.settings().overVoltage(Integer.parseInt(phase));
            return count(read, phase, 36, v -> v > limit);
        });
        rules.put("voltage-under", (read, phase) -> {
            long limit = read.settings().underVoltage(Integer.parseInt(phase));
            return count(read, phase, 32, v -> v < limit);
        });
        return rules;
    }

    /** The average that begins at the instant. */
    private static long average(ElectricityRead read, int phase, Instant begin) {
        long seed = SeededRandom.seed(read.uses().seed(), phase);
        long place = begin.getEpochSecond();
        int slot = Series.slotOf(begin);
        long volts = (long) NOMINAL
                - SPREAD
                + SeededRandom.below(seed, place, 2 * SPREAD + 1)
                - (slot >= EVENING_BEGINS && slot < EVENING_ENDS ? EVENING_DROP : 0);
        return switch (SeededRandom.below(seed, ~place, RARE)) {
            case 0 -> volts + FAR_OFF;
            case 1 -> volts - FAR_OFF;
            default -> volts;
        };
    }

    private static DlmsData log(ElectricityRead read, int phase) {
        long period = read.settings().voltagePeriod(phase);
        long last = Math.floorDiv(read.now().getEpochSecond(), period) - 1;
        List<DlmsData> rows = new ArrayList<>();
        for (long i = Math.max(last - ENTRIES + 1, Series.START.getEpochSecond() / period); i <= last; i++) {
            Instant begin = Instant.ofEpochSecond(i * period);
            if (read.wants(begin)) {
                rows.add(LogRows.row(begin, average(read, phase, begin)));
            }
        }
        return CompactRows.of(LogRows.row(Series.START, 0), rows);
    }

    private static DlmsData count(ElectricityRead read, String phase, int object, LongPredicate beyond) {
        int number = Integer.parseInt(phase);
        long period = read.settings().voltagePeriod(number);
        Instant since = read.state()
                .reset("3/1-0:" + CosemSettings.field(number) + "." + object + ".0.4")
                .orElse(Series.START);
        long count = 0;
        for (long i = -Math.floorDiv(-since.getEpochSecond(), period);
                (i + 1) * period <= read.now().getEpochSecond();
                i++) {
            count += beyond.test(average(read, number, Instant.ofEpochSecond(i * period))) ? 1 : 0;
        }
        return DlmsData.u32(count);
    }
}
