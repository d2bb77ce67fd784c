package org.postern.simulator.devices.internal.prepayment;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.postern.simulator.devices.internal.measure.SeededRandom;
import org.postern.simulator.devices.internal.measure.Series;

/**
 * Works an account out day by day, from the start of all series on: midnights, weekly top-ups, and what commands
 * changed. Goes forward only. Not safe between threads.
 */
final class AccountWalk {

    /** Ten pounds: what the customer of the simulation wants to have left after a week. */
    private static final long RESERVE = 1_000_000;

    private static final int WEEK = 7;
    private static final long FIVE_POUNDS = 500_000;
    private static final int TOP_UP_MINUTE = 18 * 60 + 12;
    private static final long HUNDREDTHS_OF_PERCENT = 10_000;

    private final long seed;
    private final boolean prepaid;
    private final Series used;
    private final Account.Terms terms;
    private final int topUpDay;
    private final List<Account.Payment> credits;
    private final List<Account.Payment> repayments;
    private List<Account.Event> changes = List.of();
    private int next;
    private Instant time = Series.START;
    private long day = -1;
    private long lastTopUp = -1;
    private boolean prepays;
    /** All that was paid in, where the customer pays in advance; else the credit that is left. */
    private long paid;

    private long time1;
    private long time2;
    private long payment;
    private long billed;

    /** @param prepaid whether there are debts and weekly top-ups from the start */
    AccountWalk(long seed, boolean prepaid, Series used, Account.Terms terms) {
        this.seed = seed;
        this.prepaid = prepaid;
        this.used = used;
        this.terms = terms;
        this.topUpDay = SeededRandom.below(seed, WEEK, WEEK);
        this.credits = new ArrayList<>();
        this.repayments = new ArrayList<>();
        this.prepays = prepaid;
        this.paid = prepaid ? 2 * RESERVE : 0;
        this.billed = cost(Series.START, 0);
    }

    private AccountWalk(AccountWalk other) {
        this.seed = other.seed;
        this.prepaid = other.prepaid;
        this.used = other.used;
        this.terms = other.terms;
        this.topUpDay = other.topUpDay;
        this.credits = new ArrayList<>(other.credits);
        this.repayments = new ArrayList<>(other.repayments);
        this.time = other.time;
        this.day = other.day;
        this.lastTopUp = other.lastTopUp;
        this.prepays = other.prepays;
        this.paid = other.paid;
        this.time1 = other.time1;
        this.time2 = other.time2;
        this.payment = other.payment;
        this.billed = other.billed;
    }

    /** The same as it is now, with no changes ahead. */
    AccountWalk copy() {
        return new AccountWalk(this);
    }

    /** The changes that lie ahead, in order of time. */
    void through(List<Account.Event> ahead) {
        changes = ahead;
        next = 0;
    }

    /** How far it has gone. */
    Instant time() {
        return time;
    }

    /** Top-ups so far. */
    List<Account.Payment> credits() {
        return credits;
    }

    /** Debts paid from top-ups so far. */
    List<Account.Payment> repayments() {
        return repayments;
    }

    /** Number of the longer list of payments. */
    int payments() {
        return Math.max(credits.size(), repayments.size());
    }

    /** Forgets the oldest payments beyond the bound. */
    void trim(int bound) {
        for (List<Account.Payment> payments : List.of(credits, repayments)) {
            payments.subList(0, Math.max(0, payments.size() - bound)).clear();
        }
    }

    /** Price of what was used up to the instant, with the standing charges of the days begun. */
    private long cost(Instant at, long days) {
        return (used.at(at) - used.base()) * terms.perThousand() / 1000 + days * terms.standing();
    }

    /** Goes to that instant. */
    void to(Instant end) {
        while (!Series.midnight(day + 1).isAfter(end)) {
            events(Series.midnight(day + 1));
            day++;
            midnight(Series.midnight(day));
        }
        events(end);
        topUp(end);
        time = end;
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
    private void topUp(Instant until) {
        Instant hour = Series.midnight(day).plusSeconds(TOP_UP_MINUTE * 60L);
        if (!prepays || day < WEEK || day % WEEK != topUpDay || hour.isAfter(until) || lastTopUp == day) {
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

    private void credit(Instant at, long amount, String token) {
        long debt = Math.min(payment, amount * terms.perPayment() / HUNDREDTHS_OF_PERCENT);
        paid += amount - debt;
        payment -= debt;
        credits.add(new Account.Payment(at, amount, 0, token));
        if (debt > 0) {
            repayments.add(new Account.Payment(at, debt, payment, ""));
        }
    }

    private void events(Instant upTo) {
        while (next < changes.size() && !changes.get(next).time().isAfter(upTo)) {
            Account.Event e = changes.get(next++);
            topUp(e.time());
            apply(e);
        }
        topUp(upTo);
    }

    private void apply(Account.Event e) {
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
            default -> mode(e.change() == Account.Change.PREPAYMENT, cost(e.time(), day + 1));
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

    /** The registers at the instant to which it has gone. */
    Account.State state(Instant at, long emergency) {
        long cost = cost(at, day + 1);
        return Account.State.held(at, prepays ? paid - cost : paid, emergency, time1, time2, payment, cost - billed);
    }
}
