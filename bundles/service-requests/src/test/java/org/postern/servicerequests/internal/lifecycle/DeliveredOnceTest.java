package org.postern.servicerequests.internal.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.DeliveryState;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ReplyAddress;
import org.postern.ledger.Change;
import org.postern.ledger.Ledger;
import org.postern.ledger.LedgerException;
import org.postern.ledger.NewRequest;
import org.postern.ledger.OpenLedger;
import org.postern.ledger.Origin;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestFilter;
import org.postern.ledger.RequestState;
import org.postern.ledger.Target;
import org.postern.ledger.standalone.LedgerFiles;
import org.postern.servicerequests.WorkStep;
import org.postern.testkitservices.ForwardingLedger;

/** What has left does not leave again while this process knows of it. */
class DeliveredOnceTest {

    private static final String ENTRY = "d1";
    private static final String OFFER = "DELIVER ROUTINE d1";

    @TempDir
    Path folder;

    private final List<String> offered = new ArrayList<>();
    private final Deque<Callable<?>> scheduled = new ArrayDeque<>();
    private final List<Long> distances = new ArrayList<>();
    private Runnable afterCommit = () -> {};
    private final CountingMetrics metrics = new CountingMetrics();
    private boolean marksFail;
    private boolean damaged;
    private boolean marksThrow;
    private OpenLedger ledger;
    private Progress progress;
    private Timers timers;
    private WorkOffers offers;
    private LedgerOutbox outbox;

