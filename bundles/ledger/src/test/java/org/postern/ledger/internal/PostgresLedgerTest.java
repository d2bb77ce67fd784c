package org.postern.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.ReplyAddress;
import org.postern.ledger.Change;
import org.postern.ledger.LedgerException;
import org.postern.ledger.OutboxEntry;
import org.postern.testkit.TemporaryPostgres;

/** The same contract on a PostgreSQL of the machine's own packages, in a folder of its own. */
class PostgresLedgerTest extends WriterContract {

    private static TemporaryPostgres server;
    private Path folder;

    @BeforeAll
    static void startServer() throws IOException, InterruptedException {
        server = TemporaryPostgres.required();
    }

    @AfterAll
    static void stopServer() throws IOException, InterruptedException {
        if (server != null) {
            server.close();
        }
    }

    @Override
    @BeforeEach
    void openLedger() {
        execute("DROP SCHEMA public CASCADE", "CREATE SCHEMA public");
        try {
            folder = Files.createTempDirectory("ledger");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        super.openLedger();
    }

    /** A value that passes our limits: SQLState 22001 of PostgreSQL itself. */
    @Test
    void whatTheDatabaseCannotHoldIsAFaultOfTheDataAndTheOthersOfTheGroupAreNotTouched() {
        OutboxEntry entry = OutboxEntry.pending(
                "d1",
                Optional.empty(),
                DeliveryKind.ALERT,
                ReplyAddress.UNNAMED,
                Map.of(),
                "x".repeat(81),
                new byte[0],
                Optional.empty());
        assertThatThrownBy(() -> ledger.apply(Change.ofNone().deliver(entry)))
                .isInstanceOfSatisfying(
                        LedgerException.class, e -> assertThat(e.kind()).isEqualTo(LedgerException.Kind.NOT_HOLDABLE));
        assertThatThrownBy(() -> ledger.find("r\0"))
                .isInstanceOfSatisfying(
                        LedgerException.class, e -> assertThat(e.kind()).isEqualTo(LedgerException.Kind.NOT_HOLDABLE));
        assertThat(ledger.find(admitted(1))).isPresent();
    }

    @Override
    void backUp() {
        execute(
                "DROP SCHEMA IF EXISTS backup CASCADE",
                "CREATE SCHEMA backup",
                "CREATE TABLE backup.counters AS TABLE counters",
                "CREATE TABLE backup.requests AS TABLE requests");
    }

    @Override
    void restore() {
        execute(
                "TRUNCATE counters, requests, steps, former_transitions, exchanges, outbox, inbound",
                "INSERT INTO counters TABLE backup.counters",
                "INSERT INTO requests TABLE backup.requests");
    }

    @Override
    void accept() {
        try {
            Files.createFile(folder.resolve("ledger.accept"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    Connection connect() throws SQLException {
        return DriverManager.getConnection(server.url(), "postgres", "");
    }

    @Override
    String upkeep() {
        return "VACUUM ANALYZE";
    }

    @Override
    String plan(Statement statement, String query) throws SQLException {
        return plan(statement, "EXPLAIN " + query, "QUERY PLAN");
    }

    private static void execute(String... lines) {
        try (Connection connection = DriverManager.getConnection(server.url(), "postgres", "");
                Statement statement = connection.createStatement()) {
            for (String line : lines) {
                statement.execute(line);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    JdbcLedger open(Clock clock) {
        return new JdbcLedger(
                new LedgerOptions(
                        server.url(), "postgres", "", 4, 256, 1000, Optional.of(folder.resolve("counters.watermark"))),
                clock);
    }
}
