package org.postern.ledger.internal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.postern.ledger.LedgerException;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The engine behind the ledger, by the URL's kind: {@code jdbc:sqlite:} or {@code jdbc:postgresql:}. Opens it, brings its
 * tables up to date, and gives out one connection for writing and a pool for reading.
 */
final class Database implements AutoCloseable {

    private static final String LOCATION = "classpath:org/postern/ledger/migration";
    private static final int BUSY_TIMEOUT_MILLIS = 15_000;

    private final DataSource source;
    private final HikariDataSource readers;
    private final boolean sqlite;

    Database(String url, String user, String password, int readerCount) {
        sqlite = url.startsWith("jdbc:sqlite:");
        source = sqlite ? sqlite(url) : postgresql(url, user, password);
        migrate();
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setPoolName("postern-ledger");
        config.setMaximumPoolSize(readerCount);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(10_000);
        readers = new HikariDataSource(config);
    }

    private static DataSource sqlite(String url) {
        Path file = Path.of(url.substring("jdbc:sqlite:".length()).replaceFirst("\\?.*", ""));
        try {
            if (file.toAbsolutePath().getParent() != null) {
                Files.createDirectories(file.toAbsolutePath().getParent());
            }
        } catch (IOException e) {
            throw new LedgerException(LedgerException.Kind.BAD_SETTING, "org.postern.ledger/url", "a folder that can be made",
                    e.getClass().getSimpleName(), "correct the setting", e);
        }
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        // a commit is on disk when it returns; NORMAL would lose the last ones in a power cut
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        SQLiteDataSource sqlite = new SQLiteDataSource(config);
        sqlite.setUrl(url);
        return sqlite;
    }

    private static DataSource postgresql(String url, String user, String password) {
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new LedgerException(LedgerException.Kind.BAD_SETTING, "org.postern.ledger/url",
                    "jdbc:sqlite:FILE or jdbc:postgresql://HOST:PORT/DATABASE", "another kind of URL", "correct the setting");
        }
        PGSimpleDataSource postgresql = new PGSimpleDataSource();
        postgresql.setUrl(url);
        postgresql.setApplicationName("postern");
        if (!user.isBlank()) {
            postgresql.setUser(user);
            postgresql.setPassword(password);
        }
        return postgresql;
    }

    private void migrate() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(Database.class.getClassLoader());
        try {
            Flyway.configure(Database.class.getClassLoader()).dataSource(source).locations(LOCATION)
                    .table("postern_ledger_schema").placeholders(Map.of("bytes", sqlite ? "BLOB" : "BYTEA"))
                    .loggers("slf4j").load().migrate();
        } catch (FlywayException e) {
            throw new LedgerException(LedgerException.Kind.UNAVAILABLE, "org.postern.ledger/url",
                    "a database whose tables are ours and can be brought up to date", "FlywayException: " + firstLine(e),
                    "see that the database runs and that the user may create tables", e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    boolean sqlite() {
        return sqlite;
    }

    /** A connection for the one writer; auto-commit is off. */
    Connection writer() throws SQLException {
        Connection connection = source.getConnection();
        if (sqlite) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA wal_autocheckpoint=4000");
            }
        } else {
            try (Statement statement = connection.createStatement()) {
                // whatever the server's default, an acknowledged commit is on disk
                statement.execute("SET synchronous_commit = on");
            }
        }
        connection.setAutoCommit(false);
        return connection;
    }

    /** A connection for one query; close it soon. */
    Connection reader() throws SQLException {
        return readers.getConnection();
    }

    @Override
    public void close() {
        readers.close();
    }
}
