package org.postern.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.DeliveryState;
import org.postern.catalogue.InboundState;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.catalogue.Sha256;
import org.postern.ledger.Change;
import org.postern.ledger.InboundDocument;
import org.postern.ledger.InboundRecord;
import org.postern.ledger.InboundResult;
import org.postern.ledger.LedgerException;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.PendingWork;
import org.postern.ledger.RequestDocuments;
import org.postern.ledger.RequestState;
import org.postern.ledger.Transition;

/** A ledger of an earlier version, opened by this one. */
class FormerLedgerTest {

    private static final long LONG_AGO = 1_000;
    private static final String SHA_OF_A = Sha256.hex(bytes("a"));

    @TempDir
    Path folder;

    /** Up to version 4 a plan for another attempt stayed beside SENT while that attempt was made. */
    @Test
    void whatMayHaveBeenSentByAFormerVersionIsInDoubt() throws Exception {
        String url = "jdbc:sqlite:" + folder.resolve("ledger.db");
        Flyway.configure()
                .dataSource(url, null, null)
                .locations("classpath:org/postern/ledger/migration")
                .table("postern_ledger_schema")
                .placeholders(Map.of("bytes", "BLOB"))
                .target("4")
                .load()
                .migrate();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            insert(statement, "r-sent", "SENT");
            insert(statement, "r-transform", "TRANSFORM_SENT");
        }
        try (JdbcLedger ledger = new JdbcLedger(LedgerOptions.sqlite(folder.resolve("ledger.db")), Clock.systemUTC())) {
            assertThat(ledger.find("r-sent").orElseThrow().sending().retryAt()).isEmpty();
            assertThat(ledger.find("r-transform").orElseThrow().sending().retryAt())
                    .contains(Instant.ofEpochMilli(LONG_AGO));
            assertThat(ledger.stepsOutstanding(Instant.now(), "", 10))
                    .extracting(PendingWork::id)
                    .containsExactly("r-sent", "r-transform");
        }
    }

    /** Documents of before stay where they are, and what is written from now on goes before them. */
    @Test
    void dataOfVersionSixIsReadAndProcessed() throws Exception {
        Path file = folder.resolve("ledger.db");
        Flyway.configure()
                .dataSource("jdbc:sqlite:" + file, null, null)
                .locations("classpath:org/postern/ledger/migration")
                .table("postern_ledger_schema")
                .placeholders(Map.of("bytes", "BLOB"))
                .target("6")
                .load()
                .migrate();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            insert(statement, "r-old", "TRANSFORM_SENT");
            for (String update : new String[] {
                "UPDATE requests SET idempotency_key = 'http:c1', correlation_id = 'c1', original = X'61',"
                        + " original_sha256 = '" + SHA_OF_A
                        + "', document = X'62', wire = X'63', transform_wire = X'63',"
                        + " wire_endpoint = 'TRANSFORM', retry_at = NULL",
                "INSERT INTO transitions VALUES ('r-old', 1, NULL, 'RECEIVED', 5, 'http', '" + SHA_OF_A + "')",
                "INSERT INTO transitions VALUES ('r-old', 2, 'RECEIVED', 'TRANSFORM_SENT', 6, '', NULL)",
                "INSERT INTO inbound (id, identity, request_id, kind, response_code, sha256, body, received_at,"
                        + " signer, state, cause) SELECT 'i-old', 'one', request_id, 'k', 'I0', '" + SHA_OF_A
                        + "', X'61', 7, 's', 'STORED', '' FROM requests",
                "INSERT INTO outbox VALUES ('o-old', 'r-old', 'RESULT', 'queue:q', 'outcome=success',"
                        + " 'application/xml', X'64', '{}', 'PENDING', 0, NULL, 8, NULL)",
                "INSERT INTO evidence (request, verdict, rule_version, device_facts, exchanged_at, request_sha256,"
                        + " pre_command_sha256, differences, signature, certificate, signed_at) VALUES ('r-old',"
                        + " 'identical', '1', '{}', 9, 'x', 'y', '[]', X'65', X'66', 10)"
            }) {
                statement.executeUpdate(update);
            }
        }
        try (JdbcLedger ledger = new JdbcLedger(LedgerOptions.sqlite(file), Clock.systemUTC())) {
            RequestDocuments documents = ledger.documents("r-old").orElseThrow();
            assertThat(documents.original()).isEqualTo(bytes("a"));
            assertThat(documents.document()).contains(bytes("b"));
            assertThat(documents.wire()).contains(bytes("c"));
            assertThat(documents.transformWire()).contains(bytes("c"));
            assertThat(ledger.path("r-old"))
                    .extracting(Transition::digest)
                    .containsExactly(Optional.of(SHA_OF_A), Optional.empty());
            InboundRecord received = ledger.inbound("i-old").orElseThrow();
            assertThat(received.body()).isEqualTo(bytes("a"));
            assertThat(received.identity()).hasToString("one");
            assertThat(ledger.inboundOf(received.requestId().orElseThrow())).hasSize(1);
            OutboxEntry entry = ledger.delivery("o-old").orElseThrow();
            assertThat(entry.headers()).containsEntry("outcome", "success");
            assertThat(entry.body()).isEqualTo(bytes("d"));
            assertThat(entry.json()).contains("{}");
            assertThat(ledger.evidence("r-old")
                            .orElseThrow()
                            .signing()
                            .orElseThrow()
                            .certificate())
                    .isEqualTo(bytes("f"));
            goesOn(ledger, received);
        }
    }

    private static void goesOn(JdbcLedger ledger, InboundRecord received) {
        InboundDocument again = new InboundDocument(
                received.identity(), received.requestId(), "k", "I0", bytes("a"), Instant.EPOCH, "s");
        assertThat(ledger.store(again)).isEqualTo(new InboundResult(InboundResult.Outcome.DUPLICATE, "i-old"));
        InboundDocument other = new InboundDocument(
                received.identity(), received.requestId(), "k", "I0", bytes("z"), Instant.EPOCH, "s");
        assertThat(ledger.store(other).outcome()).isEqualTo(InboundResult.Outcome.QUARANTINED);

        ledger.apply(Change.of("r-old")
                .processed("i-old", "")
                .wire(ServiceEndpoint.SEND_COMMAND, bytes("next"))
                .to(RequestState.CORRELATED, "")
                .to(RequestState.COMMAND_SIGNED, ""));
        RequestDocuments after = ledger.documents("r-old").orElseThrow();
        assertThat(after.wire()).contains(bytes("next"));
        assertThat(after.transformWire()).contains(bytes("c"));
        assertThat(ledger.path("r-old")).extracting(Transition::sequence).containsExactly(1, 2, 3, 4);
        assertThat(ledger.path("r-old").get(2).from()).contains(RequestState.TRANSFORM_SENT);
        assertThat(ledger.inboundCounts()).isEqualTo(Map.of(InboundState.PROCESSED, 1L, InboundState.QUARANTINED, 1L));
        assertThat(ledger.outboxCounts()).isEqualTo(Map.of(DeliveryState.PENDING, 1L));
        assertThat(ledger.counts()).isEqualTo(Map.of(RequestState.COMMAND_SIGNED, 1L));
    }

    /**
     * One damaged document is named, the others are read, and the health check reports it without blocking anything.
     */
    @Test
    void aDamagedDocumentIsNamedAndTheOthersAreRead() throws Exception {
        Path file = folder.resolve("ledger.db");
        String id;
        String whole;
        try (JdbcLedger ledger = new JdbcLedger(LedgerOptions.sqlite(file), Clock.systemUTC())) {
            id = ledger.admit(LedgerContract.request(1, "c1", "a")).id();
            whole = ledger.admit(LedgerContract.request(2, "c2", "a")).id();
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE requests SET document_packed = zeroblob(40) WHERE id = '" + id + "'");
        }
        try (JdbcLedger ledger = new JdbcLedger(LedgerOptions.sqlite(file), Clock.systemUTC())) {
            assertThatThrownBy(() -> ledger.documents(id)).isInstanceOfSatisfying(LedgerException.class, e -> {
                assertThat(e.kind()).isEqualTo(LedgerException.Kind.DOCUMENT_DAMAGED);
                assertThat(e.fault().field()).isEqualTo(id + "/document");
            });
            assertThat(ledger.documents(whole)).isPresent();
            assertThat(ledger.find(id)).isPresent();
            assertThat(ledger.trouble()).isEmpty();
            assertThat(ledger.remarks())
                    .singleElement()
                    .satisfies(fault -> assertThat(fault.code()).isEqualTo("PST-6015"));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void insert(Statement statement, String id, String state) throws Exception {
        statement.executeUpdate(
                "INSERT INTO requests (id, request_id, door, principal, content_type, original, original_sha256, lane,"
                        + " state, cause, attempts, retry_at, instructions_done, transitions, created_at, updated_at)"
                        + " VALUES ('"
                        + id + "',"
                        + " '90-B3-D5-1F-30-02-00-00:00-DB-12-34-56-78-90-01:" + id.length()
                        + "', 'http', '', 'xml', '', '', 0, '" + state
                        + "', '', 2, " + LONG_AGO + ", 0, 2, 0, 0)");
    }
}
