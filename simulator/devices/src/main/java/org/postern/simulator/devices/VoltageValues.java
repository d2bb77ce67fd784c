package org.postern.simulator.devices;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.postern.gbcs.DlmsData;
import org.postern.simulator.devices.CosemValues.Rule;

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
    private static final int[] FIRST_FIELD = {32, 52, 72};

    private VoltageValues() {}

    static void register(Map<String, Rule> rules, CosemValues values) {
        rules.put("voltages", (ask, phase) -> log(ask, values, Integer.parseInt(phase)));
        rules.put("voltage-over", (ask, phase) -> {
            long limit = values.get(ask, "1/1-0:" + field(phase) + ".35.0.4/2").asLong();
            return count(ask, values, phase, 36, v -> v > limit);
        });
        rules.put("voltage-under", (ask, phase) -> {
            long limit = values.get(ask, "1/1-0:" + field(phase) + ".31.0.4/2").asLong();
            return count(ask, values, phase, 32, v -> v < limit);
        });
    }

    private static int field(String phase) {
        return FIRST_FIELD[Integer.parseInt(phase) - 1];
    }

    /** Seconds over which an average is taken. */
    private static long period(Ask ask, CosemValues values, int phase) {
        return Math.max(
                60,
                values.get(ask, "7/1-0:" + FIRST_FIELD[phase - 1] + ".24.0.255/4")
                        .asLong());
    }

    /** The average that begins at the instant. */
    private static long average(Ask ask, int phase, Instant begin) {
        long seed = Dice.seed(ask.uses().seed(), phase);
        long place = begin.getEpochSecond();
        int slot = Series.slotOf(begin);
        long volts = NOMINAL
                - SPREAD
                + Dice.below(seed, place, 2 * SPREAD + 1)
                - (slot >= EVENING_BEGINS && slot < EVENING_ENDS ? EVENING_DROP : 0);
        return switch (Dice.below(seed, ~place, RARE)) {
            case 0 -> volts + FAR_OFF;
            case 1 -> volts - FAR_OFF;
            default -> volts;
        };
    }

    private static DlmsData log(Ask ask, CosemValues values, int phase) {
        long period = period(ask, values, phase);
        long last = Math.floorDiv(ask.now().getEpochSecond(), period) - 1;
        List<DlmsData> rows = new ArrayList<>();
        for (long i = Math.max(last - ENTRIES + 1, Series.START.getEpochSecond() / period); i <= last; i++) {
            Instant begin = Instant.ofEpochSecond(i * period);
            if (ask.wants(begin)) {
                rows.add(LogValues.row(begin, average(ask, phase, begin)));
            }
        }
        return CompactRows.of(LogValues.row(Series.START, 0), rows);
    }

    private static DlmsData count(Ask ask, CosemValues values, String phase, int object, LongPredicate beyond) {
        int number = Integer.parseInt(phase);
        long period = period(ask, values, number);
        Instant since = ask.state()
                .reset("3/1-0:" + field(phase) + "." + object + ".0.4")
                .orElse(Series.START);
        long count = 0;
        for (long i = -Math.floorDiv(-since.getEpochSecond(), period);
                (i + 1) * period <= ask.now().getEpochSecond();
                i++) {
            count += beyond.test(average(ask, number, Instant.ofEpochSecond(i * period))) ? 1 : 0;
        }
        return DlmsData.u32(count);
    }
}
