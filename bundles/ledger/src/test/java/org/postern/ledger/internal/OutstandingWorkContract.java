package org.postern.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ReplyAddress;
import org.postern.ledger.Change;
import org.postern.ledger.DueWork;
import org.postern.ledger.LedgerException;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.PendingWork;
import org.postern.ledger.RequestFilter;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;

/** What every engine must provide for pending work, group commit and the clock. */
abstract class OutstandingWorkContract extends LedgerContract {

    @Test
    void dueRetriesAreFoundInPages() {
        Instant due = Instant.parse("2020-01-01T00:00:00Z");
        Set<String> expected = new HashSet<>();
        for (int i = 1; i <= 25; i++) {
            String id = admitted(i);
            // many at one moment: a page may end between two of them
            ledger.apply(Change.of(id).to(RequestState.SENT, "").retry(1, due.plusMillis(i / 7), "DCC unreachable"));
            expected.add(id);
        }
        Set<String> found = new HashSet<>();
        Optional<DueWork> after = Optional.empty();
        List<DueWork> page;
        do {
            page = ledger.retriesDue(Instant.now(), after, 4);
            page.forEach(
                    work -> assertThat(found.add(work.id())).as("found once").isTrue());
            after = page.isEmpty() ? after : Optional.of(page.get(page.size() - 1));
        } while (page.size() == 4);
        assertThat(found).isEqualTo(expected);
    }

    // planned by a clock that was an hour ahead
    @Test
    void plannedAttemptsAreMovedWithTheClock() {
        String first = admitted(1);
        String second = admitted(2);
        Instant now = Instant.now();
        Instant ahead = now.plusSeconds(3605);
        ledger.apply(Change.of(first).to(RequestState.SENT, "").retry(1, ahead, "DCC unreachable"));
        ledger.apply(Change.of(second)
                .to(RequestState.SENT, "")
                .retry(1, now.minusSeconds(5), "DCC unreachable")
                .deliver(OutboxEntry.pending(
                        "d1",
                        Optional.of(second),
                        DeliveryKind.RESULT,
                        ReplyAddress.COMMON,
                        Map.of(),
                        "t",
                        bytes("x"),
                        Optional.empty())));
        ledger.deliveryFailed("d1", ahead);
        ledger.clockPutBack(now, Duration.ofHours(1));
        assertThat(ledger.retriesDue(now, Optional.empty(), 10))
                .extracting(DueWork::id)
                .containsExactly(second);
        assertThat(ledger.retriesDue(now.plusSeconds(6), Optional.empty(), 10))
                .extracting(DueWork::id)
                .containsExactly(second, first);
        assertThat(ledger.deliveriesOutstanding(now, "", 10)).isEmpty();
        assertThat(ledger.deliveriesOutstanding(now.plusSeconds(6), "", 10))
                .extracting(PendingWork::id)
                .containsExactly("d1");
    }

