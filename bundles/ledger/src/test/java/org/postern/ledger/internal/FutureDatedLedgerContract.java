package org.postern.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.ReplyAddress;
import org.postern.ledger.Change;
import org.postern.ledger.Instruction;
import org.postern.ledger.NewRequest;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.Remark;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.Target;

/**
 * What every engine must provide for future-dated requests: instructions, remarks, related requests, changes of several
 * requests in one transaction.
 */
abstract class FutureDatedLedgerContract extends CounterContract {

    private static Instruction instruction(int number, boolean actioned) {
        return new Instruction(number, 3, actioned, "1/0-0:94.44.0.1/2", "i-" + number, NOW, "");
    }

    @Test
    void anInstructionIsStoredAndCountedOnce() {
        String id = admitted(1);
        assertThat(ledger.apply(Change.of(id).instruction(instruction(2, true))))
                .isTrue();
        assertThat(ledger.apply(Change.of(id).instruction(instruction(2, false))))
                .isTrue();
        assertThat(ledger.apply(Change.of(id).ifInstructionsDone(0).instruction(instruction(1, true))))
                .isFalse();
        assertThat(ledger.apply(Change.of(id).ifInstructionsDone(1).instruction(instruction(1, false))))
                .isTrue();
        assertThat(ledger.find(id).orElseThrow().timing().instructionsDone()).isEqualTo(2);
        assertThat(ledger.instructions(id)).containsExactly(instruction(1, false), instruction(2, true));
        assertThat(ledger.instructions("r-none")).isEmpty();
    }

    @Test
    void remarksAreStoredInOrderAndChangeNoState() {
        String id = admitted(1);
        ledger.apply(Change.of(id).remark("first").remark("second"));
        ledger.apply(Change.of(id).remark("third"));
        assertThat(ledger.remarks(id)).extracting(Remark::text).containsExactly("first", "second", "third");
        assertThat(ledger.remarks(id))
                .allSatisfy(remark -> assertThat(remark.at()).isAfter(NOW.minusSeconds(1)));
        assertThat(state(id)).isEqualTo(RequestState.ADMITTED);
    }

    private String dated(long counter, Instant time) {
        NewRequest plain = request(counter, null, "a");
        return ledger.admit(new NewRequest(
                        plain.origin(),
                        plain.original(),
                        plain.requestId(),
                        new Target(
                                plain.target().role(),
                                Optional.of("1.6"),
                                plain.target().variant(),
                                plain.target().device()),
                        plain.lane(),
                        plain.document(),
                        Optional.of(time),
                        Optional.empty(),
                        Optional.empty()))
                .id();
    }

    // DUIS, future dated services: the year 3000 marks a cancellation
    @Test
    void futureDatedRequestsAndTheirCancellationsAreFoundByDeviceAndService() {
        String pending = dated(1, NOW);
        String cancelling = dated(2, Instant.parse("3000-12-31T00:00:00Z"));
        admitted(3);
        assertThat(ledger.futureDated(METER, "1.6", 10))
                .extracting(RequestRecord::id)
                .containsExactly(cancelling, pending);
        assertThat(ledger.futureDated(METER, "4.1.1", 10)).isEmpty();
        assertThat(ledger.futureDated(USER, "1.6", 10)).isEmpty();
        assertThat(ledger.find(pending).orElseThrow()).satisfies(r -> {
            assertThat(r.timing().cancels()).isFalse();
            assertThat(r.timing().executesAt()).contains(NOW);
        });
        assertThat(ledger.find(cancelling).orElseThrow()).satisfies(r -> {
            assertThat(r.timing().cancels()).isTrue();
            assertThat(r.timing().executesAt()).isEmpty();
        });
    }

    @Test
    void aChangeAlongsideIsOfTheSameTransactionAndIsLeftOutWhereItNoLongerApplies() {
        String first = admitted(1);
        String second = admitted(2);
        String third = admitted(3);
        ledger.apply(Change.of(third).to(RequestState.CANCELLED, "by a person"));
        OutboxEntry told = OutboxEntry.pending(
                "told",
                Optional.of(second),
                DeliveryKind.RESULT,
                ReplyAddress.COMMON,
                Map.of(),
                "application/xml",
                bytes("x"),
                Optional.empty());
        OutboxEntry untold = OutboxEntry.pending(
                "untold",
                Optional.of(third),
                DeliveryKind.RESULT,
                ReplyAddress.COMMON,
                Map.of(),
                "application/xml",
                bytes("x"),
                Optional.empty());
        assertThat(ledger.apply(Change.of(first)
                        .from(RequestState.ADMITTED)
                        .to(RequestState.SENT, "")
                        .alongside(Change.of(second)
                                .from(RequestState.ADMITTED)
                                .to(RequestState.CANCELLED, "by first")
                                .deliver(told))
                        .alongside(Change.of(third)
                                .from(RequestState.ADMITTED)
                                .to(RequestState.CANCELLED, "by first")
                                .deliver(untold))))
                .isTrue();
        assertThat(state(second)).isEqualTo(RequestState.CANCELLED);
        assertThat(ledger.delivery("told")).isPresent();
        assertThat(ledger.delivery("untold")).isEmpty();
        assertThat(ledger.find(third).orElseThrow().progress().cause()).isEqualTo("by a person");
        // and where the change itself does not apply, nothing of it does
        String fourth = admitted(4);
        assertThat(ledger.apply(Change.of(first)
                        .from(RequestState.ADMITTED)
                        .alongside(Change.of(fourth).to(RequestState.CANCELLED, ""))))
                .isFalse();
        assertThat(state(fourth)).isEqualTo(RequestState.ADMITTED);
    }
}
