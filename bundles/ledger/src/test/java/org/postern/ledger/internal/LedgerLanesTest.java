package org.postern.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.DeliveryState;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ReplyAddress;
import org.postern.ledger.Change;
import org.postern.ledger.NewRequest;
import org.postern.ledger.Origin;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.Target;

/** Only writes of top-ups are written before earlier writes. */
@Timeout(60)
class LedgerLanesTest {

    @TempDir
    Path folder;

    private JdbcLedger ledger;

    @BeforeEach
    void open() {
        Machine present = Machine.present();
        // asynchronous writes join awaited ones and are not written alone while a test runs
        ledger = new JdbcLedger(
                LedgerOptions.sqlite(folder.resolve("ledger.db")),
                Clock.systemUTC(),
                new Machine(
                        present.random(),
                        present.nanos(),
                        present.schedulers(),
                        present.databases(),
                        present.locks(),
                        Duration.ofHours(1)));
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private RequestRecord admitted(Lane lane) {
        return ledger.admit(new NewRequest(
                        new Origin(Channel.JMS, Optional.empty(), Optional.empty(), "crm", "xml"),
                        new byte[] {1},
                        Optional.empty(),
                        new Target(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
                        lane,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()))
                .stored()
                .orElseThrow()
                .record();
    }

    private static OutboxEntry entry(String id, RequestRecord request) {
        return OutboxEntry.pending(
                id,
                Optional.of(request.id()),
                DeliveryKind.TOKEN,
                ReplyAddress.COMMON,
                Map.of(),
                "t",
                new byte[] {1},
                Optional.empty());
    }

    /** More writes than fit into a group with a top-up's write, submitted before it. */
    private List<CompletableFuture<Boolean>> others() {
        List<RequestRecord> requests = new ArrayList<>();
        for (int i = 0; i < 2 * WriteQueue.PREPAYMENT_GROUP; i++) {
            requests.add(admitted(Lane.ROUTINE));
        }
        return requests.stream()
                .map(request -> ledger.applyAsync(Change.of(request).to(RequestState.SENT, "")))
                .toList();
    }

    @Test
    void theMarkOfATopUpsDeliveryIsWrittenBeforeEarlierWritesOfOthers() {
        RequestRecord topUp = admitted(Lane.PREPAYMENT);
        RequestRecord other = admitted(Lane.ROUTINE);
        assertThat(ledger.apply(Change.of(topUp).deliver(entry("d1", topUp)))).isTrue();
        assertThat(ledger.apply(Change.of(other).deliver(entry("d2", other)))).isTrue();
        List<CompletableFuture<Boolean>> others = others();
        CompletableFuture<Boolean> ofAnother = ledger.deliveredAsync("d2", Lane.ROUTINE);
        CompletableFuture<Boolean> ofTheTopUp = ledger.deliveredAsync("d1", Lane.PREPAYMENT);

        assertThat(ledger.apply(Change.of(topUp).to(RequestState.SENT, ""))).isTrue();
        assertThat(ofTheTopUp).isCompletedWithValue(true);
        assertThat(ledger.delivery("d1").orElseThrow().state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(ofAnother).isNotDone();
        assertThat(others.get(others.size() - 1)).isNotDone();
    }

    @Test
    void whatBelongsToATopUpIsWrittenBeforeEarlierWritesOfOthersAndWhatIsMadeOfAnIdAloneIsNot() {
        RequestRecord topUp = admitted(Lane.PREPAYMENT);
        List<CompletableFuture<Boolean>> others = others();
        CompletableFuture<Boolean> byId =
                ledger.applyAsync(Change.of(topUp.id()).remark("by its id"));
        CompletableFuture<Boolean> token =
                ledger.applyAsync(Change.ofNone(Lane.PREPAYMENT).deliver(entry("d1", topUp)));

        assertThat(ledger.apply(Change.of(topUp).to(RequestState.SENT, ""))).isTrue();
        assertThat(token).isCompletedWithValue(true);
        assertThat(byId).isNotDone();
        assertThat(ledger.apply(Change.ofNone().deliver(entry("d2", topUp)))).isTrue();
        assertThat(others).allSatisfy(write -> assertThat(write).isCompletedWithValue(true));
        assertThat(byId).isCompletedWithValue(true);
    }
}
