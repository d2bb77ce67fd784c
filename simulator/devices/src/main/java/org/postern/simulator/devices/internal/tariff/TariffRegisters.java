package org.postern.simulator.devices.internal.tariff;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.postern.simulator.devices.internal.measure.Series;

/**
 * Shares a series out among the registers of a tariff: time-of-use registers, and registers of consumption blocks for
 * each of their columns. Every unit goes to exactly one register, so that all of them together are the total at any
 * instant.
 */
public final class TariffRegisters {

    static final int PERIODS = 48;
    public static final int BLOCKS = 4;
    public static final int COLUMNS = 8;
    /** Actions from here on are block actions: this and the column from 1. */
    public static final int BLOCK_ACTION = 100;

    /**
     * A tariff.
     *
     * @param from from when on it is in force
     * @param table its calendar; actions 1 to 48 are time-of-use registers, 101 to 108 columns of blocks
     * @param thresholds of each column, where the next block begins; up to three
     */
    public record Tariff(Instant from, SwitchingTable table, long[][] thresholds) {}

    /**
     * All registers at one instant.
     *
     * @param total the series itself
     * @param periods 48 time-of-use registers
     * @param blocks registers by block and column
     * @param counters what the blocks took since the last reset
     */
    public record Reading(Instant time, long total, long[] periods, long[][] blocks, long[][] counters) {

        private Reading copy(Instant at, long sum) {
            return new Reading(at, sum, periods.clone(), clone(blocks), clone(counters));
        }

        private static long[][] clone(long[][] matrix) {
            long[][] copy = new long[matrix.length][];
            for (int i = 0; i < matrix.length; i++) {
                copy[i] = matrix[i].clone();
            }
            return copy;
        }

        /** The block that the column's next unit goes to, from 0. */
        public int block(int column, long[][] thresholds) {
            long used = 0;
            for (long[] block : counters) {
                used += block[column];
            }
            int block = 0;
            while (block < BLOCKS - 1 && block < thresholds[column].length && used >= thresholds[column][block]) {
                block++;
            }
            return block;
        }

        private void add(int action, long amount, long[][] thresholds) {
            if (action <= BLOCK_ACTION) {
                periods[Math.max(1, Math.min(PERIODS, action)) - 1] += amount;
                return;
            }
            int column = Math.min(COLUMNS, action - BLOCK_ACTION) - 1;
            int block = block(column, thresholds);
            blocks[block][column] += amount;
            counters[block][column] += amount;
        }
    }

    private final Series series;
    private final List<Tariff> tariffs;
    private final Predicate<LocalDate> resetDay;
    private final List<Instant> resets;
    private Walk walk;

    /**
     * @param tariffs in order of time, the first from the start
     * @param resetDay days at whose beginning the block counters go to zero
     * @param resets other instants at which they do
     */
    public TariffRegisters(Series series, List<Tariff> tariffs, Predicate<LocalDate> resetDay, List<Instant> resets) {
        this.series = series;
        this.tariffs = tariffs;
        this.resetDay = resetDay;
        this.resets = resets;
    }

    /** The registers at one instant. */
    public Reading at(Instant time) {
        return at(List.of(time)).get(0);
    }

    /**
     * The registers at each of the instants, which are in order of time. Goes on from where it was where that is not
     * too late.
     */
    public synchronized List<Reading> at(List<Instant> times) {
        List<Reading> found = new ArrayList<>();
        if (walk == null || !times.isEmpty() && times.get(0).isBefore(walk.begin())) {
            walk = new Walk();
        }
        for (Instant time : times) {
            while (!walk.end().isAfter(time)) {
                walk.wholeSlot();
            }
            found.add(walk.registers(time));
        }
        return found;
    }

    /** From half-hour to half-hour, with the registers at the beginning of the present one. */
    private final class Walk {

        private final Reading registers =
                new Reading(Series.START, 0, new long[PERIODS], new long[BLOCKS][COLUMNS], new long[BLOCKS][COLUMNS]);
        private long day;
        private int slot;
        private int tariff;
        private int reset;
        private long[] amounts = series.slots(0);
        private int[] actions;

        Walk() {
            actions = tariffs.get(0).table().actions(date());
            registers.add(actions[0], series.base(), tariffs.get(0).thresholds());
            clear(registers);
        }

        private LocalDate date() {
            return Series.midnight(day).atZone(ZoneOffset.UTC).toLocalDate();
        }

        private Instant begin() {
            return Series.midnight(day).plusSeconds((long) slot * Series.SLOT_SECONDS);
        }

        Instant end() {
            return begin().plusSeconds(Series.SLOT_SECONDS);
        }

        /** Whatever changes with the beginning of the half-hour. */
        private void enter() {
            boolean changed = false;
            while (tariff + 1 < tariffs.size()
                    && !tariffs.get(tariff + 1).from().isAfter(begin())) {
                tariff++;
                changed = true;
            }
            if (changed || slot == 0) {
                actions = tariffs.get(tariff).table().actions(date());
            }
            if (slot == 0 && resetDay.test(date())) {
                clear(registers);
            }
            while (reset < resets.size() && !resets.get(reset).isAfter(begin())) {
                clear(registers);
                reset++;
            }
        }

        void wholeSlot() {
            enter();
            registers.add(actions[slot], amounts[slot], tariffs.get(tariff).thresholds());
            slot++;
            if (slot == Series.SLOTS) {
                slot = 0;
                day++;
                amounts = series.slots(day);
            }
        }

        /** The registers at an instant of the half-hour at hand, with what it has brought so far. */
        Reading registers(Instant time) {
            long total = series.at(time);
            if (time.isBefore(begin())) {
                return registers.copy(time, total);
            }
            enter();
            Reading now = registers.copy(time, total);
            if (reset < resets.size() && !resets.get(reset).isAfter(time)) {
                clear(now);
            }
            long soFar = series.atMidnight(day);
            for (int i = 0; i < slot; i++) {
                soFar += amounts[i];
            }
            now.add(actions[slot], total - soFar, tariffs.get(tariff).thresholds());
            return now;
        }
    }

    private static void clear(Reading r) {
        for (long[] block : r.counters()) {
            Arrays.fill(block, 0);
        }
    }
}
