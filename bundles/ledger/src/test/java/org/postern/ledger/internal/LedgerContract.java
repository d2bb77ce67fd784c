package org.postern.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Channel;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.CorrelationVerdict;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.DeliveryState;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.InboundIdentity;
import org.postern.catalogue.InboundState;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ReplyAddress;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.catalogue.Sha256;
import org.postern.catalogue.UserRole;
import org.postern.ledger.Admitted;
import org.postern.ledger.Change;
import org.postern.ledger.Evidence;
import org.postern.ledger.InboundDocument;
import org.postern.ledger.InboundResult;
import org.postern.ledger.LedgerException;
import org.postern.ledger.NewRequest;
import org.postern.ledger.Origin;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.PendingWork;
import org.postern.ledger.RequestFilter;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.StoredRequest;
import org.postern.ledger.Target;
import org.postern.ledger.Transition;

/** What every engine must keep to; run against SQLite and PostgreSQL. */
abstract class LedgerContract {

    static final Eui64 USER = Eui64.parse("90B3D51F30010000");
    static final RequestId ANSWERED = RequestId.parse("90-B3-D5-1F-30-01-00-00:00-DB-12-34-56-78-90-01:9");
    static final Eui64 METER = Eui64.parse("00DB123456789001");
    static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    JdbcLedger ledger;

    abstract JdbcLedger open(Clock clock);

    @BeforeEach
    void openLedger() {
        ledger = open(Clock.systemUTC());
    }

