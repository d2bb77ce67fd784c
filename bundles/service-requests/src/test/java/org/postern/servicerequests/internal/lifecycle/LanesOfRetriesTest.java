package org.postern.servicerequests.internal.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postern.catalogue.Channel;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.InboundIdentity;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ReplyAddress;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ResponseCodes;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.gatewayclient.DccGateway;
import org.postern.gatewayclient.Exchange;
import org.postern.ledger.Change;
import org.postern.ledger.InboundDocument;
import org.postern.ledger.Ledger;
import org.postern.ledger.LedgerException;
import org.postern.ledger.NewRequest;
import org.postern.ledger.OpenLedger;
import org.postern.ledger.Origin;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestState;
import org.postern.ledger.Target;
import org.postern.ledger.standalone.LedgerFiles;
import org.postern.servicerequests.UserRoles;
import org.postern.servicerequests.WorkStep;
import org.postern.servicerequests.internal.inbound.Processing;
import org.postern.servicerequests.internal.inbound.Processor;
import org.postern.servicerequests.internal.reading.OwnDocuments;
import org.postern.testkit.AskedClock;
import org.postern.testkitservices.ForwardingLedger;

/** Work that comes again comes in the lane that it was in, whatever made it come again. */
class LanesOfRetriesTest {

    private static final Eui64 USER = Eui64.parse("90B3D51F30010000");
    private static final Eui64 METER = Eui64.parse("00DB1234567890A0");
    private static final long WAIT_SECONDS = 20;

    @TempDir
    Path folder;

    private final BlockingQueue<String> offered = new LinkedBlockingQueue<>();
    private final CountingMetrics metrics = new CountingMetrics();
    private Instant wall = Instant.parse("2026-11-28T12:00:00Z");
    private Exchange exchange = new Exchange.Unreachable("no route");
    private Set<String> away = Set.of();
    private long counter;
    private OpenLedger ledger;
    private WorkOffers offers;
    private Dispatcher dispatcher;
    private Timers timers;
    private Processing processing;
    private LedgerOutbox outbox;

    @BeforeEach
    void open() {
        Clock clock = new AskedClock(() -> wall);
        ledger = LedgerFiles.open(folder.resolve("ledger.db"), clock);
        begin(new TrustedClock(clock, () -> TimeUnit.MILLISECONDS.toNanos(wall.toEpochMilli()), metrics));
    }

    private void begin(TrustedClock clock) {
        Ledger sometimes = new ForwardingLedger(ledger) {
            @Override
            protected void before(String method, Object... arguments) {
                if (away.contains(method)) {
                    throw new LedgerException(
                            LedgerException.Kind.UNAVAILABLE, "ledger", "on disk first", "away", "wait");
                }
            }
        };
        ServiceCatalogue catalogue = new ServiceCatalogue();
        Backoff soon = new Backoff(Duration.ofMillis(5), Duration.ofMillis(5));
        DuisReader reader = new DuisReader(DuisLimits.DEFAULT);
        offers = new WorkOffers(System::nanoTime);
        offers.bind((step, lane, id) -> offered.add(step + " " + lane + " " + id));
        Progress progress = new Progress(sometimes, offers, metrics);
        FutureDatedRequests dated = new FutureDatedRequests(sometimes, catalogue, Duration.ofMinutes(10));
        Settlement settlement = new Settlement(new Settlement.Collaborators(
                reader,
                null,
                ResponseCodes.standard(),
                catalogue,
                fake(UserRoles.class, (method, args) -> Optional.empty()),
                sometimes,
                progress,
                null,
                metrics,
                dated,
                clock));
        DccGateway gateway = fake(DccGateway.class, (method, args) -> exchange);
        Attempts attempts = new Attempts(clock, soon, 5);
        ExchangedAnswers answers =
                new ExchangedAnswers(sometimes, null, reader, settlement, null, progress, attempts, clock);
        Endings endings = new Endings(sometimes, progress, dated, clock, Duration.ofHours(48));
        dispatcher = new Dispatcher(
                sometimes,
                new OwnDocuments(sometimes, reader),
                offers,
                new Sender(null, gateway, answers, progress, attempts, metrics, clock::nanos),
                null,
                endings,
                progress,
                attempts);
        timers = new Timers(sometimes, offers, endings, clock, metrics);
        processing = new Processing(
                new Processor(sometimes, settlement, metrics, clock::nanos), sometimes, progress, soon, offers, timers);
        outbox = new LedgerOutbox(sometimes, soon, offers, timers, metrics, clock);
        for (WorkStep step : WorkStep.values()) {
            offers.unmark(step);
        }
    }

    private interface Answer {
        Object to(java.lang.reflect.Method method, Object[] args) throws Throwable;
    }

