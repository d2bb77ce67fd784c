package org.postern.ledger.internal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.postern.ledger.LedgerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database of the ledger, SQLite or PostgreSQL depending on the URL ({@code jdbc:sqlite:} or
 * {@code jdbc:postgresql:}). Opens it, brings its tables up to date, and provides one connection for writing and a pool
 * of connections for reading.
 */
final class Database implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final String LOCATION = "classpath:org/postern/ledger/migration";
    private static final int CONNECT_SECONDS = 10;
    private static final int READER_WAIT_SECONDS = 10;
    private static final int VALIDATION_MILLIS = 3_000;
    /** How often a caller that waits for a connection checks whether the database has stopped answering. */
    private static final int CHECK_MILLIS = 1_000;
    /** How long the probe of an SQLite file may take. */
    private static final int PROBE_SECONDS = 3;

    /** A connection of the readers' pool, in use until it is closed. */
    final class Lease implements AutoCloseable {

        private final Connection connection;

        private Lease(Connection connection) {
            this.connection = connection;
        }

        Connection connection() {
            return connection;
        }

        /** Never fails: the data has been read, even if the connection was aborted in the meantime. */
        @Override
        public void close() {
            try {
                release(connection);
            } catch (SQLException e) {
                LOG.debug("returning a connection to the pool failed", e);
            }
        }
    }

    private final DataSource source;
    private final HikariDataSource readers;
    private final boolean sqlite;
    private final int answerSeconds;
    private final int probeSeconds;
    private final @Nullable Connection anchor;
    private final Optional<FileWatch> watch;
    private final boolean fresh;
    private volatile String damage = "";
    /** Connections to PostgreSQL that are in use, to be aborted if it stops answering. */
    private final Set<Connection> inUse = ConcurrentHashMap.newKeySet();

    private volatile boolean silent;
    private final DataSource probes;
    /** Used only by the thread that probes. */
    private @Nullable Connection probeConnection;

    /**
     * @param answerSeconds how long PostgreSQL may take for one answer before its connection counts as broken
     * @param silentSeconds how long PostgreSQL may take to open the connection of the probe, or to answer it
     */
    Database(String url, String user, String password, int readerCount, int answerSeconds, int silentSeconds) {
        this(url, user, password, readerCount, answerSeconds, silentSeconds, Machine.present());
    }

    /** @param machine runtime environment */
    Database(
            String url,
            String user,
            String password,
            int readerCount,
            int answerSeconds,
            int silentSeconds,
            Machine machine) {
        this.answerSeconds = answerSeconds;
        sqlite = url.startsWith("jdbc:sqlite:");
        source = machine.databases()
                .apply(
                        sqlite
                                ? DataSources.sqlite(url)
                                : DataSources.postgresql(url, user, password, CONNECT_SECONDS, answerSeconds));
        probes = sqlite ? source : DataSources.postgresql(url, user, password, silentSeconds, silentSeconds);
        probeSeconds = sqlite ? PROBE_SECONDS : silentSeconds;
        fresh = empty();
        // without a timeout, because creating an index of a large table may take long
        migrate(sqlite ? source : DataSources.postgresql(url, user, password, CONNECT_SECONDS, 0));
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setPoolName("postern-ledger");
        config.setMaximumPoolSize(readerCount);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(sqlite ? TimeUnit.SECONDS.toMillis(READER_WAIT_SECONDS) : CHECK_MILLIS);
        config.setValidationTimeout(sqlite ? VALIDATION_MILLIS : CHECK_MILLIS);
        readers = new HikariDataSource(config);
        anchor = anchor();
        watch = sqlite ? watch(DataSources.file(url), machine.locks()) : Optional.empty();
    }

    /**
     * A connection that stays open until the database is closed, so that SQLite keeps the same write-ahead log file.
     */
    private @Nullable Connection anchor() {
        if (!sqlite) {
            return null;
        }
        try {
            Connection connection = source.getConnection();
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM counters")) {
                row.next();
            }
            return connection;
        } catch (SQLException e) {
            readers.close();
            throw GroupCommit.unavailable("the database did not answer a query", e);
        }
    }

    private Optional<FileWatch> watch(Path file, Path locks) {
        try {
            return Optional.of(
                    new FileWatch(file, locks, ProcessHandle.current().pid()));
        } catch (IOException e) {
            close();
            throw new LedgerException(
                    LedgerException.Kind.UNAVAILABLE,
                    "org.postern.ledger/url",
                    "files whose attributes can be read",
                    e.getClass().getSimpleName(),
                    "make sure that the folder can be read",
                    e);
        }
    }

    /** Why committed data may be lost; empty if it is safe. */
    Optional<LedgerException> trouble() {
        if (!damage.isEmpty()) {
            return Optional.of(broken());
        }
        return watch.flatMap(FileWatch::trouble).map(Database::changed);
    }

    private static LedgerException changed(String cause) {
        return new LedgerException(
                LedgerException.Kind.FILES_CHANGED,
                "ledger",
                "the database's files and locks stay as they were opened",
                cause,
                "find out which program opened the database, then restart"
                        + " Postern; use dcc:ledger-copy to inspect the data");
    }

    /**
     * Writes a copy of the committed data without blocking other threads.
     *
     * @param target a file that does not exist yet
     */
    void copyTo(Path target) throws SQLException {
        try (Lease lease = reader();
                PreparedStatement copy = lease.connection().prepareStatement("VACUUM INTO ?")) {
            copy.setString(1, target.toString());
            copy.execute();
        }
    }

    /**
     * Queries one row, to check readiness. PostgreSQL is queried on a connection reserved for this purpose, because a
     * pool whose connections are all busy does not mean that the database has stopped answering.
     */
    void probe() throws SQLException {
        if (sqlite) {
            try (Lease lease = reader()) {
                queryOneRow(lease.connection());
            }
            return;
        }
        try {
            if (probeConnection == null) {
                probeConnection = probes.getConnection();
            }
            queryOneRow(probeConnection);
        } catch (SQLException e) {
            closeProbe();
            throw e;
        }
    }

    private void queryOneRow(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(probeSeconds);
            try (ResultSet row = statement.executeQuery("SELECT id FROM requests ORDER BY id DESC LIMIT 1")) {
                row.next();
            }
        }
    }

    private void closeProbe() {
        if (probeConnection != null) {
            try {
                probeConnection.close();
            } catch (SQLException e) {
                LOG.debug("closing the connection of the probe failed", e);
            }
            probeConnection = null;
        }
    }

    /** True while the database is known not to answer: every access is refused immediately. */
    boolean silent() {
        return silent;
    }

    /**
     * Sets whether the database has stopped answering its probe. While it does not answer, connections in use are
     * aborted. A query that is merely slow does not delay the probe and is not aborted.
     */
    void silent(boolean now) {
        silent = now && !sqlite;
        if (silent) {
            inUse.forEach(Database::abort);
        }
    }

    /** Closes a connection that was obtained from {@link #writer}. */
    void release(Connection connection) throws SQLException {
        inUse.remove(connection);
        connection.close();
    }

    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.debug("aborting a connection failed", e);
        }
    }

    /** Writes something that does not change the data, so that its commit shows whether the database accepts writes. */
    @Nullable
    Object probeWriting(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (sqlite) {
                // the version does not change, but its page is written and synced
                int version;
                try (ResultSet row = statement.executeQuery("PRAGMA user_version")) {
                    version = row.next() ? row.getInt(1) : 0;
                }
                statement.execute("PRAGMA user_version = " + version);
            } else {
                // allocates a transaction number, so that the commit is written to the write-ahead log
                statement.execute("SELECT txid_current()");
            }
        }
        return null;
    }

    /** Has SQLite check all pages of the file. Does nothing for PostgreSQL. */
    void check() throws SQLException {
        if (!sqlite) {
            return;
        }
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA quick_check(1)")) {
            String found = row.next() ? row.getString(1) : "ok";
            if (!found.equals("ok")) {
                damaged(found.replaceAll("\\s+", " "));
            }
        }
    }

    /**
     * Checks whether a failure means that the file is damaged; if so, the database counts as damaged until a restart.
     */
    void recordFailure(SQLException e) {
        String message = String.valueOf(e.getMessage());
        if (sqlite && (message.contains("SQLITE_CORRUPT") || message.contains("SQLITE_NOTADB"))) {
            damaged(message.lines().findFirst().orElse(""));
        }
    }

    private LedgerException broken() {
        return new LedgerException(
                LedgerException.Kind.DAMAGED,
                "ledger",
                "a file whose pages are intact",
                damage,
                "stop Postern, keep the file, and restore or repair it");
    }

    private void damaged(String found) {
        if (damage.isEmpty()) {
            damage = found;
            LOG.error("{}", broken().fault());
        }
    }

    /** True if the tables were created when the database was opened. */
    boolean fresh() {
        return fresh;
    }

    private boolean empty() {
        try (Connection connection = source.getConnection();
                ResultSet tables = connection.getMetaData().getTables(null, null, "requests", null)) {
            return !tables.next();
        } catch (SQLException e) {
            recordFailure(e);
            if (!damage.isEmpty()) {
                throw broken();
            }
            throw new LedgerException(
                    LedgerException.Kind.UNAVAILABLE,
                    "org.postern.ledger/url",
                    "a database that answers",
                    e.getClass().getSimpleName() + " " + e.getSQLState(),
                    "make sure that the database is running",
                    e);
        }
    }

    private void migrate(DataSource source) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(Database.class.getClassLoader());
        try {
            Flyway.configure(Database.class.getClassLoader())
                    .dataSource(source)
                    .locations(LOCATION)
                    // the schema of an SQLite file always exists; Flyway would try for ten seconds to create it if the
                    // disk accepts no writes
                    .createSchemas(!sqlite)
                    .table("postern_ledger_schema")
                    .placeholders(Dialect.placeholders(sqlite))
                    .loggers("slf4j")
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new LedgerException(
                    LedgerException.Kind.UNAVAILABLE,
                    "org.postern.ledger/url",
                    "a database whose tables belong to Postern and can be brought up to date",
                    "FlywayException: " + firstLine(e),
                    "make sure that the database is running and that the user may create tables",
                    e);
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
                // an acknowledged commit is on disk regardless of the server's default
                statement.execute("SET synchronous_commit = on");
                // otherwise the server may not detect for hours that a connection was aborted, and would keep its locks
                statement.execute("SET idle_in_transaction_session_timeout = '" + answerSeconds + "s'");
                statement.execute("SET lock_timeout = '" + answerSeconds + "s'");
            }
        }
        connection.setAutoCommit(false);
        if (!sqlite) {
            inUse.add(connection);
        }
        return connection;
    }

    /** A connection for one query; the caller closes it as soon as possible. */
    Lease reader() throws SQLException {
        if (sqlite) {
            return new Lease(readers.getConnection());
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(READER_WAIT_SECONDS);
        while (true) {
            if (silent) {
                throw new SQLTransientConnectionException("the database does not answer", "08000");
            }
            try {
                Connection connection = readers.getConnection();
                inUse.add(connection);
                return new Lease(connection);
            } catch (SQLTransientConnectionException e) {
                if (System.nanoTime() - end >= 0) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void close() {
        closeProbe();
        readers.close();
        if (watch != null) {
            watch.ifPresent(FileWatch::close);
        }
        if (anchor != null) {
            try {
                anchor.close();
            } catch (SQLException e) {
                LOG.debug("closing the last connection failed", e);
            }
        }
        deregisterDrivers();
    }

    /**
     * Deregisters drivers that were loaded by a bundle; otherwise the JDK would keep the driver and the bundle's class
     * loader in memory.
     */
    private static void deregisterDrivers() {
        ClassLoader ours = Database.class.getClassLoader();
        if (ours != ClassLoader.getSystemClassLoader()) {
            DriverManager.drivers()
                    .filter(driver -> driver.getClass().getClassLoader() == ours)
                    .forEach(driver -> {
                        try {
                            DriverManager.deregisterDriver(driver);
                        } catch (SQLException e) {
                            LOG.debug("deregistering a driver failed", e);
                        }
                    });
        }
    }
}