    @AfterEach
    void closeLedger() {
        if (ledger != null) {
            ledger.close();
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static NewRequest request(long counter, String correlation, String content) {
        return new NewRequest(
                new Origin(Channel.JMS, Optional.ofNullable(correlation), ReplyAddress.parse("replies"), "crm", "xml"),
                bytes(content),
                Optional.of(new RequestId(USER, METER, counter)),
                new Target(
                        Optional.of(UserRole.IS),
                        Optional.of("4.1.1"),
                        Optional.of(CommandVariant.CV1),
                        Optional.of(METER)),
                Lane.ROUTINE,
                Optional.of(bytes("<sr:Request/>")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    String admitted(long counter) {
        return ledger.admit(request(counter, null, "a")).id();
    }

    RequestState state(String id) {
        return ledger.find(id).map(RequestRecord::state).orElseThrow();
    }

    @Test
    void anAdmittedRequestIsFoundWithAllItsFactsAndItsPath() {
        String id = admitted(7);
        RequestRecord found = ledger.findByRequestId(
                        RequestId.parse("90-B3-D5-1F-30-01-00-00:00-DB-12-34-56-78-90-01:7"))
                .orElseThrow();
        assertThat(found.id()).isEqualTo(id);
        assertThat(found.target().role()).contains(UserRole.IS);
        assertThat(found.target().device()).contains(METER);
        assertThat(found.target().variant()).contains(CommandVariant.CV1);
        assertThat(found.lane()).isEqualTo(Lane.ROUTINE);
        assertThat(found.origin().replyTo().map(ReplyAddress::toString)).contains("queue:replies");
        assertThat(ledger.documents(id).orElseThrow().original()).isEqualTo(bytes("a"));
        assertThat(ledger.documents(id).orElseThrow().document()).contains(bytes("<sr:Request/>"));
        assertThat(ledger.path(id))
                .extracting(Transition::to)
                .containsExactly(RequestState.RECEIVED, RequestState.ADMITTED);
        assertThat(ledger.path(id).get(0).digest()).contains(Sha256.hex(bytes("a")));
    }

    @Test
    void theSameCorrelationIdIsTheSameRequestAndAnotherContentIsRefused() {
        Admitted first = ledger.admit(request(1, "c1", "a"));
        assertThat(ledger.admit(request(2, "c1", "a"))).isEqualTo(new Admitted(first.id(), true));
        assertThatThrownBy(() -> ledger.admit(request(3, "c1", "b")))
                .isInstanceOfSatisfying(
                        LedgerException.class,
                        e -> assertThat(e.kind()).isEqualTo(LedgerException.Kind.CORRELATION_REUSED));
        assertThat(ledger.requests(RequestFilter.newest(10))).hasSize(1);
        assertThat(ledger.findByCorrelation(Channel.JMS, "c1").map(RequestRecord::id))
                .contains(first.id());
        assertThat(ledger.findByCorrelation(Channel.HTTP, "c1")).isEmpty();
    }

    @Test
    void aRequestIdTwiceIsRefused() {
        admitted(1);
        assertThatThrownBy(() -> admitted(1))
                .isInstanceOfSatisfying(
                        LedgerException.class, e -> assertThat(e.kind()).isEqualTo(LedgerException.Kind.DUPLICATE));
    }

    @Test
    void aRefusedRequestIsStoredAndLeavesItsCorrelationIdFree() {
        NewRequest refused = new NewRequest(
                new Origin(Channel.HTTP, Optional.of("c9"), Optional.empty(), "", "json"),
                bytes("{"),
                Optional.empty(),
                new Target(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
                Lane.ROUTINE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("PST-2001 not JSON"));
        String id = ledger.admit(refused).id();
        assertThat(state(id)).isEqualTo(RequestState.REJECTED);
        assertThat(ledger.find(id).orElseThrow().progress().cause()).isEqualTo("PST-2001 not JSON");
        assertThat(ledger.find(id).orElseThrow().origin().correlationId()).contains("c9");
        assertThat(ledger.admit(refused).existing()).isFalse();
        assertThat(ledger.findByCorrelation(Channel.HTTP, "c9")).isEmpty();
    }

    @Test
    void aChangeIsAllOrNothing() {
        String id = admitted(1);
        Change change = Change.of(id)
                .from(RequestState.ADMITTED)
                .wire(ServiceEndpoint.SEND_COMMAND, bytes("wire"))
                .to(RequestState.SENT, "signed", Sha256.hex(bytes("wire")))
                .to(RequestState.NOT_CORRELATED, "nonsense")
                .deliver(OutboxEntry.pending(
                        "d1",
                        Optional.of(id),
                        DeliveryKind.RESULT,
                        ReplyAddress.COMMON,
                        Map.of(),
                        "application/xml",
                        bytes("x"),
                        Optional.empty()));
        assertThatThrownBy(() -> ledger.apply(change)).isInstanceOfSatisfying(LedgerException.class, e -> {
            assertThat(e.kind()).isEqualTo(LedgerException.Kind.ILLEGAL_TRANSITION);
            assertThat(e.fault().code()).isEqualTo("PST-6002");
        });
        assertThat(state(id)).isEqualTo(RequestState.ADMITTED);
        assertThat(ledger.documents(id).orElseThrow().wire()).isEmpty();
        assertThat(ledger.path(id)).hasSize(2);
        assertThat(ledger.delivery("d1")).isEmpty();
    }

    @Test
    void aChangeForAnotherStateDoesNothing() {
        String id = admitted(1);
        assertThat(ledger.apply(Change.of(id).from(RequestState.SENT).to(RequestState.ACKNOWLEDGED, "I99")))
                .isFalse();
        assertThat(state(id)).isEqualTo(RequestState.ADMITTED);
        assertThatThrownBy(() -> ledger.apply(Change.of("r-none").to(RequestState.SENT, "")))
                .isInstanceOfSatisfying(
                        LedgerException.class, e -> assertThat(e.kind()).isEqualTo(LedgerException.Kind.NOT_FOUND));
    }

    static Change moved(RequestRecord seen, RequestState to) {
        return Change.of(seen).from(seen.state()).to(to, "why " + to, Sha256.hex(bytes(to.name())));
    }

    // the copy that a step uses after its write equals the stored request
    @Test
    void aChangedCopyEqualsTheStoredRequest() {
        String id = admitted(1);
        List<Function<RequestRecord, Change>> changes = List.of(
                seen -> Change.of(seen).retry(1, NOW.plusSeconds(5), "an earlier one is on its way"),
                seen -> Change.of(seen).noRetry().dueBy(NOW.plusSeconds(60)),
                seen -> moved(seen, RequestState.TRANSFORM_SENT).wire(ServiceEndpoint.TRANSFORM, bytes("cv4")),
                seen -> Change.of(seen)
                        .from(RequestState.TRANSFORM_SENT)
                        .inconclusive(2)
                        .retry(3, NOW.plusSeconds(9), "no answer"),
                seen -> moved(seen, RequestState.CORRELATED)
                        .preCommand(bytes("pre"))
                        .noRetry(),
                seen -> Change.of(seen)
                        .from(RequestState.CORRELATED)
                        .wire(ServiceEndpoint.SEND_COMMAND, bytes("cv5"))
                        .to(RequestState.COMMAND_SIGNED, "")
                        .to(RequestState.SENT, "handed to it"),
                seen -> moved(seen, RequestState.IN_DOUBT).retry(1, NOW.plusSeconds(11), "no answer: reset"),
                seen -> moved(seen, RequestState.ACKNOWLEDGED)
                        .noRetry()
                        .responseCode("I99")
                        .remark("a line"),
                seen -> moved(seen, RequestState.RESPONDED).success(true).responseCode("I0"));
        StoredRequest inHand = ledger.stored(id).orElseThrow();
        for (Function<RequestRecord, Change> make : changes) {
            Change change = make.apply(inHand.record());
            assertThat(ledger.apply(change)).isTrue();
            inHand = inHand.after(change);
            assertThat(inHand.record())
                    .usingRecursiveComparison()
                    .ignoringFields("updatedAt")
                    .isEqualTo(ledger.find(id).orElseThrow());
            assertThat(inHand.documents())
                    .usingRecursiveComparison()
                    .isEqualTo(ledger.documents(id).orElseThrow());
        }
        assertThat(ledger.path(id)).extracting(Transition::sequence).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(ledger.path(id))
                .extracting(t -> t.from().orElse(null))
                .containsExactly(
                        null,
                        RequestState.RECEIVED,
                        RequestState.ADMITTED,
                        RequestState.TRANSFORM_SENT,
                        RequestState.CORRELATED,
                        RequestState.COMMAND_SIGNED,
                        RequestState.SENT,
                        RequestState.IN_DOUBT,
                        RequestState.ACKNOWLEDGED);
        assertThat(ledger.remarks(id)).hasSize(1);
    }

    @Test
    void aStaleRecordIsReadAgain() {
        String id = admitted(1);
        RequestRecord stale = ledger.find(id).orElseThrow();
        assertThat(ledger.apply(moved(stale, RequestState.SENT))).isTrue();
        assertThat(ledger.apply(moved(stale, RequestState.CANCELLED)))
                .as("not from there any more")
                .isFalse();
        assertThat(ledger.apply(Change.of(stale)
                        .from(RequestState.ADMITTED, RequestState.SENT)
                        .to(RequestState.ACKNOWLEDGED, "I99")))
                .as("from there as well")
                .isTrue();
        assertThat(ledger.path(id))
                .extracting(Transition::to)
                .containsExactly(
                        RequestState.RECEIVED, RequestState.ADMITTED, RequestState.SENT, RequestState.ACKNOWLEDGED);
        assertThat(ledger.path(id).get(3).from()).contains(RequestState.SENT);
        assertThatThrownBy(() -> ledger.apply(Change.of(stale).to(RequestState.SENT, "")))
                .isInstanceOfSatisfying(
                        LedgerException.class,
                        e -> assertThat(e.kind()).isEqualTo(LedgerException.Kind.ILLEGAL_TRANSITION));
    }

    // each step is taken by one of many, and every state stands on the path once
    @Test
    void ofManyConcurrentChangesOfTheSameRecordOneApplies() throws Exception {
        String id = admitted(1);
        ExecutorService pool = Executors.newFixedThreadPool(8);
        for (RequestState to : List.of(RequestState.SENT, RequestState.ACKNOWLEDGED, RequestState.RESPONDED)) {
            RequestRecord seen = ledger.find(id).orElseThrow();
            List<Future<Boolean>> tries = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                tries.add(pool.submit(() -> ledger.apply(moved(seen, to))));
            }
            int won = 0;
            for (Future<Boolean> one : tries) {
                won += one.get(30, TimeUnit.SECONDS) ? 1 : 0;
            }
            assertThat(won).as("%s", to).isEqualTo(1);
        }
        pool.shutdown();
        assertThat(ledger.path(id)).hasSize(5);
    }

    @Test
    void aCriticalRequestKeepsItsDocumentsEvidenceAndSignature() {
        String id = admitted(1);
        ledger.apply(Change.of(id).wire(ServiceEndpoint.TRANSFORM, bytes("cv4")).to(RequestState.TRANSFORM_SENT, ""));
        Evidence evidence = new Evidence(
                CorrelationVerdict.IDENTICAL,
                "rules 1",
                "ECS42 004F",
                "{}",
                NOW,
                Duration.ofSeconds(77),
                "aa",
                "bb",
                "[{}]",
                "[]",
                Optional.empty());
        ledger.apply(Change.of(id).preCommand(bytes("pre")).evidence(evidence).to(RequestState.CORRELATED, ""));
        assertThat(ledger.evidence(id)).contains(evidence);
        Evidence.Signing signing = new Evidence.Signing(
                bytes("rs"), "is-sign", "CN=Z1,OU=07", "4711", bytes("certificate"), NOW.plusSeconds(3));
        ledger.apply(Change.of(id)
                .signedPreCommand(bytes("signed"), signing)
                .wire(ServiceEndpoint.SEND_COMMAND, bytes("cv5"))
                .to(RequestState.COMMAND_SIGNED, "")
                .to(RequestState.SENT, ""));
        var documents = ledger.documents(id).orElseThrow();
        assertThat(documents.transformWire()).contains(bytes("cv4"));
        assertThat(documents.wire()).contains(bytes("cv5"));
        assertThat(documents.preCommand()).contains(bytes("pre"));
        assertThat(documents.signedPreCommand()).contains(bytes("signed"));
        Evidence kept = ledger.evidence(id).orElseThrow();
        assertThat(kept.signature()).contains(bytes("rs"));
        assertThat(kept.exchangedAt()).isEqualTo(NOW);
        assertThat(kept.tolerance()).isEqualTo(Duration.ofSeconds(77));
        assertThat(kept.useCase()).isEqualTo("ECS42 004F");
        assertThat(kept.excused()).isEqualTo("[{}]");
        assertThat(kept.signing()).hasValueSatisfying(s -> {
            assertThat(s.keyAlias() + s.issuer() + s.serial() + s.at())
                    .isEqualTo("is-signCN=Z1,OU=074711" + NOW.plusSeconds(3));
            assertThat(s.certificate()).isEqualTo(bytes("certificate"));
        });
        assertThat(ledger.find(id).orElseThrow().sending().endpoint()).contains(ServiceEndpoint.SEND_COMMAND);
    }

    static InboundDocument received(String identity, String body) {
        return new InboundDocument(
                new InboundIdentity(identity), Optional.of(ANSWERED), "GBCSPayload", "I0", bytes(body), NOW, "acb");
    }

    @Test
    void anInboundDocumentIsStoredOnceAndDifferentContentIsQuarantined() {
        InboundResult first = ledger.store(received("id1", "a"));
        assertThat(first.outcome()).isEqualTo(InboundResult.Outcome.STORED);
        assertThat(ledger.store(received("id1", "a")))
                .isEqualTo(new InboundResult(InboundResult.Outcome.DUPLICATE, first.id()));
        InboundResult other = ledger.store(received("id1", "b"));
        assertThat(other.outcome()).isEqualTo(InboundResult.Outcome.QUARANTINED);
        assertThat(ledger.store(received("id1", "b"))).isEqualTo(other);
        assertThat(ledger.inboundCounts())
                .containsEntry(InboundState.STORED, 1L)
                .containsEntry(InboundState.QUARANTINED, 1L);
        assertThat(ledger.inbound(first.id()).orElseThrow().body()).isEqualTo(bytes("a"));
        assertThat(ledger.processingOutstanding("", 10))
                .extracting(PendingWork::id)
                .containsExactly(first.id());
    }

    @Test
    void aDocumentIsProcessedOnce() {
        String id = ledger.store(received("id1", "a")).id();
        OutboxEntry alert = OutboxEntry.pending(
                "a1",
                Optional.empty(),
                DeliveryKind.ALERT,
                ReplyAddress.COMMON,
                Map.of("a b", "c&d=ü"),
                "application/xml",
                bytes("x"),
                Optional.of("{}"));
        assertThat(ledger.apply(Change.ofNone().processed(id, "").deliver(alert)))
                .isTrue();
        assertThat(ledger.apply(Change.ofNone().processed(id, "").deliver(alert)))
                .isFalse();
        assertThat(ledger.delivery("a1").orElseThrow().headers()).containsExactly(Map.entry("a b", "c&d=ü"));
        assertThat(ledger.processingOutstanding("", 10)).isEmpty();
    }

    @Test
    void aDocumentStaysUnprocessedIfItsRequestHasChanged() {
        String request = admitted(1);
        String id = ledger.store(received("id1", "a")).id();
        assertThat(ledger.apply(Change.of(request)
                        .from(RequestState.SENT)
                        .processed(id, "")
                        .to(RequestState.RESPONDED, "")))
                .isFalse();
        assertThat(ledger.inbound(id).orElseThrow().state()).isEqualTo(InboundState.STORED);
    }

    @Test
    void theLastDeliveryEndsTheRequestAndIsIdempotent() {
        String id = admitted(1);
        ledger.apply(Change.of(id).to(RequestState.SENT, ""));
        ledger.apply(Change.of(id)
                .to(RequestState.RESPONDED, "")
                .success(true)
                .deliver(OutboxEntry.pending(
                        "d1",
                        Optional.of(id),
                        DeliveryKind.RESULT,
                        ReplyAddress.COMMON,
                        Map.of(),
                        "t",
                        bytes("x"),
                        Optional.empty()))
                .deliver(OutboxEntry.pending(
                        "d2",
                        Optional.of(id),
                        DeliveryKind.RESULT,
                        ReplyAddress.COMMON,
                        Map.of(),
                        "t",
                        bytes("y"),
                        Optional.empty())));
        assertThat(ledger.delivered("d1")).isTrue();
        assertThat(state(id)).isEqualTo(RequestState.RESPONDED);
        assertThat(ledger.delivered("d2")).isTrue();
        assertThat(ledger.delivered("d2")).isFalse();
        assertThat(state(id)).isEqualTo(RequestState.DELIVERED);
        assertThat(ledger.find(id).orElseThrow().progress().success()).contains(true);
        assertThat(ledger.outboxCounts()).containsExactly(Map.entry(DeliveryState.DELIVERED, 2L));
    }
    // DUIS, RequestID of a top-up: low 32 bits zero, one step for each top-up, a series for each meter

}