    @BeforeEach
    void open() {
        ledger = LedgerFiles.open(folder.resolve("ledger.db"), Clock.systemUTC());
        Ledger seen = new Seen(ledger);
        TrustedClock clock = new TrustedClock(Clock.systemUTC(), System::nanoTime, metrics);
        offers = new WorkOffers(System::nanoTime);
        offers.bind((step, lane, id) -> offered.add(step + " " + lane + " " + id));
        progress = new Progress(seen, offers, metrics);
        timers = new Timers(seen, offers, null, clock, metrics, (ScheduledExecutorService) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ScheduledExecutorService.class}, this::later));
        outbox = new LedgerOutbox(
                seen,
                new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1), () -> 0),
                offers,
                timers,
                metrics,
                clock);
        for (WorkStep step : WorkStep.values()) {
            offers.unmark(step);
        }
    }

    /** The ledger, with what fails now. */
    private final class Seen extends ForwardingLedger {

        Seen(Ledger ledger) {
            super(ledger);
        }

        @Override
        protected void before(String method, Object... arguments) {
            if (marksThrow && method.equals("deliveredAsync")) {
                throw new NoClassDefFoundError("org/postern/ledger/internal/Writes");
            }
            if (marksFail && method.equals("deliveredAsync")) {
                throw new LedgerException(
                        LedgerException.Kind.UNAVAILABLE, "ledger", "on disk first", "full", "make room");
            }
            if (damaged && method.equals("delivery")) {
                throw new LedgerException(
                        LedgerException.Kind.DOCUMENT_DAMAGED,
                        "outbox/" + arguments[0],
                        "what was written",
                        "a different digest",
                        "mend it");
            }
        }

        @Override
        public boolean apply(Change change) {
            boolean applied = super.apply(change);
            afterCommit.run();
            return applied;
        }
    }

    private Object later(Object proxy, Method method, Object[] args) {
        if (method.getName().equals("schedule")) {
            scheduled.add((Callable<?>) args[0]);
            distances.add((Long) args[1]);
        }
        return null;
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private void responded() {
        String id = ledger.admit(new NewRequest(
                        new Origin(Channel.JMS, Optional.empty(), Optional.empty(), "crm", "xml"),
                        new byte[] {1},
                        Optional.empty(),
                        new Target(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
                        Lane.ROUTINE,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()))
                .id();
        assertThat(ledger.apply(Change.of(id).to(RequestState.SENT, ""))).isTrue();
        assertThat(progress.apply(
                        Change.of(id)
                                .from(RequestState.SENT)
                                .to(RequestState.RESPONDED, "")
                                .deliver(OutboxEntry.pending(
                                        ENTRY,
                                        Optional.of(id),
                                        DeliveryKind.RESULT,
                                        ReplyAddress.COMMON,
                                        Map.of(),
                                        "t",
                                        new byte[] {1},
                                        Optional.empty())),
                        Lane.ROUTINE))
                .isTrue();
    }

    /** Every write that was submitted so far is on disk when it returns. */
    private void settled() {
        ledger.deliveryFailed("none", Instant.EPOCH);
        ledger.deliveryFailed("none", Instant.EPOCH);
    }

    @Test
    void aDamagedDeliveryIsCheckedWithGrowingDelaysAndDeliveredWhenRepaired() throws Exception {
        responded();
        assertThat(offers.written().delivery(ENTRY)).as("as after a restart").isPresent();
        damaged = true;
        assertThat(outbox.take(ENTRY)).isEmpty();
        assertThat(outbox.take(ENTRY)).isEmpty();
        assertThat(distances).containsExactly(500L, 1000L);
        String request = ledger.requests(new RequestFilter(Optional.empty(), Optional.empty(), Optional.empty(), 1))
                .get(0)
                .id();
        assertThat(ledger.remarks(request))
                .singleElement()
                .satisfies(remark -> assertThat(remark.text()).contains(ENTRY, "PST-6015"));
        assertThat(ledger.deliveriesOutstanding(Instant.now().minusSeconds(60), "", 10))
                .as("later")
                .isEmpty();
        assertThat(ledger.outboxCounts()).containsEntry(DeliveryState.PENDING, 1L);
        assertThat(metrics.snapshot()).containsEntry("postern_outbox_total{outcome=\"damaged\"}", 2L);

        damaged = false;
        assertThat(outbox.take(ENTRY))
                .hasValueSatisfying(entry -> assertThat(entry.attempts()).isEqualTo(2));
        outbox.delivered(ENTRY);
        settled();
        assertThat(state()).isEqualTo(DeliveryState.DELIVERED);
    }

    @Test
    void aDamagedDeliveryDoesNotStopTheSweep() throws Exception {
        responded();
        assertThat(offers.written().delivery(ENTRY)).isPresent();
        damaged = true;
        offers.taken(WorkStep.DELIVER, ENTRY);
        offers.done(WorkStep.DELIVER, ENTRY);
        offered.clear();
        assertThat(timers.sweep(Instant.now().plusSeconds(60)).found().deliveries())
                .isEqualTo(1);
        assertThat(offered).containsExactly(OFFER);
    }

    private DeliveryState state() {
        return ledger.delivery(ENTRY).orElseThrow().state();
    }

    @Test
    void anEntryDeliveredThroughTheTimersIsNotDeliveredAgain() {
        afterCommit = () -> {
            timers.rebuild();
            assertThat(offered).contains(OFFER);
            assertThat(outbox.take(ENTRY)).isPresent();
            outbox.delivered(ENTRY);
            settled();
        };
        responded();
        assertThat(state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(outbox.take(ENTRY)).isEmpty();
    }

    @Test
    void whatTheTimersFoundBeforeItsWriterWentOnIsOfferedOnce() {
        afterCommit = timers::rebuild;
        responded();
        assertThat(offered.stream().filter(OFFER::equals)).hasSize(1);
        assertThat(outbox.take(ENTRY)).isPresent();
    }

    @Test
    void aMarkThatCannotBeWrittenIsWrittenLaterWithGrowingDistance() throws Exception {
        responded();
        assertThat(outbox.take(ENTRY)).isPresent();
        marksFail = true;
        outbox.delivered(ENTRY);
        offered.clear();
        assertThat(timers.rebuild().all()).as("it is in progress").isZero();
        assertThat(offers.isMarked(WorkStep.DELIVER)).isFalse();

        scheduled.remove().call();
        assertThat(offered).containsExactly(OFFER);
        assertThat(outbox.take(ENTRY)).as("it has been delivered").isEmpty();
        scheduled.remove().call();
        marksFail = false;
        assertThat(outbox.take(ENTRY)).isEmpty();
        settled();
        assertThat(state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(distances).containsExactly(500L, 1000L);
        assertThat(scheduled).isEmpty();
        assertThat(offers.inProgress(WorkStep.DELIVER, ENTRY)).isFalse();
        assertThat(ledger.delivery(ENTRY).orElseThrow().attempts()).isZero();
    }

    /** As while a module is exchanged: until then only a restart wrote it. */
    @Test
    void aMarkThatCannotBeSubmittedIsWrittenLater() throws Exception {
        responded();
        assertThat(outbox.take(ENTRY)).isPresent();
        marksThrow = true;
        outbox.delivered(ENTRY);
        marksThrow = false;
        scheduled.remove().call();
        assertThat(outbox.take(ENTRY)).as("it has been delivered").isEmpty();
        settled();
        assertThat(state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(offers.inProgress(WorkStep.DELIVER, ENTRY)).isFalse();
    }
}
