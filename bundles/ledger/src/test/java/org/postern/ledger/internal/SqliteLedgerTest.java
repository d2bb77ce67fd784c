package org.postern.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.Channel;
import org.postern.ledger.LedgerException;
import org.postern.testkit.Await;

class SqliteLedgerTest extends WriterContract {

    @TempDir
    Path folder;

    @Override
    JdbcLedger open(Clock clock) {
        return new JdbcLedger(LedgerOptions.sqlite(folder.resolve("ledger.db")), clock);
    }

    @Override
    Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ledger.db"));
    }

    @Override
    String upkeep() {
        return "ANALYZE";
    }

    @Override
    String plan(Statement statement, String query) throws SQLException {
        return plan(statement, "EXPLAIN QUERY PLAN " + query, "detail");
    }

    private byte[] backup;

    @Override
    void backUp() {
        try {
            backup = Files.readAllBytes(folder.resolve("ledger.db"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    void restore() {
        try {
            for (String ending : new String[] {"", "-wal", "-shm"}) {
                Files.deleteIfExists(folder.resolve("ledger.db" + ending));
            }
            Files.write(folder.resolve("ledger.db"), backup);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    void accept() {
        try {
            Files.createFile(folder.resolve("ledger.accept"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // issue: a restored backup or a clock step cannot reuse a counter
    @Test
    void aRestoredBackupRepeatsNoCounterEvenWithTheClockSetBack() {
        ledger.counters().next(USER);
        ledger.close();
        backUp();
        ledger = open(Clock.systemUTC());
        long last = 0;
        for (int i = 0; i < 3000; i++) {
            last = ledger.counters().next(USER);
        }
        ledger.close();
        restore();
        accept();
        ledger = open(Clock.fixed(Instant.parse("2001-01-01T00:00:00Z"), ZoneOffset.UTC));
        assertThat(ledger.counters().next(USER)).isGreaterThan(last);
    }

    /** An interrupt closes the file during a write, as stopping the bundle does. */
    @Test
    void aTopUpWithoutItsWatermarkIsUndecided() throws Exception {
        CompletableFuture<LedgerException> end = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                ledger.admitTopUp(request(7L << 32, "t1", "a"), false);
                end.complete(null);
            } catch (LedgerException e) {
                end.complete(e);
            }
        });
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ledger.db"));
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            caller.start();
            Await.until(
                    "the caller waits for the writer",
                    Duration.ofSeconds(20),
                    () -> caller.getState() == Thread.State.TIMED_WAITING);
            caller.interrupt();
            statement.execute("ROLLBACK");
        }
        assertThat(end.get(30, TimeUnit.SECONDS))
                .isNotNull()
                .extracting(LedgerException::kind)
                .isEqualTo(LedgerException.Kind.UNDECIDED);
        assertThat(ledger.findByCorrelation(Channel.JMS, "t1")).isPresent();
    }

    @Test
    void aBrokenWatermarkFileStopsTheCounters() throws IOException {
        ledger.counters().next(USER);
        ledger.close();
        ledger = null;
        Files.writeString(folder.resolve("counters.watermark"), "id:x=not a number\n");
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> open(Clock.systemUTC()))
                .isInstanceOfSatisfying(
                        LedgerException.class, e -> assertThat(e.kind()).isEqualTo(LedgerException.Kind.COUNTER));
    }

    @Test
    void anotherKindOfUrlIsRefused() {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> new JdbcLedger(
                        new LedgerOptions("jdbc:h2:mem:x", "", "", 1, 1, 1, java.util.Optional.empty()),
                        Clock.systemUTC()))
                .hasMessageContaining("PST-6006");
    }
}
