package org.postern.simulator.devices.internal.prepayment;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import org.postern.simulator.devices.internal.measure.SeededRandom;
import org.postern.simulator.devices.internal.measure.Series;
import org.postern.simulator.pki.SimulatedDevice;

/**
 * The money side of one meter, in millipence: day by day the energy used and the standing charge are taken off, debts
 * are recovered, and a customer tops up once a week. What commands change comes on top. A function of seed and time,
 * apart from those commands.
 */
public final class Account {

    /** Ten pounds: what the customer of the simulation wants to have left after a week. */
    private static final long RESERVE = 1_000_000;

    private static final int WEEK = 7;
    private static final long FIVE_POUNDS = 500_000;
    private static final int TOP_UP_MINUTE = 18 * 60 + 12;
    private static final long HUNDREDTHS_OF_PERCENT = 10_000;

    /** What a command does to the account. */
    public enum Change {
        BALANCE_BY,
        BALANCE_RESET,
        DEBT_RESET,
        TIME_DEBT_1_BY,
        TIME_DEBT_2_BY,
        PAYMENT_DEBT_BY,
        TOP_UP,
        BILL_BY,
        BILL_RESET,
        PREPAYMENT,
        CREDIT
    }

    private record Event(Instant time, Change change, long amount, String token) {}

    /**
     * What it costs and how debts are recovered.
     *
     * @param perThousand price of a thousand units, in millipence
     * @param standing standing charge of a day, in millipence
     * @param recovery1 recovered of time debt 1 in a day
     * @param recovery2 recovered of time debt 2 in a day
     * @param perPayment share of a top-up that goes to the payment debt, in hundredths of a percent
     */
    public record Terms(long perThousand, long standing, long recovery1, long recovery2, long perPayment) {}

