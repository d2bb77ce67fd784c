package org.postern.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Eui64;

/** What every engine must keep to of Originator Counters: rising, never twice, whatever the clock and a restart. */
abstract class CounterContract extends OutstandingWorkContract {

    @Test
    void countersIncreaseStrictlyAndAreNeverIssuedTwice() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        List<Future<List<Long>>> futures = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            futures.add(pool.submit(() -> {
                List<Long> mine = new ArrayList<>();
                for (int i = 0; i < 400; i++) {
                    mine.add(ledger.counters().next(USER));
                }
                return mine;
            }));
        }
        Set<Long> all = new HashSet<>();
        for (Future<List<Long>> future : futures) {
            List<Long> mine = future.get(30, TimeUnit.SECONDS);
            assertThat(mine).isSorted().doesNotHaveDuplicates();
            all.addAll(mine);
        }
        pool.shutdown();
        assertThat(all).hasSize(3200);
    }

    @Test
    void countersContinueAboveAfterARestartAndAClockThatWasSetBack() {
        long last = 0;
        for (int i = 0; i < 10; i++) {
            last = ledger.counters().next(USER);
        }
        ledger.close();
        ledger = open(Clock.fixed(Instant.parse("2001-01-01T00:00:00Z"), ZoneOffset.UTC));
        assertThat(ledger.counters().next(USER)).isGreaterThan(last);
        ledger.counters().raise(USER, last + 1_000_000_000_000L);
        assertThat(ledger.counters().next(USER)).isGreaterThan(last + 1_000_000_000_000L);
    }

    @Test
    void countersContinueAboveStoredRequests() {
        long ahead = System.currentTimeMillis() + 10_000_000_000L;
        admitted(ahead);
        assertThat(ledger.counters().next(USER)).isGreaterThan(ahead);
    }

    @Test
    void prepaymentCountersAreASeparateSeries() {
        assertThat(ledger.counters().nextPrepayment(USER, METER)).isEqualTo(1L << 32);
        assertThat(ledger.counters().nextPrepayment(USER, METER)).isEqualTo(2L << 32);
        assertThat(ledger.counters().nextPrepayment(USER, Eui64.parse("00DB123456789002")))
                .isEqualTo(1L << 32);
        ledger.close();
        ledger = open(Clock.systemUTC());
        assertThat(ledger.counters().nextPrepayment(USER, METER)).isEqualTo(3L << 32);
    }

    @Test
    void readingTheHighestCounterUsesNone() {
        assertThat(ledger.counters().highest(USER)).isZero();
        long first = ledger.counters().next(USER);
        assertThat(ledger.counters().highest(USER))
                .isEqualTo(first)
                .isEqualTo(ledger.counters().highest(USER));
        assertThat(ledger.counters().next(USER)).isEqualTo(first + 1);
        ledger.counters().raise(USER, first + 5_000_000);
        assertThat(ledger.counters().highest(USER)).isBetween(first + 5_000_000, first + 5_000_001);
        long last = ledger.counters().next(USER);
        assertThat(ledger.counters().highest(USER)).isEqualTo(last);
        ledger.close();
        ledger = open(Clock.systemUTC());
        assertThat(ledger.counters().highest(USER)).isGreaterThanOrEqualTo(last);
        assertThat(ledger.counters().highest(Eui64.parse("90B3D51F30030000"))).isZero();
    }

    @Test
    void theHighestCounterOfADeviceIsThatOfItsStoredRequests() {
        admitted(1001);
        admitted(1003);
        admitted(7L << 32);
        assertThat(ledger.counters().highest(USER, METER)).isEqualTo(1003);
        assertThat(ledger.counters().highest(USER, Eui64.parse("00DB123456789002")))
                .isZero();
        assertThat(ledger.counters().highest(USER))
                .as("nothing reserved: what is journalled counts")
                .isEqualTo(1003);
    }

    @Test
    void aFloorBelowTheCountersChangesNothing() {
        ledger.counters().next(USER);
        long second = ledger.counters().next(USER);
        ledger.counters().raise(USER, second - 1);
        assertThat(ledger.counters().highest(USER)).isEqualTo(second);
        assertThat(ledger.counters().next(USER)).isEqualTo(second + 1);
    }
}