    private static <T> T fake(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> answer.to(method, args)));
    }

    @AfterEach
    void close() {
        timers.close();
        ledger.close();
    }

    private String admitted(String service, Lane lane) {
        RequestId id = new RequestId(USER, METER, ++counter);
        return ledger.admit(new NewRequest(
                        new Origin(Channel.JMS, Optional.empty(), Optional.empty(), "crm", "xml"),
                        new byte[] {1},
                        Optional.of(id),
                        new Target(
                                Optional.of(UserRole.IS),
                                Optional.of(service),
                                Optional.of(CommandVariant.CV1),
                                Optional.of(METER)),
                        lane,
                        Optional.of(new byte[] {1}),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()))
                .id();
    }

    private String sent(Lane lane) {
        String id = admitted("4.1.1", lane);
        ledger.apply(
                Change.of(id).wire(ServiceEndpoint.SEND_COMMAND, new byte[] {1}).to(RequestState.SENT, ""));
        return id;
    }

    private String answered(String request) {
        RequestId id = ledger.find(request).orElseThrow().requestId().orElseThrow();
        return ledger.store(new InboundDocument(
                        new InboundIdentity("answer to " + request),
                        Optional.of(id),
                        "answer",
                        "I0",
                        new byte[] {1},
                        wall,
                        "DCC",
                        "",
                        ""))
                .id();
    }

    private String delivery(String id, Optional<String> request, DeliveryKind kind) {
        ledger.apply(Change.ofNone()
                .deliver(OutboxEntry.pending(
                        id,
                        request,
                        kind,
                        ReplyAddress.COMMON,
                        Map.of(),
                        "text/plain",
                        new byte[] {1},
                        Optional.empty())));
        return id;
    }

    private String next() throws InterruptedException {
        return offered.poll(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    /** Lets the time of the next attempt come. */
    private void later() {
        wall = wall.plusSeconds(2);
        timers.tick();
    }

    @ParameterizedTest
    @EnumSource(Lane.class)
    void aRequestThatTheDccDidNotAcceptIsRetriedInItsLane(Lane lane) throws Exception {
        String id = sent(lane);
        for (Exchange failure : new Exchange[] {
            new Exchange.Unreachable("no route"),
            new Exchange.InDoubt("reset"),
            new Exchange.Refused(503, Optional.empty(), "")
        }) {
            exchange = failure;
            dispatcher.step(id);
            later();
            assertThat(next()).isEqualTo("DISPATCH " + lane + " " + id);
        }
    }

    @ParameterizedTest
    @EnumSource(Lane.class)
    void aTopUpThatWaitsForAnEarlierOneIsRetriedInItsLane(Lane lane) throws Exception {
        String first = admitted("2.2", lane);
        String second = admitted("2.2", lane);
        ledger.apply(Change.of(first)
                .wire(ServiceEndpoint.SEND_COMMAND, new byte[] {1})
                .to(RequestState.SENT, ""));
        dispatcher.step(second);
        assertThat(ledger.find(second).orElseThrow().progress().cause()).contains("earlier top-up");
        later();
        assertThat(next()).isEqualTo("DISPATCH " + lane + " " + second);
    }

    // the ledger itself may be what is away: the lane is known from the queue that the document was taken from
    @ParameterizedTest
    @EnumSource(Lane.class)
    void aDocumentThatCannotBeProcessedNowIsRetriedInItsLane(Lane lane) throws Exception {
        String inbound = answered(sent(lane));
        for (int i = 0; i < 3; i++) {
            offers.offer(WorkStep.PROCESS, lane, inbound);
            assertThat(next()).isEqualTo("PROCESS " + lane + " " + inbound);
            away = Set.of("inbound", "findByRequestId");
            processing.process(inbound);
            assertThat(next()).isEqualTo("PROCESS " + lane + " " + inbound);
            away = Set.of();
        }
        // of another node, or of a restart: the ledger knows
        offers.taken(WorkStep.PROCESS, inbound);
        away = Set.of("find", "apply");
        processing.process(inbound);
        assertThat(next()).isEqualTo("PROCESS " + lane + " " + inbound);
    }

    @ParameterizedTest
    @EnumSource(Lane.class)
    void aFailedDeliveryWithoutARequestIsRetriedInItsLane(Lane lane) throws Exception {
        String id = delivery("d-" + lane, Optional.empty(), DeliveryKind.RESULT);
        offers.offer(WorkStep.DELIVER, lane, id);
        assertThat(next()).isEqualTo("DELIVER " + lane + " " + id);
        outbox.failed(outbox.take(id).orElseThrow(), lane, "JMSException");
        assertThat(next()).isEqualTo("DELIVER " + lane + " " + id);
        assertThat(ledger.delivery(id).orElseThrow().attempts()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Lane.class)
    void afterARestartEverythingUnfinishedComesInItsLane(Lane lane) throws Exception {
        String request = sent(lane);
        String inbound = answered(request);
        String entry = delivery("d-" + lane, Optional.of(request), DeliveryKind.RESULT);
        assertThat(timers.rebuild().all()).isEqualTo(3);
        assertThat(offered)
                .containsExactlyInAnyOrder(
                        "DISPATCH " + lane + " " + request,
                        "PROCESS " + lane + " " + inbound,
                        "DELIVER " + lane + " " + entry);
    }

    @Test
    void whatBelongsToNoRequestComesAfterARestartAsItWentAtFirst() {
        String alert = delivery("alert", Optional.empty(), DeliveryKind.ALERT);
        String run = delivery("run", Optional.empty(), DeliveryKind.RESULT);
        timers.rebuild();
        assertThat(offered).containsExactlyInAnyOrder("DELIVER INTERACTIVE " + alert, "DELIVER ROUTINE " + run);
    }
}
