package org.postern.simulator.devices.internal.measure;

import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.postern.catalogue.Table;

/**
 * A quantity that only grows: energy in watt hours, gas in thousandths of a cubic metre. A function of a seed and the
 * time: the register at any instant, the amount of any day and of any half-hour all agree with each other.
 *
 * <p>The register at midnight is a closed form (a straight line, the swing of the season and a bounded jitter); the
 * day's amount is shared out among its half-hours by a load profile, and inside a half-hour it grows evenly.
 */
public final class Series {

    /** When all series began to grow. Days are counted from here, from 0, and begin at midnight UTC. */
    public static final Instant START = Instant.parse("2020-01-01T00:00:00Z");

    public static final int SLOTS = 48;
    public static final int SLOT_SECONDS = 1800;
    public static final int DAY_SECONDS = SLOTS * SLOT_SECONDS;
    private static final double YEAR = 365.25;
    /** Share of the least daily amount by which a day may deviate. */
    private static final double JITTER = 0.3;

    /**
     * How a quantity is spread.
     *
     * @param swing share of the daily amount by which it swings with the season, 0 to 1
     * @param peak day of the year of the highest amount
     * @param weights of the 48 half-hours
     */
    public record Shape(double swing, int peak, int[] weights) {

        /** The load profiles of this bundle, by name. */
        public static Map<String, Shape> load() {
            return Table.resource(Series.class, "load-profiles.tsv", "name", "swing", "peak", "weights")
                    .byKey(
                            "name",
                            row -> row.text("name"),
                            row -> new Shape(
                                    row.number("swing", 0, 100) / 100.0,
                                    row.number("peak", 0, 366),
                                    row.parsed("weights", SLOTS + " numbers with commas between", Shape::weights)));
        }

        private static int[] weights(String text) {
            int[] weights =
                    Arrays.stream(text.split(",")).mapToInt(Integer::parseInt).toArray();
            if (weights.length != SLOTS) {
                throw new IllegalArgumentException(weights.length + " numbers");
            }
            return weights;
        }
    }

    private final long seed;
    private final Shape shape;
    private final long base;
    private final long perDay;

    /**
     * @param base where the register stood at the start
     * @param perDay average amount of a day
     */
    public Series(long seed, Shape shape, long base, long perDay) {
        this.seed = seed;
        this.shape = shape;
        this.base = base;
        this.perDay = perDay;
    }

    /** Number of the day in which the instant lies; negative before the start. */
    public static long dayOf(Instant time) {
        return Math.floorDiv(time.getEpochSecond() - START.getEpochSecond(), DAY_SECONDS);
    }

    /** Number of the half-hour of its day in which the instant lies, 0 to 47. */
    public static int slotOf(Instant time) {
        return (int) (Math.floorMod(time.getEpochSecond() - START.getEpochSecond(), (long) DAY_SECONDS) / SLOT_SECONDS);
    }

    /** Midnight at which the day begins. */
    public static Instant midnight(long day) {
        return START.plusSeconds(day * DAY_SECONDS);
    }

    /** The register at midnight. */
    public long atMidnight(long day) {
        if (day <= 0) {
            return base;
        }
        double angle = 2 * Math.PI / YEAR;
        double season =
                shape.swing() / angle * (Math.sin(angle * (day - shape.peak())) - Math.sin(-angle * shape.peak()));
        double jitter = JITTER * (1 - shape.swing()) * SeededRandom.below(seed, day, 1000) / 1000.0;
        return base + (long) Math.floor(perDay * (day + season + jitter));
    }

    /** Amount of the day. */
    public long day(long day) {
        return atMidnight(day + 1) - atMidnight(day);
    }

    /** Amounts of the 48 half-hours of the day; their sum is the day's amount. */
    public long[] slots(long day) {
        long[] amounts = new long[SLOTS];
        if (day < 0) {
            return amounts;
        }
        long throwDay = SeededRandom.seed(seed, ~day);
        long[] weight = new long[SLOTS];
        long total = 0;
        for (int i = 0; i < SLOTS; i++) {
            weight[i] = shape.weights()[i] * (50L + SeededRandom.below(throwDay, i, 100));
            total += weight[i];
        }
        long amount = day(day);
        long before = 0;
        long given = 0;
        for (int i = 0; i < SLOTS; i++) {
            before += weight[i];
            long upTo = amount * before / total;
            amounts[i] = upTo - given;
            given = upTo;
        }
        return amounts;
    }

    /** Amount of the half-hour that begins at the instant. */
    public long slot(Instant start) {
        return slots(dayOf(start))[slotOf(start)];
    }

    /** The register at the instant. */
    public long at(Instant time) {
        long day = dayOf(time);
        if (day < 0) {
            return base;
        }
        long[] slots = slots(day);
        int slot = slotOf(time);
        long sum = atMidnight(day);
        for (int i = 0; i < slot; i++) {
            sum += slots[i];
        }
        long second = Math.floorMod(time.getEpochSecond() - START.getEpochSecond(), (long) SLOT_SECONDS);
        return sum + slots[slot] * second / SLOT_SECONDS;
    }

    /** Where the register stood at the start. */
    public long base() {
        return base;
    }
}
