package org.postern.servicerequests.internal.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.DeliveryState;
import org.postern.catalogue.InboundIdentity;
import org.postern.catalogue.InboundState;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ReplyAddress;
import org.postern.ledger.DueWork;
import org.postern.ledger.InboundRecord;
import org.postern.ledger.Ledger;
import org.postern.ledger.LedgerException;
import org.postern.ledger.Origin;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.PendingWork;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.Target;
import org.postern.servicerequests.ServiceRequests.Rebuilt;
import org.postern.servicerequests.ServiceRequests.Sweep;
import org.postern.servicerequests.WorkStep;
import org.postern.testkit.AskedClock;
import org.postern.testkit.Await;
import org.postern.testkitservices.ForwardingLedger;

class TimersTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");

    private final Map<String, Instant> waiting = new TreeMap<>();
    private final Map<String, Instant> documents = new TreeMap<>();
    private final Map<String, Instant> deliveries = new TreeMap<>();
    private final List<String> overdue = new ArrayList<>();
    private final List<Duration> putBack = new ArrayList<>();
    private final List<String> offered = new ArrayList<>();
    private final CountingMetrics metrics = new CountingMetrics();
    private final AtomicInteger looks = new AtomicInteger();
    private volatile int withoutClass;
    private volatile Thread offering;
    private RequestState state = RequestState.SENT;
    private Instant wall = NOON;
    private LedgerException.Kind putBackFailure;
    private long nanos;
    private WorkOffers offers;
    private TrustedClock clock;
    private Timers timers;

    @BeforeEach
    void begin() {
        Ledger ledger = new Works();
        offers = new WorkOffers(() -> nanos);
        offers.bind((step, lane, id) -> {
            offering = Thread.currentThread();
            offered.add(id);
        });
        for (WorkStep step : WorkStep.values()) {
            offers.unmark(step);
        }
        clock = new TrustedClock(new AskedClock(() -> wall), () -> nanos, metrics);
        timers = new Timers(
                ledger, offers, new Endings(ledger, null, null, clock, Duration.ofHours(48)), clock, metrics);
    }

    @ParameterizedTest
    @CsvSource({"UNAVAILABLE, 1", "UNDECIDED, 0"})
    void attemptsThatCouldNotBeMovedAreMovedLaterAndOnlyOnce(LedgerException.Kind failure, int times) {
        wall = NOON.minus(Duration.ofHours(1));
        timers.tick();
        clock.observed(wall);
        putBackFailure = failure;
        int looked = looks.get();
        timers.tick();
        assertThat(looks.get()).isGreaterThan(looked);
        putBackFailure = null;
        timers.tick();
        timers.tick();
        assertThat(putBack).hasSize(times).allMatch(Duration.ofHours(1)::equals);
    }

    @AfterEach
    void end() {
        timers.close();
    }

    // one document of the DCC puts the clock right: what was planned by the wrong one must not wait for as long
    @Test
    void plannedWorkIsMovedWithTheClock() {
        wall = NOON.minus(Duration.ofHours(1));
        timers.tick();
        assertThat(putBack).as("the trusted clock continues").isEmpty();
        clock.observed(wall);
        timers.tick();
        timers.tick();
        assertThat(putBack).containsExactly(Duration.ofHours(1));
    }

    @Test
    void nothingIsOverdueBeforeTheTimeIsConfirmedAfterAStart() {
        clock.startAfter(Optional.of(NOON.minus(Duration.ofDays(3))));
        timers.tick();
        assertThat(clock.trusted()).isTrue();
        assertThat(overdue).isEmpty();
        clock.observed(NOON);
        timers.tick();
        assertThat(overdue).isNotEmpty();
    }

    /** A ledger of what waits, and nothing else. */
    private final class Works extends ForwardingLedger {

        @Override
        public List<DueWork> retriesDue(Instant until, Optional<DueWork> after, int limit) {
            if (looks.incrementAndGet() == withoutClass) {
                throw new NoClassDefFoundError("trial");
            }
            return due(until, after, limit);
        }

        @Override
        public List<PendingWork> stepsOutstanding(Instant now, String after, int limit) {
            return waiting.entrySet().stream()
                    .filter(e -> !e.getValue().isAfter(now))
                    .filter(e -> e.getKey().compareTo(after) > 0)
                    .limit(limit)
                    .map(e -> new PendingWork(e.getKey(), Lane.ROUTINE))
                    .toList();
        }

        @Override
        public Optional<RequestRecord> find(String id) {
            return Optional.ofNullable(waiting.get(id)).map(at -> request(id, at));
        }

        @Override
        public List<PendingWork> processingOutstanding(String after, int limit) {
            return pages(documents, after, limit);
        }

        @Override
        public Optional<InboundRecord> inbound(String id) {
            return Optional.ofNullable(documents.get(id)).map(at -> document(id, at));
        }

        @Override
        public List<PendingWork> deliveriesOutstanding(Instant now, String after, int limit) {
            return pages(deliveries, after, limit);
        }

        @Override
        public Optional<OutboxEntry> delivery(String id) {
            return Optional.ofNullable(deliveries.get(id)).map(at -> TimersTest.delivery(id, at));
        }

        @Override
        public void clockPutBack(Instant now, Duration by) {
            if (putBackFailure != null) {
                throw new LedgerException(putBackFailure, "ledger", "rule", "trial", "none");
            }
            putBack.add(by);
        }

        @Override
        public List<PendingWork> overdue(Instant now, int limit) {
            overdue.add("asked");
            return List.of();
        }
    }

    private List<DueWork> due(Instant until, Optional<?> after, int limit) {
        return waiting.entrySet().stream()
                .map(e -> new DueWork(e.getKey(), Lane.ROUTINE, e.getValue()))
                .filter(work -> !work.at().isAfter(until))
                .sorted(Comparator.comparing(DueWork::at).thenComparing(DueWork::id))
                .filter(work -> after.isEmpty()
                        || Comparator.comparing(DueWork::at)
                                        .thenComparing(DueWork::id)
                                        .compare(work, (DueWork) after.get())
                                > 0)
                .limit(limit)
                .toList();
    }

    private static List<PendingWork> pages(Map<String, Instant> works, String after, int limit) {
        return works.keySet().stream()
                .filter(id -> id.compareTo(after) > 0)
                .limit(limit)
                .map(id -> new PendingWork(id, Lane.ROUTINE))
                .toList();
    }

    private RequestRecord request(String id, Instant at) {
        return new RequestRecord(
                id,
                Optional.empty(),
                new Origin(Channel.JMS, Optional.empty(), Optional.empty(), "crm", "xml"),
                new Target(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
                Lane.ROUTINE,
                new RequestRecord.Progress(state, "", Optional.empty(), Optional.empty()),
                new RequestRecord.Sending(Optional.empty(), 1, Optional.of(at), 0),
                RequestRecord.Timing.NONE,
                at.minusSeconds(1),
                at.minusSeconds(1));
    }

    private static InboundRecord document(String id, Instant at) {
        return new InboundRecord(
                id,
                new InboundIdentity(id),
                Optional.empty(),
                "",
                "",
                "",
                at,
                "",
                InboundState.STORED,
                "",
                new byte[0]);
    }

    private static OutboxEntry delivery(String id, Instant at) {
        return new OutboxEntry(
                id,
                Optional.empty(),
                DeliveryKind.RESULT,
                ReplyAddress.COMMON,
                Map.of(),
                "",
                new byte[0],
                Optional.empty(),
                DeliveryState.PENDING,
                0,
                at);
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
    void aClockThatIsSetBackDelaysNoRetryAndEndsNothing() {
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
    void theSweepFindsWorkThatIsNotInProgressAndReportsIt() {
        waiting.put("lost", NOON.minus(Timers.SETTLED));
        waiting.put("queued", NOON.minus(Timers.SETTLED));
        offers.offer(WorkStep.DISPATCH, Lane.ROUTINE, "queued");
        offered.clear();
        assertThat(timers.lastSweep()).isEmpty();
        assertThat(timers.sweep(NOON)).isEqualTo(new Sweep(NOON, new Rebuilt(2, 0, 0), new Rebuilt(1, 0, 0)));
        assertThat(offered).containsExactly("lost");
        assertThat(metrics.snapshot()).containsEntry("postern_sweep_found_total{work=\"step\"}", 1L);
        assertThat(timers.lastSweep().orElseThrow().found().steps()).isEqualTo(1);
        assertThat(timers.sweep(NOON).found().steps())
                .as("now it is in progress")
                .isZero();
        nanos += Timers.MAX_IN_PROGRESS.plusSeconds(1).toNanos();
        assertThat(timers.sweep(NOON).found().steps())
                .as("not taken for a long time")
                .isEqualTo(2);
    }

    private void old(String id) {
        Instant before = NOON.minus(Timers.SETTLED);
        waiting.put(id, before);
        documents.put(id, before);
        deliveries.put(id, before);
    }

    @Test
    void workInProgressDuringTheSweepIsNotFound() {
        old("r1");
        for (WorkStep step : WorkStep.values()) {
            offers.offer(step, Lane.ROUTINE, "r1");
            offers.taken(step, "r1");
        }
        assertThat(timers.sweep(NOON)).isEqualTo(new Sweep(NOON, new Rebuilt(1, 1, 1), new Rebuilt(0, 0, 0)));
        // who was at it came to an end without having done it
        for (WorkStep step : WorkStep.values()) {
            offers.done(step, "r1");
        }
        assertThat(timers.sweep(NOON).found()).isEqualTo(new Rebuilt(1, 1, 1));
    }

    @Test
    void plannedRetriesAreNotFound() {
        old("r1");
        offers.taken(WorkStep.PROCESS, "r1");
        offers.taken(WorkStep.DELIVER, "r1");
        timers.later(WorkStep.PROCESS, Lane.ROUTINE, "r1", Duration.ofMinutes(1));
        timers.later(WorkStep.DELIVER, Lane.ROUTINE, "r1", Duration.ofMinutes(1));
        assertThat(timers.sweep(NOON).found()).isEqualTo(new Rebuilt(1, 0, 0));
    }

    @Test
    void whatWasDoneBetweenThePageAndTheLookIsNotFound() {
        waiting.put("r1", NOON.minus(Timers.SETTLED));
        state = RequestState.ACKNOWLEDGED;
        assertThat(timers.sweep(NOON)).isEqualTo(new Sweep(NOON, new Rebuilt(1, 0, 0), new Rebuilt(0, 0, 0)));
        assertThat(offered).isEmpty();
    }

    @Test
    void recentWorkIsLeftForTheNextSweep() {
        old("r1");
        Instant soon = NOON.minusMillis(1);
        assertThat(timers.sweep(soon).found().all()).isZero();
        assertThat(timers.sweep(NOON).found()).isEqualTo(new Rebuilt(1, 1, 1));
    }

    @Test
    void refusedOffersAreMarked() {
        old("r1");
        offers.markAll();
        assertThat(timers.sweep(NOON).found().all()).isZero();
        timers.tick();
        assertThat(offered).containsExactly("r1", "r1", "r1");
    }
}
