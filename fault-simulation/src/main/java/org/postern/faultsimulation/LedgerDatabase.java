package org.postern.faultsimulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.postern.catalogue.Sha256;

/**
 * The ledger's SQLite database between the product's code and its files. A commit may be refused, and may be the last
 * thing that the process does: see {@link TornFiles} for what its files are then. The process may also end between two
 * writes of one transaction.
 */
final class LedgerDatabase {

    /** What is asked before and after a commit. */
    interface Watch {

        /**
         * May refuse the write as SQLite does, or throw {@link Killed}. True where the power goes while the commit is
         * written.
         */
        boolean beforeCommit(Connection connection) throws SQLException;

        /** May throw {@link Killed}. */
        void afterCommit();

        /** May refuse a statement, or throw {@link Killed}. */
        void beforeStatement(String sql) throws SQLException;

        /** The power is gone. */
        Killed powerGone(String what);
    }

    /** Pages of the log after which it is written back: seldom in the product, often enough here. */
    private static final int CHECKPOINT_PAGES = 60;

    private final Path file;
    private final Watch watch;
    private final Random random;
    private TornFiles torn;
    private TornFiles.Content left;

    LedgerDatabase(Path file, Watch watch, Random random) {
        this.file = file;
        this.watch = watch;
        this.random = random;
    }

    DataSource between(DataSource real) {
        return (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    Object result = call(real, method, arguments);
                    return result instanceof Connection connection ? watched(connection) : result;
                });
    }

    private static Object call(Object target, java.lang.reflect.Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private Connection watched(Connection real) {
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "commit" -> {
                            commit(real);
                            return null;
                        }
                        case "prepareStatement" -> watch.beforeStatement((String) arguments[0]);
                        case "setAutoCommit" -> checkpoints(real);
                        default -> {
                            // as it is
                        }
                    }
                    return call(real, method, arguments);
                });
    }

    private static void checkpoints(Connection real) throws SQLException {
        if (real.getAutoCommit()) {
            try (Statement statement = real.createStatement()) {
                statement.execute("PRAGMA wal_autocheckpoint=" + CHECKPOINT_PAGES);
            }
        }
    }

    private void commit(Connection real) throws SQLException {
        if (watch.beforeCommit(real)) {
            TornFiles.Content before = content();
            real.commit();
            torn = TornFiles.between(before, content(), random);
            throw watch.powerGone(torn.what());
        }
        real.commit();
        watch.afterCommit();
    }

    private Path logFile() {
        return file.resolveSibling(file.getFileName() + "-wal");
    }

    private TornFiles.Content content() {
        try {
            return new TornFiles.Content(
                    Files.readAllBytes(file), Files.exists(logFile()) ? Files.readAllBytes(logFile()) : new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The process is gone: whatever closes the database from now on changes nothing of what is found. */
    void processGone() {
        left = content();
    }

    /** Of each of the ledger's own tables a digest of all its rows. */
    Map<String, String> digests() {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet names = statement.executeQuery(
                    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
                            + " AND name <> 'postern_ledger_schema'")) {
                while (names.next()) {
                    tables.add(names.getString(1));
                }
            }
            Map<String, String> digests = new TreeMap<>();
            for (String table : tables) {
                MessageDigest digest = Sha256.start();
                try (ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
                    while (rows.next()) {
                        add(digest, rows);
                    }
                }
                digests.put(table, HexFormat.of().formatHex(digest.digest()));
            }
            return digests;
        } catch (SQLException e) {
            throw new IllegalStateException("the ledger's file is read", e);
        }
    }

    private static void add(MessageDigest digest, ResultSet rows) throws SQLException {
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
            byte[] value = rows.getObject(i) instanceof byte[] bytes
                    ? bytes
                    : String.valueOf(rows.getObject(i)).getBytes(StandardCharsets.UTF_8);
            digest.update((i + "\n" + value.length + "\n").getBytes(StandardCharsets.UTF_8));
            digest.update(value);
        }
    }

    /** Puts what is found after the power was cut into another folder. */
    void copyTo(Path target) {
        TornFiles.Content found = torn != null ? torn.found() : left != null ? left : content();
        try {
            Files.createDirectories(target.getParent());
            Files.write(target, found.database());
            Files.write(target.resolveSibling(target.getFileName() + "-wal"), found.log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
