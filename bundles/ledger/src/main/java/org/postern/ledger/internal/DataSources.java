package org.postern.ledger.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.postern.ledger.LedgerException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** Creates the data sources of SQLite and PostgreSQL with the settings that the ledger needs. */
final class DataSources {

    private static final int BUSY_TIMEOUT_MILLIS = 15_000;

    private DataSources() {}

    static Path file(String url) {
        return Path.of(url.substring("jdbc:sqlite:".length()).replaceFirst("\\?.*", ""))
                .toAbsolutePath();
    }

    static DataSource sqlite(String url) {
        try {
            if (file(url).getParent() != null) {
                Files.createDirectories(file(url).getParent());
            }
        } catch (IOException e) {
            throw new LedgerException(
                    LedgerException.Kind.BAD_SETTING,
                    "org.postern.ledger/url",
                    "a folder that can be created",
                    e.getClass().getSimpleName(),
                    "correct the setting",
                    e);
        }
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        // a commit is on disk when it returns; with NORMAL the last commits would be lost in a power failure
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        // otherwise the driver runs a query after every insert
        config.setGetGeneratedKeys(false);
        SQLiteDataSource sqlite = new StatementCachingConnection.Source(config);
        sqlite.setUrl(url);
        return sqlite;
    }

    static DataSource postgresql(String url, String user, String password, int connectSeconds, int answerSeconds) {
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new LedgerException(
                    LedgerException.Kind.BAD_SETTING,
                    "org.postern.ledger/url",
                    "jdbc:sqlite:FILE or jdbc:postgresql://HOST:PORT/DATABASE",
                    "another kind of URL",
                    "correct the setting");
        }
        PostgresqlSource postgresql = new PostgresqlSource();
        // its data source uses the DriverManager, from which an earlier close has deregistered the driver
        if (!org.postgresql.Driver.isRegistered()) {
            try {
                org.postgresql.Driver.register();
            } catch (SQLException e) {
                throw new LedgerException(
                        LedgerException.Kind.UNAVAILABLE,
                        "org.postern.ledger/url",
                        "a driver that can be registered",
                        e.getClass().getSimpleName(),
                        "restart",
                        e);
            }
        }
        postgresql.setUrl(url);
        postgresql.setApplicationName("postern");
        // detects a server or network that stops answering: no write and no query waits longer
        postgresql.setConnectTimeout(connectSeconds);
        postgresql.fixLoginTimeout(connectSeconds);
        postgresql.setSocketTimeout(answerSeconds);
        postgresql.setTcpKeepAlive(true);
        if (!user.isBlank()) {
            postgresql.setUser(user);
            postgresql.setPassword(password);
        }
        return postgresql;
    }
}
