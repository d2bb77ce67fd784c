package org.postern.console.internal.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.Lane;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.ReplyAddress;
import org.postern.ledger.Change;
import org.postern.ledger.Instruction;
import org.postern.ledger.Ledger;
import org.postern.ledger.NewRequest;
import org.postern.ledger.Origin;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestState;
import org.postern.ledger.Target;
import org.postern.ledger.standalone.LedgerFiles;

/** {@code dcc:show} of critical requests: the sentences for an auditor. */
class ShowCommandTest extends CriticalRequestFixture {

    @Test
    void theReasonOfASignatureComesFirst() throws Exception {
        Given given = Given.of("7.1_ECS42", "ECS42", "ESME");
        String id = correlated(given, given.preCommand());
        assertThat(show(id))
                .startsWith(
                        "Not yet signed: it is CORRELATED (identical). The Pre-Command is byte for byte what use case ECS42 (004F) "
                                + "produces from this Service Request under rules ");
        signed(id, given, given.preCommand());
        String shown = show(given.request().requestId().toString());
        assertThat(shown.lines().limit(4).toList())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .matches(
                                        "Signed\\. The Pre-Command is byte for byte what use case ECS42 \\(004F\\) produces from this Service Request "
                                                + "under rules \\w{6,}.*"),
                        line -> assertThat(line).isEqualTo("  Nothing was excused."),
                        line -> assertThat(line)
                                .matches("  signed with key is-gbcs \\(certificate serial \\d+ of .+\\) at .+Z\\."),
                        line -> assertThat(line).matches("  security log: record \\d+\\."));
        ShowCommand json = new ShowCommand();
        json.id = id;
        assertThat(tree(print(json, true))).contains("explanation");
        assertThat(lastOutput).startsWith("{\"explanation\":[\"Signed. The");
    }

    @Test
    void excusedTimesAreReportedWithTheirDistanceFromTheExchange() throws Exception {
        Given given = Given.of("1.1.1_GCS01a", "GCS01a_1.1.1_FUTURE_DATED_BLOCK_SUCCESS", "GSME");
        String id = correlated(given, given.preCommand());
        signed(id, given, given.preCommand());
        assertThat(show(id))
                .containsPattern(
                        "  excused: the DCC's build time \\(issuer event and calendar ids\\) in \\d+ places, all 2015-01-01T00:00:00Z,"
                                + " 12 s before the exchange \\(600 s are allowed\\)\\.")
                .contains("Future-dated for 2030-01-15T09:00:00Z: the device has not accepted it yet");
    }

    @Test
    void theReasonOfARefusalComesFirst() throws Exception {
        Given given = Given.of("7.1_ECS42", "ECS42", "ESME");
        byte[] altered = given.preCommand().clone();
        altered[altered.length - 1] ^= 1;
        String id = correlated(given, altered);
        List<String> lines = show(id).lines().toList();
        assertThat(lines.get(0))
                .isEqualTo(
                        "Refused: 1 field differs between the Pre-Command and our Service Request, use case ECS42 (004F); nothing was signed.");
        assertThat(lines.get(1)).matches("  EnableSupply#item 1 .*: expected \\w+, got \\w+; rule: ECS42 .*");
        assertThat(lines.get(2)).startsWith("  compared at 2015-01-01T00:00:12Z under rules ");
        assertThat(lines.get(3)).matches("  security log: record \\d+\\.");
        // the refusal is repeated from what is stored, and agrees
        RecheckCommand recheck = new RecheckCommand();
        recheck.id = id;
        assertThat(print(recheck, false))
                .containsPattern("agrees +true")
                .containsPattern("signature +none: nothing was signed")
                .contains("EnableSupply#item 1");
    }

    @Test
    void aRequestWithoutAPreCommandIsReportedAsNotSigned() throws Exception {
        Given given = Given.of("7.1_ECS42", "ECS42", "ESME");
        String id = admitted(given);
        assertThat(show(id)).startsWith("Not yet signed: no Pre-Command was received yet; it is ADMITTED");
        ledger.apply(Change.of(id).to(RequestState.TRANSFORM_SENT, "").retry(1, THEN, "DCC unreachable: refused"));
        assertThat(show(id))
                .startsWith(
                        "Not yet signed: no Pre-Command was received yet; it is TRANSFORM_SENT (DCC unreachable: refused), next attempt at "
                                + THEN + ".");
        ledger.apply(Change.of(id).noRetry().to(RequestState.REFUSED, "E5 status incompatible"));
        assertThat(show(id))
                .startsWith(
                        "Never signed: it ended REFUSED (E5 status incompatible) before a Pre-Command was compared.");
        EvidenceCommand export = new EvidenceCommand();
        export.id = id;
        assertThat(catchThrowableOfType(PosternException.class, () -> print(export, false))
                        .fault()
                        .code())
                .isEqualTo("PST-7092");
    }

    @Test
    void aFutureDatedRequestIsShownWithWhatItWaitsForAndTheOutcomeOfEachInstruction() throws Exception {
        Given given = Given.of("2.1_ECS08", "ECS08_2.1_FUTURE_DATED_SUCCESS", "ESME");
        String id = correlated(given, given.preCommand());
        signed(id, given, given.preCommand());
        ledger.apply(Change.of(id).to(RequestState.ACCEPTED_BY_DEVICE, "the device will act at its time"));
        assertThat(show(id))
                .contains(
                        "Pending: the device will carry it out at 2030-01-15T09:00:00Z; no outcome yet, awaited until 2030-01-16T09:10:00Z.");
        ledger.apply(Change.of(id)
                .instruction(new Instruction(2, 3, true, "9000/0-0:94.44.128.9/6", "i-1", THEN, ""))
                .to(RequestState.PARTIALLY_ACTIONED, ""));
        ledger.apply(Change.of(id)
                .instruction(new Instruction(1, 3, false, "9000/0-0:94.44.2.10/6", "i-2", THEN, ""))
                .remark("something odd"));
        String shown = show(id);
        assertThat(shown)
                .contains(
                        "Pending: its execution time was 2030-01-15T09:00:00Z; 2 of 3 instructions have an outcome, the others are awaited until",
                        "  instruction 1/3 NOT carried out: 9000/0-0:94.44.2.10/6, reported at " + THEN + ".",
                        "  instruction 2/3 carried out: 9000/0-0:94.44.128.9/6",
                        ": something odd.");
        ledger.apply(Change.of(id).to(RequestState.CANCELLED, "cancelled by X"));
        assertThat(show(id)).contains("Cancelled: its execution time was 2030-01-15T09:00:00Z; cancelled by X.");
    }

    @Test
    void aDamagedDocumentIsReportedAndEverythingElseIsShown() throws Exception {
        String id = ledger.admit(new NewRequest(
                        new Origin(Channel.HTTP, Optional.empty(), Optional.empty(), "crm", "xml"),
                        new byte[] {1},
                        Optional.empty(),
                        new Target(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
                        Lane.ROUTINE,
                        Optional.of(new byte[] {1}),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()))
                .id();
        ledger.apply(Change.of(id)
                .to(RequestState.TRANSFORM_SENT, "")
                .remark("something odd")
                .deliver(OutboxEntry.pending(
                        "d1",
                        Optional.of(id),
                        DeliveryKind.RESULT,
                        ReplyAddress.COMMON,
                        Map.of(),
                        "t",
                        new byte[] {1},
                        Optional.empty())));
        ledger.close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ledger.db"));
                Statement damage = connection.createStatement()) {
            assertThat(damage.executeUpdate("UPDATE outbox SET packed = X'00'")).isEqualTo(1);
            assertThat(damage.executeUpdate("UPDATE requests SET document_packed = X'00'"))
                    .isEqualTo(1);
        }
        ledger = LedgerFiles.open(folder.resolve("ledger.db"), Clock.systemUTC());
        services.put(Ledger.class, ledger);
        assertThat(show(id))
                .contains("something odd", "TRANSFORM_SENT", "PST-6015 outbox/d1", "PST-6015 " + id + "/document");
        ShowCommand command = new ShowCommand();
        command.id = id;
        assertThat(tree(print(command, true))).contains("remarks", "deliveries", "damaged");
    }
}
