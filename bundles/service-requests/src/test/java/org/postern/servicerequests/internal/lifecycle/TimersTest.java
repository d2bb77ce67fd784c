package org.postern.servicerequests.internal.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Lane;
import org.postern.ledger.DueWork;
import org.postern.ledger.Ledger;
import org.postern.ledger.PendingWork;
import org.postern.servicerequests.ServiceRequests.Rebuilt;
import org.postern.servicerequests.ServiceRequests.Sweep;
import org.postern.servicerequests.WorkStep;
import org.postern.testkit.Await;

class TimersTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");

    private final Map<String, Instant> waiting = new TreeMap<>();
    private final List<String> overdue = new ArrayList<>();
    private final List<String> offered = new ArrayList<>();
    private final CountingMetrics metrics = new CountingMetrics();
    private final AtomicInteger looks = new AtomicInteger();
    private volatile int withoutClass;
    private volatile Thread offering;
    private Instant wall = NOON;
    private long nanos;
    private WorkOffers offers;
    private Timers timers;

    @BeforeEach
    void begin() {
        Ledger ledger = (Ledger) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Ledger.class}, (proxy, method, a) ->
                switch (method.getName()) {
                    case "retriesDue" -> {
                        if (looks.incrementAndGet() == withoutClass) {
                            throw new NoClassDefFoundError("trial");
                        }
                        yield due((Instant) a[0], (Optional<?>) a[1], (int) a[2]);
                    }
                    case "stepsOutstanding" -> waiting.entrySet().stream().filter(e -> !e.getValue().isAfter((Instant) a[0]))
                            .filter(e -> e.getKey().compareTo((String) a[1]) > 0).limit((int) a[2])
                            .map(e -> new PendingWork(e.getKey(), Lane.ROUTINE)).toList();
                    case "overdue" -> {
                        overdue.add("asked");
                        yield List.of();
                    }
                    default -> List.of();
                });
        offers = new WorkOffers(() -> nanos);
        offers.bind((step, lane, id) -> {
            offering = Thread.currentThread();
            offered.add(id);
        });
        for (WorkStep step : WorkStep.values()) {
            offers.takeDebt(step);
        }
        TrustedClock clock = new TrustedClock(new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return wall;
            }
        }, () -> nanos, metrics);
        Dispatcher dispatcher = new Dispatcher(ledger, null, offers, null, null, null, null, null);
        timers = new Timers(ledger, offers, dispatcher, new Endings(ledger, null, null, clock, Duration.ofHours(48)),
                clock, metrics);
    }

    @AfterEach
    void end() {
        timers.close();
    }

    private List<DueWork> due(Instant until, Optional<?> after, int limit) {
        return waiting.entrySet().stream().map(e -> new DueWork(e.getKey(), Lane.ROUTINE, e.getValue()))
                .filter(work -> !work.at().isAfter(until))
                .sorted(Comparator.comparing(DueWork::at).thenComparing(DueWork::id))
                .filter(work -> after.isEmpty() || Comparator.comparing(DueWork::at).thenComparing(DueWork::id)
                        .compare(work, (DueWork) after.get()) > 0).limit(limit).toList();
    }

    private void passes(Duration time) {
        wall = wall.plus(time);
        nanos += time.toNanos();
        timers.tick();
    }

    @Test
    void aClassThatIsMissingWhileModulesComeAndGoEndsNoLook() throws Exception {
        withoutClass = 1;
        timers.start();
        Await.until("it looks again", SOON, () -> looks.get() > 1);
    }

    @Test
    void aThreadThatNobodyClosedEndsWhereNothingIsToBeDone() throws Exception {
        timers.later(WorkStep.DISPATCH, Lane.ROUTINE, "r1", Duration.ZERO);
        Await.until("it is offered", SOON, () -> offering != null);
        Await.until("its thread has ended", SOON, () -> !offering.isAlive());
    }

    @Test
    void twoThousandFiveHundredThatWaitForTheDccAreAllOfferedOnceEach() {
        for (int i = 0; i < 2500; i++) {
            waiting.put("r" + i, NOON.plusSeconds(2));
        }
        passes(Duration.ofSeconds(1));
        assertThat(offered).isEmpty();
        passes(Duration.ofSeconds(2));
        passes(Duration.ofSeconds(1));
        assertThat(offered).hasSize(2500);
        assertThat(new HashSet<>(offered)).isEqualTo(waiting.keySet());
    }

    @Test
    void aPauseOfTheMachineLosesNothing() {
        waiting.put("r1", NOON.plusSeconds(5));
        passes(Duration.ofMinutes(7));
        assertThat(offered).containsExactly("r1");
    }

    @Test
    void aStepOfTheClockBackDoesNotFreezeWhatWaitsAndHoldsWhatIsOverdue() {
        waiting.put("r1", NOON.plusSeconds(5));
        wall = wall.minus(Duration.ofDays(1));
        passes(Duration.ofSeconds(6));
        assertThat(offered).containsExactly("r1");
        assertThat(overdue).isEmpty();
    }

    @Test
    void aStepForwardByNineYearsEndsNothing() {
        wall = wall.plus(Duration.ofDays(9 * 365));
        passes(Duration.ofSeconds(1));
        assertThat(overdue).isEmpty();
    }

    @Test
    void theSweepFindsWhatNobodyHasInHandAndSaysSo() {
        waiting.put("lost", NOON);
        waiting.put("queued", NOON);
        offers.offer(WorkStep.DISPATCH, Lane.ROUTINE, "queued");
        offered.clear();
        assertThat(timers.lastSweep()).isEmpty();
        assertThat(timers.sweep()).isEqualTo(new Sweep(NOON, new Rebuilt(2, 0, 0), new Rebuilt(1, 0, 0)));
        assertThat(offered).containsExactly("lost");
        assertThat(metrics.snapshot()).containsEntry("postern_sweep_found_total{work=\"step\"}", 1L);
        assertThat(timers.lastSweep().orElseThrow().found().steps()).isEqualTo(1);
        assertThat(timers.sweep().found().steps()).as("now it is in hand").isZero();
        nanos += Timers.UNTAKEN.plusSeconds(1).toNanos();
        assertThat(timers.sweep().found().steps()).as("taken by nobody for long").isEqualTo(2);
    }
}
