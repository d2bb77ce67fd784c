package org.postern.simulator.devices.internal.prepayment;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import org.postern.simulator.devices.internal.measure.Series;
import org.postern.simulator.pki.SimulatedDevice;

/**
 * The money side of one meter, in millipence: day by day the energy used and the standing charge are taken off, debts
 * are recovered, and a customer tops up once a week. What commands change comes on top. A function of seed and time,
 * apart from those commands.
 *
 * <p>Only the latest changes are remembered one by one. Of the older ones their sum is stored, which is the state of
 * the account when the last of them was made: from then on the account is exactly what it would be with all of them. At
 * an earlier instant it is worked out as if there had been no command.
 */
public final class Account {

    /** Payments that are remembered of the time before the oldest change; a read asks for 255 at most. */
    public static final int MAX_PAYMENTS = 1_000;

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

    /** A change that a command made. */
    record Event(Instant time, Change change, long amount, String token) {}

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
    private final int bound;
    private final List<Event> events = new ArrayList<>();
    /** The account after the changes that are no longer remembered one by one; null while all are. */
    private AccountWalk summed;

    /**
     * @param prepaid whether there are debts and weekly top-ups from the start
     * @param bound changes that are remembered one by one
     */
    public Account(long seed, boolean prepaid, Series used, Terms terms, int bound) {
        this.bound = bound;
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
        Instant counted = summed != null && time.isBefore(summed.time()) ? summed.time() : time;
        events.add(new Event(counted, change, amount, token));
        events.sort(Comparator.comparing(Event::time));
        if (events.size() > bound) {
            sumOldest();
        }
    }

    /** Those of one instant go together, because what happens by itself at that instant comes after them. */
    private void sumOldest() {
        Instant time = events.get(0).time();
        List<Event> oldest = events.stream().filter(e -> e.time().equals(time)).toList();
        AccountWalk walk = summed == null ? beginning() : summed;
        walk.through(oldest);
        walk.to(time);
        walk.trim(MAX_PAYMENTS);
        summed = walk;
        events.removeAll(oldest);
    }

    private AccountWalk beginning() {
        return new AccountWalk(seed, prepaid, used, terms);
    }

    /** Number of changes that are remembered one by one. */
    public synchronized int size() {
        return events.size();
    }

    /** Number of payments that are remembered of the time before them. */
    public synchronized int payments() {
        return summed == null ? 0 : summed.payments();
    }

    /** The state at one instant; emergency credit left as given. */
    public State at(Instant time, long emergency) {
        return run(List.of(time), emergency).states().get(0);
    }

    /** The states at the instants, which are in order of time, and the payments up to the last. */
    public Run run(List<Instant> times, long emergency) {
        AccountWalk later;
        List<Event> changes;
        synchronized (this) {
            later = summed == null ? null : summed.copy();
            changes = List.copyOf(events);
        }
        AccountWalk walk = beginning();
        walk.through(changes);
        List<State> states = new ArrayList<>();
        for (Instant time : times) {
            if (later != null && !time.isBefore(later.time())) {
                walk = later;
                walk.through(changes);
                later = null;
            }
            walk.to(time);
            states.add(walk.state(time, emergency));
        }
        return new Run(states, walk.credits(), walk.repayments());
    }
}
