package org.postern.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.ledger.PendingWork;

/** A ledger of a former version, opened by this one. */
class FormerLedgerTest {

    private static final long LONG_AGO = 1_000;

    @TempDir
    Path folder;

    /** Up to version 4 a plan for another attempt stayed beside SENT while that attempt was made. */
    @Test
    void whatMayHaveBeenSentByAFormerVersionIsInDoubt() throws Exception {
        String url = "jdbc:sqlite:" + folder.resolve("ledger.db");
        Flyway.configure().dataSource(url, null, null).locations("classpath:org/postern/ledger/migration").table("postern_ledger_schema")
                .placeholders(Map.of("bytes", "BLOB")).target("4").load().migrate();
        try (Connection connection = DriverManager.getConnection(url); Statement statement = connection.createStatement()) {
            insert(statement, "r-sent", "SENT");
            insert(statement, "r-transform", "TRANSFORM_SENT");
        }
        try (JdbcLedger ledger = new JdbcLedger(JdbcLedger.Options.sqlite(folder.resolve("ledger.db")), Clock.systemUTC())) {
            assertThat(ledger.find("r-sent").orElseThrow().sending().retryAt()).isEmpty();
            assertThat(ledger.find("r-transform").orElseThrow().sending().retryAt()).contains(Instant.ofEpochMilli(LONG_AGO));
            assertThat(ledger.stepsOutstanding(Instant.now(), "", 10)).extracting(PendingWork::id).containsExactly("r-sent", "r-transform");
        }
    }

    private static void insert(Statement statement, String id, String state) throws Exception {
        statement.executeUpdate("INSERT INTO requests (id, request_id, door, principal, content_type, original, original_sha256, lane, state,"
                + " cause, attempts, retry_at, instructions_done, transitions, created_at, updated_at) VALUES ('" + id + "',"
                + " '90-B3-D5-1F-30-02-00-00:00-DB-12-34-56-78-90-01:" + id.length() + "', 'http', '', 'xml', '', '', 0, '" + state
                + "', '', 2, " + LONG_AGO + ", 0, 2, 0, 0)");
    }
}
