package org.postern.ledger.internal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.postern.ledger.LedgerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The engine behind the ledger, by the URL's kind: {@code jdbc:sqlite:} or {@code jdbc:postgresql:}. Opens it, brings
 * its tables up to date, and gives out one connection for writing and a pool for reading.
 */
final class Database implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final String LOCATION = "classpath:org/postern/ledger/migration";
    private static final int BUSY_TIMEOUT_MILLIS = 15_000;
    private static final int CONNECT_SECONDS = 10;
    private static final int READER_WAIT_SECONDS = 10;
    private static final int VALIDATION_MILLIS = 3_000;
    /** How often a caller that waits for a connection looks whether the database has fallen silent. */
    private static final int LOOK_MILLIS = 1_000;
    /** How long a file may take for the probe. */
    private static final int PROBE_SECONDS = 3;

    private static final Pattern SQLITE_CODE = Pattern.compile("SQLITE_[A-Z_]+");

    /** A connection of the readers, in use until it is closed. */
    final class Lease implements AutoCloseable {

        private final Connection connection;

        private Lease(Connection connection) {
            this.connection = connection;
        }

        Connection connection() {
            return connection;
        }

        /** What was read has been read, even where the connection was given up meanwhile. */
        @Override
        public void close() {
            try {
                release(connection);
            } catch (SQLException e) {
                LOG.debug("giving a connection back", e);
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
    /** Of PostgreSQL: what is in use, to be given up where it falls silent. */
    private final Set<Connection> inUse = ConcurrentHashMap.newKeySet();

    private volatile boolean silent;
    private final DataSource probes;
    /** Of the one thread that asks. */
    private @Nullable Connection probing;

    /**
     * @param answerSeconds how long PostgreSQL may take for one answer before its connection counts as broken
     * @param silentSeconds how long it may take to open a connection for the probe, or to answer it
     */
    Database(String url, String user, String password, int readerCount, int answerSeconds, int silentSeconds) {
        this(url, user, password, readerCount, answerSeconds, silentSeconds, Machine.present());
    }

    /** @param machine that it runs on */
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
                .apply(sqlite ? sqlite(url) : postgresql(url, user, password, CONNECT_SECONDS, answerSeconds));
        probes = sqlite ? source : postgresql(url, user, password, silentSeconds, silentSeconds);
        probeSeconds = sqlite ? PROBE_SECONDS : silentSeconds;
        fresh = empty();
        // an index of a large table takes as long as it takes
        migrate(sqlite ? source : postgresql(url, user, password, CONNECT_SECONDS, 0));
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setPoolName("postern-ledger");
        config.setMaximumPoolSize(readerCount);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(sqlite ? TimeUnit.SECONDS.toMillis(READER_WAIT_SECONDS) : LOOK_MILLIS);
        config.setValidationTimeout(sqlite ? VALIDATION_MILLIS : LOOK_MILLIS);
        readers = new HikariDataSource(config);
        anchor = anchor();
        watch = sqlite ? watch(file(url), machine.locks()) : Optional.empty();
    }

    /** Stays open from first to last, so that the write-ahead log is one file all the time. */
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
                    "see that the folder can be read",
                    e);
        }
    }

    private static Path file(String url) {
        return Path.of(url.substring("jdbc:sqlite:".length()).replaceFirst("\\?.*", ""))
                .toAbsolutePath();
    }

    /** Why what is committed may not stay; empty where it does. */
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
                        + " Postern; look inside by dcc:ledger-copy");
    }

    /**
     * Writes a copy of what is committed, without a pause for others.
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
     * Asks for one row; for readiness. PostgreSQL is asked on a connection that nobody else uses: a pool whose
     * connections are all at work is not a silent database.
     */
    void probe() throws SQLException {
        if (sqlite) {
            try (Lease lease = reader()) {
                ask(lease.connection());
            }
            return;
        }
        try {
            if (probing == null) {
                probing = probes.getConnection();
            }
            ask(probing);
        } catch (SQLException e) {
            endProbe();
            throw e;
        }
    }

    private void ask(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(probeSeconds);
            try (ResultSet row = statement.executeQuery("SELECT id FROM requests ORDER BY id DESC LIMIT 1")) {
                row.next();
            }
        }
    }

    private void endProbe() {
        if (probing != null) {
            try {
                probing.close();
            } catch (SQLException e) {
                LOG.debug("closing the probe's connection", e);
            }
            probing = null;
        }
    }

    /** True while the database is known not to answer: who asks is refused at once. */
    boolean silent() {
        return silent;
    }

    /**
     * Says whether the database answers its probe. While it does not, whatever waits for it is given up: a query that
     * is merely slow leaves the probe its answer, and goes on.
     */
    void silent(boolean now) {
        silent = now && !sqlite;
        if (silent) {
            inUse.forEach(Database::abort);
        }
    }

    /** Closes a connection that {@link #writer} gave. */
    void release(Connection connection) throws SQLException {
        inUse.remove(connection);
        connection.close();
    }

    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.debug("giving up a connection", e);
        }
    }

    /** Writes something that changes nothing, so that its commit shows whether the database takes writes. */
    @Nullable
    Object probeWriting(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (sqlite) {
                // the same number again, but its page is written and synced
                int version;
                try (ResultSet row = statement.executeQuery("PRAGMA user_version")) {
                    version = row.next() ? row.getInt(1) : 0;
                }
                statement.execute("PRAGMA user_version = " + version);
            } else {
                // takes a transaction number, so that the commit is a record of the write-ahead log
                statement.execute("SELECT txid_current()");
            }
        }
        return null;
    }

    /** A failure in few words, without what may stand in a driver's message. */
    static String words(SQLException e) {
        Matcher sqlite = SQLITE_CODE.matcher(String.valueOf(e.getMessage()));
        return sqlite.find() ? sqlite.group() : e.getClass().getSimpleName() + " " + e.getSQLState();
    }

    /** True where SQLite says that the disk, not the statement, is at fault. */
    static boolean ofTheDisk(SQLException e) {
        return words(e).matches("SQLITE_(IOERR|FULL|READONLY|CANTOPEN).*");
    }

    /** True where PostgreSQL did not answer: SQLState class 08, or 57P for a server that ends. */
    static boolean ofTheConnection(SQLException e) {
        return String.valueOf(e.getSQLState()).matches("08.*|57P.*");
    }

    /**
     * True where the same would fail again: SQLState class 22 or 23; a row that another node wrote first is no such
     * thing.
     */
    static boolean ofTheData(SQLException e) {
        return String.valueOf(e.getSQLState()).matches("22...|23(?!505)...");
    }

    /** Has SQLite check its pages; reads the whole file. Nothing for another engine. */
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

    /** Looks whether a failure says that the file is damaged; then it stays so until a restart. */
    void failed(SQLException e) {
        String message = String.valueOf(e.getMessage());
        if (sqlite && (message.contains("SQLITE_CORRUPT") || message.contains("SQLITE_NOTADB"))) {
            damaged(message.lines().findFirst().orElse(""));
        }
    }

    private LedgerException broken() {
        return new LedgerException(
                LedgerException.Kind.DAMAGED,
                "ledger",
                "a file whose pages are whole",
                damage,
                "stop Postern, keep the file, and restore or repair it");
    }

    private void damaged(String found) {
        if (damage.isEmpty()) {
            damage = found;
            LOG.error("{}", broken().fault());
        }
    }

    /** True where the tables were made at this opening. */
    boolean fresh() {
        return fresh;
    }

    private boolean empty() {
        try (Connection connection = source.getConnection();
                ResultSet tables = connection.getMetaData().getTables(null, null, "requests", null)) {
            return !tables.next();
        } catch (SQLException e) {
            failed(e);
            if (!damage.isEmpty()) {
                throw broken();
            }
            throw new LedgerException(
                    LedgerException.Kind.UNAVAILABLE,
                    "org.postern.ledger/url",
                    "a database that answers",
                    e.getClass().getSimpleName() + " " + e.getSQLState(),
                    "see that the database runs",
                    e);
        }
    }

    private static DataSource sqlite(String url) {
        try {
            if (file(url).getParent() != null) {
                Files.createDirectories(file(url).getParent());
            }
        } catch (IOException e) {
            throw new LedgerException(
                    LedgerException.Kind.BAD_SETTING,
                    "org.postern.ledger/url",
                    "a folder that can be made",
                    e.getClass().getSimpleName(),
                    "correct the setting",
                    e);
        }
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        // a commit is on disk when it returns; NORMAL would lose the last ones in a power cut
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        // the driver would run a query after every insert
        config.setGetGeneratedKeys(false);
        SQLiteDataSource sqlite = new KeepingConnection.Source(config);
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
        // its data source asks the DriverManager, from which an earlier close has taken it
        if (!org.postgresql.Driver.isRegistered()) {
            try {
                org.postgresql.Driver.register();
            } catch (SQLException e) {
                throw new LedgerException(
                        LedgerException.Kind.UNAVAILABLE,
                        "org.postern.ledger/url",
                        "a driver that registers",
                        e.getClass().getSimpleName(),
                        "restart",
                        e);
            }
        }
        postgresql.setUrl(url);
        postgresql.setApplicationName("postern");
        // a server or network that falls silent is noticed: no write and no query waits longer
        postgresql.setConnectTimeout(connectSeconds);
        postgresql.loginWithin(connectSeconds);
        postgresql.setSocketTimeout(answerSeconds);
        postgresql.setTcpKeepAlive(true);
        if (!user.isBlank()) {
            postgresql.setUser(user);
            postgresql.setPassword(password);
        }
        return postgresql;
    }

    private void migrate(DataSource source) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(Database.class.getClassLoader());
        try {
            Flyway.configure(Database.class.getClassLoader())
                    .dataSource(source)
                    .locations(LOCATION)
                    // the schema of a file is always there; to make it would be tried for ten seconds where the disk
                    // takes nothing
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
                    "a database whose tables are ours and can be brought up to date",
                    "FlywayException: " + firstLine(e),
                    "see that the database runs and that the user may create tables",
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
                // whatever the server's default, an acknowledged commit is on disk
                statement.execute("SET synchronous_commit = on");
                // the server may not see for hours that a silent connection is given up, and would keep its locks so
                // long
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

    /** A connection for one query; close it soon. */
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
        endProbe();
        readers.close();
        if (watch != null) {
            watch.ifPresent(FileWatch::close);
        }
        if (anchor != null) {
            try {
                anchor.close();
            } catch (SQLException e) {
                LOG.debug("closing the last connection", e);
            }
        }
        deregisterDrivers();
    }

    /**
     * In a bundle: the JDK would keep a driver that has registered itself, and with it the bundle's class loader, for
     * ever.
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
                            LOG.debug("deregistering a driver", e);
                        }
                    });
        }
    }
}