    @Test
    void pendingWorkIsListedForEveryQueue() {
        String first = admitted(1);
        String second = admitted(2);
        String third = admitted(3);
        Instant later = Instant.now().plusSeconds(3600);
        ledger.apply(Change.of(second)
                .to(RequestState.SENT, "")
                .retry(1, later, "DCC unreachable")
                .dueBy(later));
        ledger.apply(Change.of(third)
                .to(RequestState.SENT, "")
                .to(RequestState.ACKNOWLEDGED, "")
                .dueBy(later));
        assertThat(ledger.stepsOutstanding(Instant.now(), "", 10))
                .extracting(PendingWork::id)
                .containsExactly(first);
        assertThat(ledger.stepsOutstanding(later, "", 10))
                .extracting(PendingWork::id)
                .containsExactly(first, second);
        assertThat(ledger.stepsOutstanding(later, first, 10))
                .extracting(PendingWork::id)
                .containsExactly(second);
        assertThat(ledger.retriesDue(Instant.now(), Optional.empty(), 10)).isEmpty();
        assertThat(ledger.retriesDue(later, Optional.empty(), 10))
                .extracting(DueWork::id)
                .containsExactly(second);
        assertThat(ledger.overdue(Instant.now(), 10)).isEmpty();
        assertThat(ledger.overdue(later, 10)).extracting(PendingWork::id).containsExactly(third);
        ledger.apply(Change.of(first)
                .to(RequestState.SENT, "")
                .to(RequestState.RESPONDED, "")
                .deliver(OutboxEntry.pending(
                        "d1",
                        Optional.of(first),
                        DeliveryKind.RESULT,
                        ReplyAddress.COMMON,
                        Map.of(),
                        "t",
                        bytes("x"),
                        Optional.empty())));
        assertThat(ledger.deliveriesOutstanding(Instant.now(), "", 10))
                .containsExactly(new PendingWork("d1", Lane.ROUTINE));
        ledger.deliveryFailed("d1", later);
        assertThat(ledger.deliveriesOutstanding(Instant.now(), "", 10)).isEmpty();
        assertThat(ledger.delivery("d1").orElseThrow().attempts()).isEqualTo(1);
        assertThat(ledger.counts())
                .containsEntry(RequestState.SENT, 1L)
                .containsEntry(RequestState.ACKNOWLEDGED, 1L)
                .containsEntry(RequestState.RESPONDED, 1L);
        assertThat(ledger.requests(
                        new RequestFilter(Optional.of(RequestState.SENT), Optional.of(METER), Optional.of("4.1.1"), 5)))
                .extracting(RequestRecord::id)
                .containsExactly(second);
    }

    // one transaction for many is worth it; a failing unit must not cost its neighbours anything
    @Test
    void concurrentWritesShareTransactionsAndAFailureAffectsNoOther() throws Exception {
        int count = 400;
        ExecutorService pool = Executors.newFixedThreadPool(32);
        Set<String> ids = ConcurrentHashMap.newKeySet();
        List<Future<?>> futures = new ArrayList<>();
        int[] failures = new int[1];
        long[] before = ledger.groups();
        for (int i = 0; i < count; i++) {
            int number = i;
            futures.add(pool.submit(() -> {
                if (number % 10 == 9) {
                    try {
                        ledger.apply(Change.of("r-none").to(RequestState.SENT, ""));
                    } catch (LedgerException e) {
                        synchronized (failures) {
                            failures[0]++;
                        }
                    }
                } else {
                    ids.add(admitted(number));
                }
            }));
        }
        for (Future<?> future : futures) {
            future.get(30, TimeUnit.SECONDS);
        }
        pool.shutdown();
        assertThat(failures[0]).isEqualTo(count / 10);
        assertThat(ids).hasSize(count - count / 10);
        assertThat(ledger.counts()).containsEntry(RequestState.ADMITTED, (long) (count - count / 10));
        long[] after = ledger.groups();
        assertThat(after[1] - before[1]).as("transactions for %d writes", count).isLessThan(count / 2);
    }

    @Test
    void idsAndTimesAreThoseOfTheGivenClock() {
        Instant time = Instant.parse("2031-02-03T04:05:06.789Z");
        String before = admitted(1);
        ledger.useClock(Clock.fixed(time, ZoneOffset.UTC));
        String id = admitted(2);
        assertThat(Ids.time(before)).isBefore(Instant.parse("2031-01-01T00:00:00Z"));
        assertThat(Ids.time(id)).isEqualTo(time);
        assertThat(ledger.newest()).contains(time);
        ledger.apply(Change.of(id)
                .from(RequestState.ADMITTED)
                .to(RequestState.SENT, "test")
                .remark("seen"));
        RequestRecord record = ledger.find(id).orElseThrow();
        assertThat(record.createdAt()).isEqualTo(time);
        assertThat(record.updatedAt()).isEqualTo(time);
        assertThat(ledger.path(id))
                .isNotEmpty()
                .allSatisfy(step -> assertThat(step.at()).isEqualTo(time));
        assertThat(ledger.remarks(id))
                .hasSize(1)
                .allSatisfy(remark -> assertThat(remark.at()).isEqualTo(time));
        assertThat(ledger.counters().next(Eui64.parse("90B3D51F30990000"))).isEqualTo(time.toEpochMilli());
    }
}
