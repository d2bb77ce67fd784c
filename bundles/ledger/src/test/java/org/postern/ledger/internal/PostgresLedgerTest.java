package org.postern.ledger.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** The same contract on a PostgreSQL of the machine's own packages, in a folder of its own. */
class PostgresLedgerTest extends DatedLedgerContract {

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
        try (Connection connection = DriverManager.getConnection(server.url(), "postgres", "");
                Statement statement = connection.createStatement()) {
            statement.execute("DROP SCHEMA public CASCADE");
            statement.execute("CREATE SCHEMA public");
            folder = Files.createTempDirectory("ledger");
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        }
        super.openLedger();
    }

    @Override
    JdbcLedger open(Clock clock) {
        return new JdbcLedger(new JdbcLedger.Options(server.url(), "postgres", "", 4, 256, 1000,
                Optional.of(folder.resolve("counters.watermark"))), clock);
    }
}
