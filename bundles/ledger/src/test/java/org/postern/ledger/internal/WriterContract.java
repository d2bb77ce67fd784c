package org.postern.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.DeliveryState;
import org.postern.catalogue.InboundIdentity;
import org.postern.catalogue.InboundState;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ReplyAddress;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.ledger.Admitted;
import org.postern.ledger.Change;
import org.postern.ledger.InboundDocument;
import org.postern.ledger.LedgerException;
import org.postern.ledger.NewRequest;
import org.postern.ledger.Origin;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.StoredRequest;
import org.postern.ledger.Transition;

/**
 * What every engine must provide for asynchronous writes, and for the records that a write returns so that they need
 * not be queried.
 */
@Timeout(120)
abstract class WriterContract extends PrepaymentContract {

    private static OutboxEntry result(String id, String request) {
        return OutboxEntry.pending(
                id,
                Optional.of(request),
                DeliveryKind.RESULT,
                ReplyAddress.COMMON,
                Map.of(),
                "t",
                bytes("x"),
                Optional.empty());
    }

    private static <T> T end(CompletableFuture<T> future) throws Exception {
        return future.get(60, TimeUnit.SECONDS);
    }

    private static LedgerException.Kind failure(CompletableFuture<?> future) {
        return future.handle((ok, failure) -> {
                    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                    return ((LedgerException) cause).kind();
                })
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void anAsynchronousWriteIsWrittenWithoutOthers() throws Exception {
        String id = admitted(1);
        assertThat(end(ledger.applyAsync(Change.of(id).to(RequestState.SENT, ""))))
                .isTrue();
        assertThat(state(id)).isEqualTo(RequestState.SENT);
        assertThat(end(ledger.applyAsync(
                        Change.of(id).from(RequestState.ADMITTED).to(RequestState.SENT, ""))))
                .isFalse();
    }

    @Test
    void aLaterWriteOfTheSameRequestComesAfterIt() {
        for (int i = 1; i <= 20; i++) {
            String id = admitted(i);
            CompletableFuture<Boolean> behind =
                    ledger.applyAsync(Change.of(id).from(RequestState.ADMITTED).to(RequestState.SENT, ""));
            assertThat(ledger.apply(Change.of(id).from(RequestState.SENT).to(RequestState.ACKNOWLEDGED, "I99")))
                    .isTrue();
            assertThat(behind).isCompletedWithValue(true);
            assertThat(ledger.path(id))
                    .extracting(Transition::to)
                    .endsWith(RequestState.SENT, RequestState.ACKNOWLEDGED);
        }
    }

    @Test
    void asynchronousWritesShareTransactions() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 1; i <= 60; i++) {
            ids.add(admitted(i));
        }
        long before = ledger.groups()[1];
        List<CompletableFuture<Boolean>> all = new ArrayList<>();
        ids.forEach(id -> all.add(ledger.applyAsync(Change.of(id).to(RequestState.SENT, ""))));
        for (CompletableFuture<Boolean> one : all) {
            assertThat(end(one)).isTrue();
        }
        assertThat(ledger.groups()[1] - before).isLessThan(30);
    }

    @Test
    void submittedWritesAreOnDiskAfterTheClose() throws Exception {
        String id = admitted(1);
        CompletableFuture<Boolean> behind = ledger.applyAsync(Change.of(id).to(RequestState.SENT, ""));
        ledger.close();
        assertThat(behind).isCompletedWithValue(true);
        assertThat(failure(ledger.applyAsync(Change.of(id).to(RequestState.ACKNOWLEDGED, ""))))
                .isEqualTo(LedgerException.Kind.CLOSED);
        ledger = open(Clock.systemUTC());
        assertThat(state(id)).isEqualTo(RequestState.SENT);
    }

    @Test
    void aFailedAsynchronousWriteFailsOnlyItsFuture() throws Exception {
        String id = admitted(1);
        String document = ledger.store(inbound("id1", "a")).id();
        CompletableFuture<Boolean> first = ledger.applyAsync(Change.of(id).to(RequestState.SENT, ""));
        CompletableFuture<Boolean> none = ledger.applyAsync(Change.of("r-none").to(RequestState.SENT, ""));
        CompletableFuture<Boolean> illegal =
                ledger.applyAsync(Change.of(id).deliver(result("d0", id)).to(RequestState.NOT_CORRELATED, ""));
        CompletableFuture<Boolean> moved = ledger.applyAsync(Change.of(id)
                .from(RequestState.ADMITTED)
                .processed(document, "")
                .to(RequestState.RESPONDED, ""));
        CompletableFuture<Boolean> last = ledger.applyAsync(Change.of(id).to(RequestState.ACKNOWLEDGED, "I99"));
        assertThat(failure(none)).isEqualTo(LedgerException.Kind.NOT_FOUND);
        assertThat(failure(illegal)).isEqualTo(LedgerException.Kind.ILLEGAL_TRANSITION);
        assertThat(end(moved)).isFalse();
        assertThat(end(first)).isTrue();
        assertThat(end(last)).isTrue();
        assertThat(state(id)).isEqualTo(RequestState.ACKNOWLEDGED);
        assertThat(ledger.delivery("d0")).isEmpty();
        assertThat(ledger.inbound(document).orElseThrow().state()).isEqualTo(InboundState.STORED);
    }

    @Test
    void aDeliveryIsMarkedAsynchronously() throws Exception {
        String id = admitted(1);
        ledger.apply(Change.of(id)
                .to(RequestState.SENT, "")
                .to(RequestState.RESPONDED, "")
                .deliver(result("d1", id)));
        assertThat(end(ledger.deliveredAsync("d1", Lane.ROUTINE))).isTrue();
        assertThat(end(ledger.deliveredAsync("d1", Lane.ROUTINE))).isFalse();
        assertThat(ledger.delivery("d1").orElseThrow().state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(state(id)).isEqualTo(RequestState.DELIVERED);
    }

    // the record is from a change from SENT to ACKNOWLEDGED that was never on disk; the stored request has the same
    // number of transitions, but other states
    @Test
    void aChangeOfARecordThatWasNeverOnDiskDoesNotApply() {
        String id = sent(1);
        RequestRecord seen = ledger.find(id).orElseThrow();
        assertThat(ledger.apply(Change.of(seen).from(RequestState.SENT).to(RequestState.REFUSED, "E4")))
                .isTrue();
        RequestRecord phantom =
                seen.after(Change.of(seen).from(RequestState.SENT).to(RequestState.ACKNOWLEDGED, "I99"));
        List<Transition> path = ledger.path(id);

        assertThat(ledger.apply(Change.of(phantom).remark("x"))).isTrue();
        assertThat(state(id)).isEqualTo(RequestState.REFUSED);
        assertThat(ledger.remarks(id)).hasSize(1);
        assertThat(ledger.apply(
                        Change.of(phantom).from(RequestState.ACKNOWLEDGED).to(RequestState.RESPONDED, "")))
                .isFalse();
        assertThat(state(id)).isEqualTo(RequestState.REFUSED);
        assertThat(ledger.path(id)).isEqualTo(path);
    }

    @Test
    void ifTheFirstChangeDoesNotApplyTheSecondIsWrittenEvenWhileClosing() throws Exception {
        String id = sent(1);
        CompletableFuture<Boolean> first = ledger.applyAsync(
                Change.of(id).from(RequestState.SENT).to(RequestState.ACKNOWLEDGED, "I99"),
                Change.ofNone().exchanged(inbound("id1", "a")));
        CompletableFuture<Boolean> second = ledger.applyAsync(
                Change.of(id).from(RequestState.SENT).to(RequestState.ACKNOWLEDGED, "I99"),
                Change.ofNone().exchanged(inbound("id2", "b")));
        ledger.close();
        assertThat(first).isCompletedWithValue(true);
        assertThat(second).isCompletedWithValue(false);
        ledger = open(Clock.systemUTC());
        assertThat(ledger.inboundOf(new RequestId(USER, METER, 1)))
                .extracting(document -> document.body())
                .containsExactly(bytes("b"));
        assertThatThrownBy(() -> ledger.applyAsync(Change.of(id).processed("i1", ""), Change.ofNone()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static InboundDocument inbound(String identity, String body) {
        return new InboundDocument(
                new InboundIdentity(identity),
                Optional.of(new RequestId(USER, METER, 1)),
                "GBCSPayload",
                "I0",
                bytes(body),
                NOW,
                "acb",
                "",
                "remarkable");
    }

    private String sent(long counter) {
        String id = admitted(counter);
        ledger.apply(Change.of(id).to(RequestState.SENT, ""));
        return id;
    }

    private void assertGivenAsRead(NewRequest request) {
        Admitted admitted = ledger.admit(request);
        StoredRequest given = admitted.stored().orElseThrow();
        assertThat(given.record()).isEqualTo(ledger.find(admitted.id()).orElseThrow());
        assertThat(given.documents())
                .usingRecursiveComparison()
                .isEqualTo(ledger.documents(admitted.id()).orElseThrow());
    }

    @Test
    void anAdmittedRequestIsReturnedAsItIsRead() {
        NewRequest plain = request(1, "c1", "a");
        assertGivenAsRead(plain);
        assertThat(ledger.admit(plain))
                .as("the same again is read by who wants it")
                .satisfies(again -> {
                    assertThat(again.existing()).isTrue();
                    assertThat(again.stored()).isEmpty();
                });
        Instant fine = Instant.parse("2026-11-23T10:00:00.123456789Z");
        NewRequest other = request(2, null, "b");
        assertGivenAsRead(new NewRequest(
                new Origin(Channel.FILE, Optional.empty(), Optional.empty(), "n".repeat(250), "json"),
                other.original(),
                other.requestId(),
                other.target(),
                other.lane(),
                other.document(),
                Optional.of(fine),
                Optional.of(fine),
                Optional.empty(),
                Optional.of("a remark")));
        assertGivenAsRead(new NewRequest(
                plain.origin(),
                plain.original(),
                Optional.empty(),
                plain.target(),
                plain.lane(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("PST-1003 \0" + "x".repeat(3000))));
    }

    private RequestRecord assertInHandAsRead(RequestRecord seen, Change change) {
        assertThat(ledger.apply(change)).isTrue();
        RequestRecord read = ledger.find(seen.id()).orElseThrow();
        assertThat(seen.after(change))
                .as("but for the time, which the ledger gives")
                .usingRecursiveComparison()
                .ignoringFields("updatedAt")
                .isEqualTo(read);
        return read;
    }

    @Test
    void aChangedCopyEqualsTheRequestThatIsRead() {
        Instant fine = Instant.parse("2026-11-23T10:00:00.123456789Z");
        RequestRecord seen = ledger.find(admitted(1)).orElseThrow();
        RequestRecord sent = assertInHandAsRead(
                seen,
                Change.of(seen)
                        .from(RequestState.ADMITTED)
                        .wire(ServiceEndpoint.SEND_COMMAND, bytes("w"))
                        .to(RequestState.SENT, "x".repeat(3000))
                        .dueBy(fine));
        RequestRecord again =
                assertInHandAsRead(sent, Change.of(sent).from(RequestState.SENT).retry(1, fine, "no answer"));
        assertInHandAsRead(
                again,
                Change.of(again).noRetry().to(RequestState.ACKNOWLEDGED, "I99").responseCode("I".repeat(30)));
    }

    @Test
    void aRequestWithItsDocumentsIsFoundByItsRequestId() {
        String id = admitted(7);
        RequestId requestId = new RequestId(USER, METER, 7);
        StoredRequest found = ledger.storedByRequestId(requestId).orElseThrow();
        assertThat(found.record()).isEqualTo(ledger.find(id).orElseThrow());
        assertThat(found.documents().original()).isEqualTo(bytes("a"));
        assertThat(ledger.storedByRequestId(new RequestId(USER, METER, 8))).isEmpty();
    }
}
