package org.postern.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Channel;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.Lane;
import org.postern.ledger.Admitted;
import org.postern.ledger.Change;
import org.postern.ledger.LedgerException;
import org.postern.ledger.NewRequest;
import org.postern.ledger.RequestFilter;
import org.postern.ledger.RequestState;
import org.postern.ledger.Target;

/** What every engine must keep to for the counters of top-ups: never twice, never backwards, whatever is restored. */
abstract class PrepaymentContract extends PlanContract {

    /** Keeps the database as it is now; the ledger is closed. */
    abstract void backUp();

    /** Puts it back, and nothing else of the machine; the ledger is closed. */
    abstract void restore();

    /** What an operator does who wants an older database opened. */
    abstract void accept();

    private static NewRequest topUp(long n, String correlation, String content) {
        NewRequest plain = request(n << 32, correlation, content);
        return new NewRequest(
                plain.origin(),
                plain.original(),
                plain.requestId(),
                new Target(
                        plain.target().role(),
                        Optional.of("2.2"),
                        plain.target().variant(),
                        plain.target().device()),
                Lane.PREPAYMENT,
                plain.document(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static void refused(LedgerException.Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        LedgerException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    void aRestoredBackupRepeatsNoPrepaymentCounter() {
        ledger.counters().nextPrepayment(USER, METER);
        ledger.close();
        backUp();
        ledger = open(Clock.systemUTC());
        ledger.counters().nextPrepayment(USER, METER);
        ledger.admitTopUp(topUp(9, "elsewhere", "a"), false);
        ledger.close();
        restore();
        refused(LedgerException.Kind.OLDER, () -> open(Clock.systemUTC()));
        accept();
        ledger = open(Clock.systemUTC());
        ledger.close();
        ledger = open(Clock.systemUTC());
        assertThat(ledger.findByCorrelation(Channel.JMS, "elsewhere"))
                .as("the backup is in place")
                .isEmpty();
        assertThat(ledger.counters().highestPrepayment(USER, METER)).isEqualTo(9L << 32);
        refused(LedgerException.Kind.COUNTER_BACKWARDS, () -> ledger.admitTopUp(topUp(9, "elsewhere", "a"), false));
        assertThat(ledger.counters().nextPrepayment(USER, METER)).isEqualTo(10L << 32);
    }

    @Test
    void aTokenMadeElsewhereHasToBeAboveTheLastOneAndTakesItsNumber() {
        ledger.counters().nextPrepayment(USER, METER);
        refused(LedgerException.Kind.COUNTER_BACKWARDS, () -> ledger.admitTopUp(topUp(1, "e0", "a"), false));
        Admitted first = ledger.admitTopUp(topUp(7, "e1", "a"), false);
        assertThat(ledger.admitTopUp(topUp(7, "e1", "a"), false))
                .as("the same again")
                .isEqualTo(new Admitted(first.id(), true));
        refused(LedgerException.Kind.CORRELATION_REUSED, () -> ledger.admitTopUp(topUp(50, "e1", "b"), false));
        refused(LedgerException.Kind.DUPLICATE, () -> ledger.admitTopUp(topUp(7, "e2", "a"), false));
        refused(LedgerException.Kind.COUNTER_BACKWARDS, () -> ledger.admitTopUp(topUp(6, "e3", "a"), false));
        refused(LedgerException.Kind.COUNTER, () -> ledger.admitTopUp(request((8L << 32) + 1, "e4", "a"), false));
        refused(LedgerException.Kind.COUNTER, () -> ledger.admitTopUp(request(0, "e5", "a"), false));
        refused(LedgerException.Kind.COUNTER, () -> ledger.admitTopUp(topUp(1L << 31, "e6", "a"), false));
        assertThat(ledger.requests(RequestFilter.newest(10))).hasSize(1);
        assertThat(ledger.counters().nextPrepayment(USER, METER)).isEqualTo(8L << 32);
    }

    @Test
    void anOwnCounterIsAdmittedThoughALaterOneWasAdmittedBefore() {
        long first = ledger.counters().nextPrepayment(USER, METER) >>> 32;
        long second = ledger.counters().nextPrepayment(USER, METER) >>> 32;
        assertThat(ledger.admitTopUp(topUp(second, "o2", "b"), true).existing()).isFalse();
        assertThat(ledger.admitTopUp(topUp(first, "o1", "a"), true).existing()).isFalse();
        assertThat(ledger.counters().highestPrepayment(USER, METER)).isEqualTo(second << 32);
    }

    @Test
    void topUpsJournalledBeforeTheirSeriesExistedCount() {
        ledger.admit(topUp(12, "old", "a"));
        ledger.admit(request(999_999_999_999L, null, "a"));
        assertThat(ledger.counters().highestPrepayment(USER, METER)).isEqualTo(12L << 32);
        assertThat(ledger.counters().nextPrepayment(USER, METER)).isEqualTo(13L << 32);
    }

    @Test
    void anEarlierTopUpOfTheMeterIsInProgressUntilItHasAnOutcome() {
        String first = ledger.admitTopUp(topUp(1, "a", "a"), true).id();
        String second = ledger.admitTopUp(topUp(2, "b", "b"), true).id();
        ledger.admit(request(5, null, "a read, not a top-up"));
        for (RequestState state :
                List.of(RequestState.ADMITTED, RequestState.SENT, RequestState.IN_DOUBT, RequestState.ACKNOWLEDGED)) {
            if (state != RequestState.ADMITTED) {
                ledger.apply(Change.of(first).to(state, ""));
            }
            assertThat(earlier(second)).as("the first is %s", state).isTrue();
            assertThat(earlier(first)).isFalse();
        }
        ledger.apply(Change.of(first).to(RequestState.REFUSED, "E21"));
        assertThat(earlier(second)).isFalse();
    }

    private boolean earlier(String id) {
        return ledger.earlierInProgress(ledger.find(id).orElseThrow());
    }

    /** The highest counter includes stored requests that claimed no number. */
    @Test
    void theHighestIsTheHigherOfSeriesAndJournal() {
        assertThat(ledger.counters().highestPrepayment(USER, METER)).isZero();
        ledger.counters().nextPrepayment(USER, METER);
        assertThat(ledger.counters().highestPrepayment(USER, METER)).isEqualTo(1L << 32);
        ledger.admit(topUp(5, "unclaimed", "a"));
        assertThat(ledger.counters().highestPrepayment(USER, METER)).isEqualTo(5L << 32);
        assertThat(ledger.counters().highestPrepayment(METER, METER)).isZero();
    }

    @Test
    void aPrepaymentSeriesIsRaisedNeverLoweredAndHasAnEnd() {
        ledger.counters().raisePrepayment(USER, METER, (400L << 32) + 17);
        ledger.counters().raisePrepayment(USER, METER, 3L << 32);
        assertThat(ledger.counters().nextPrepayment(USER, METER)).isEqualTo(401L << 32);
        refused(LedgerException.Kind.COUNTER, () -> ledger.counters().raisePrepayment(USER, METER, -1));
        ledger.counters().raisePrepayment(USER, METER, Integer.MAX_VALUE - 1L << 32);
        assertThat(ledger.counters().nextPrepayment(USER, METER))
                .isEqualTo((long) Integer.MAX_VALUE << 32)
                .isPositive();
        for (int i = 0; i < 2; i++) {
            refused(LedgerException.Kind.COUNTER, () -> ledger.counters().nextPrepayment(USER, METER));
        }
        assertThat(ledger.counters().highestPrepayment(USER, METER)).isEqualTo((long) Integer.MAX_VALUE << 32);
    }

    @Test
    void prepaymentCountersAreNeverGivenTwiceByAnyThread() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        List<Future<List<Long>>> futures = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            Eui64 own = Eui64.parse("00DB1234567890A" + t);
            futures.add(pool.submit(() -> {
                List<Long> mine = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    mine.add(ledger.counters().nextPrepayment(USER, METER) >>> 32);
                    assertThat(ledger.counters().nextPrepayment(USER, own)).isEqualTo(i + 1L << 32);
                }
                return mine;
            }));
        }
        Set<Long> all = new TreeSet<>();
        for (Future<List<Long>> future : futures) {
            List<Long> mine = future.get(30, TimeUnit.SECONDS);
            assertThat(mine).isSorted().doesNotHaveDuplicates();
            all.addAll(mine);
        }
        pool.shutdown();
        assertThat(all).hasSize(400).contains(1L, 400L);
    }

    // an ordinary counter k << 32 and the meter's k-th top-up would be the same RequestID
    @Test
    void ordinaryCountersNeverLookLikePrepaymentCounters() {
        long edge = (System.currentTimeMillis() >>> 32) + 2 << 32;
        ledger.counters().raise(USER, edge - 3);
        assertThat(List.of(
                        ledger.counters().next(USER),
                        ledger.counters().next(USER),
                        ledger.counters().next(USER)))
                .containsExactly(edge - 2, edge - 1, edge + 1);
        assertThat(ledger.counters().highest(USER)).isGreaterThan(edge);
        assertThat(ledger.counters().highest(METER)).isZero();
    }
}