    /**
     * The registers at one instant, in millipence.
     *
     * @param balance prepaid credit left; of a customer who pays afterwards, credit given by commands
     * @param bill used since the first of the month, as credit customers owe it
     */
    public record State(
            Instant time, long balance, long emergency, long timeDebt1, long timeDebt2, long paymentDebt, long bill) {

        /** Held to what 32 bits carry. */
        static State held(Instant time, long... amounts) {
            long[] a = LongStream.of(amounts)
                    .map(n -> Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, n)))
                    .toArray();
            return new State(time, a[0], a[1], a[2], a[3], a[4], a[5]);
        }

        /** All debts. */
        public long accumulated() {
            return Math.min(Integer.MAX_VALUE, timeDebt1 + timeDebt2 + paymentDebt);
        }
    }

    /** A top-up, or a debt paid from one. */
    public record Payment(Instant time, long amount, long left, String token) {}

    /** What one walk through the years found. */
    public record Run(List<State> states, List<Payment> credits, List<Payment> repayments) {}

    private final long seed;
    private final boolean prepaid;
    private final Series used;
    private final Terms terms;
    private final List<Event> events = new ArrayList<>();

    /** @param prepaid whether there are debts and weekly top-ups from the start */
    public Account(long seed, boolean prepaid, Series used, Terms terms) {
        this.terms = terms;
        this.seed = seed;
        this.prepaid = prepaid;
        this.used = used;
    }

    /** True for the customers who pay in advance from the start: those of homes with odd numbers. */
    public static boolean prepaidFromStart(SimulatedDevice device) {
        return device.premises() % 2 == 1;
    }

    /** Whether the customer paid in advance from the start. */
    public boolean prepaid() {
        return prepaid;
    }

    /** Notes what a command does. */
    public synchronized void change(Instant time, Change change, long amount, String token) {
        events.add(new Event(time, change, amount, token));
        events.sort(Comparator.comparing(Event::time));
    }

    private synchronized List<Event> changes() {
        return List.copyOf(events);
    }

    /** The state at one instant; emergency credit left as given. */
    public State at(Instant time, long emergency) {
        return run(List.of(time), emergency).states().get(0);
    }

    /** Walks to the last of the instants, which are in order of time. */
    public Run run(List<Instant> times, long emergency) {
        Walk walk = new Walk(emergency);
        List<State> states = new ArrayList<>();
        for (Instant time : times) {
            walk.to(time);
            states.add(walk.state(time));
        }
        return new Run(states, walk.credits, walk.repayments);
    }

    private final class Walk {

        private final long emergency;
        private final List<Event> changes = changes();
        private final List<Payment> credits = new ArrayList<>();
        private final List<Payment> repayments = new ArrayList<>();
        private final int topUpDay = SeededRandom.below(seed, WEEK, WEEK);
        private long day = -1;
        private int next;
        private long lastTopUp = -1;
        private boolean prepays = prepaid;
        /** All that was paid in, where the customer prepays; else the credit that is held. */
        private long paid = prepaid ? 2 * RESERVE : 0;

        private long time1;
        private long time2;
        private long payment;
        private long billed;

        Walk(long emergency) {
            this.emergency = emergency;
            this.billed = cost(Series.START, 0);
        }

        /** Price of what was used up to the instant, with the standing charges of the days begun. */
        private long cost(Instant time, long days) {
            return (used.at(time) - used.base()) * terms.perThousand() / 1000 + days * terms.standing();
        }

        void to(Instant time) {
            while (!Series.midnight(day + 1).isAfter(time)) {
                events(Series.midnight(day + 1));
                day++;
                midnight(Series.midnight(day));
            }
            events(time);
            topUp(time);
        }

        private void midnight(Instant now) {
            LocalDate date = now.atZone(ZoneOffset.UTC).toLocalDate();
            if (date.getDayOfMonth() == 1) {
                billed = cost(now, day);
            }
            if (prepaid && date.getDayOfYear() == 1) {
                time1 = 8_000_000 + SeededRandom.below(seed, date.getYear(), 40) * 100_000L;
                time2 = 3_000_000 + SeededRandom.below(seed, ~date.getYear(), 40) * 100_000L;
                payment = 5_000_000 + SeededRandom.below(seed, 2L * date.getYear(), 60) * 100_000L;
            }
            long one = Math.min(time1, terms.recovery1());
            long two = Math.min(time2, terms.recovery2());
            time1 -= one;
            time2 -= two;
            paid -= one + two;
        }

        /** The weekly top-up, where its time has come on the day at hand. */
        private void topUp(Instant time) {
            Instant hour = Series.midnight(day).plusSeconds(TOP_UP_MINUTE * 60L);
            if (!prepays || day < WEEK || day % WEEK != topUpDay || hour.isAfter(time) || lastTopUp == day) {
                return;
            }
            lastTopUp = day;
            long now = cost(hour, day + 1);
            long needed = RESERVE
                    + now
                    - cost(hour.minusSeconds((long) WEEK * Series.DAY_SECONDS), day + 1 - WEEK)
                    - (paid - now);
            if (needed > 0) {
                credit(hour, (needed + FIVE_POUNDS - 1) / FIVE_POUNDS * FIVE_POUNDS, token(day));
            }
        }

        private String token(long number) {
            return String.format(
                    Locale.ROOT,
                    "7394%016d",
                    Long.remainderUnsigned(SeededRandom.seed(seed, number), 10_000_000_000_000_000L));
        }

        private void credit(Instant time, long amount, String token) {
            long debt = Math.min(payment, amount * terms.perPayment() / HUNDREDTHS_OF_PERCENT);
            paid += amount - debt;
            payment -= debt;
            credits.add(new Payment(time, amount, 0, token));
            if (debt > 0) {
                repayments.add(new Payment(time, debt, payment, ""));
            }
        }

        private void events(Instant upTo) {
            while (next < changes.size() && !changes.get(next).time().isAfter(upTo)) {
                Event e = changes.get(next++);
                topUp(e.time());
                apply(e);
            }
            topUp(upTo);
        }

        private void apply(Event e) {
            switch (e.change()) {
                case BALANCE_BY -> paid += e.amount();
                case BALANCE_RESET -> paid = prepays ? cost(e.time(), day + 1) : 0;
                case DEBT_RESET -> {
                    time1 = 0;
                    time2 = 0;
                    payment = 0;
                }
                case TIME_DEBT_1_BY -> time1 = Math.max(0, time1 + e.amount());
                case TIME_DEBT_2_BY -> time2 = Math.max(0, time2 + e.amount());
                case PAYMENT_DEBT_BY -> payment = Math.max(0, payment + e.amount());
                case TOP_UP -> credit(e.time(), e.amount(), e.token());
                case BILL_BY -> billed -= e.amount();
                case BILL_RESET -> billed = cost(e.time(), day + 1);
                default -> mode(e.change() == Change.PREPAYMENT, cost(e.time(), day + 1));
            }
        }

        /** From now on in advance, with the credit held; or afterwards, holding the credit that is left. */
        private void mode(boolean inAdvance, long cost) {
            if (inAdvance != prepays) {
                paid += inAdvance ? cost : -cost;
                billed = cost;
                prepays = inAdvance;
            }
        }

        State state(Instant time) {
            long cost = cost(time, day + 1);
            return State.held(time, prepays ? paid - cost : paid, emergency, time1, time2, payment, cost - billed);
        }
    }
}
