package org.postern.faultsimulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Random;
import javax.sql.DataSource;

/**
 * The ledger's SQLite database between the product's code and its files. A commit may be refused, and may be the last thing
 * that the process does: then the write-ahead log has none of it, all of it, or a part.
 */
final class LedgerDatabase {

    /** What is asked before and after a commit. */
    interface Watch {

        /** May refuse the write as SQLite does, or throw {@link Killed}. True where the power goes while the commit is written. */
        boolean beforeCommit() throws SQLException;

        /** May throw {@link Killed}. */
        void afterCommit();

        /** May refuse a statement. */
        void beforeStatement() throws SQLException;

        /** The power is gone. */
        Killed powerGone();
    }

    private final Path file;
    private final Watch watch;
    private final Random random;
    private byte[] torn;

    LedgerDatabase(Path file, Watch watch, Random random) {
        this.file = file;
        this.watch = watch;
        this.random = random;
    }

    DataSource between(DataSource real) {
        return (DataSource) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
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
        return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
            switch (method.getName()) {
                case "commit" -> {
                    commit(real);
                    return null;
                }
                case "prepareStatement" -> watch.beforeStatement();
                default -> {
                    // as it is
                }
            }
            return call(real, method, arguments);
        });
    }

    private void commit(Connection real) throws SQLException {
        if (watch.beforeCommit()) {
            byte[] before = log();
            long changed = changed();
            real.commit();
            byte[] after = log();
            torn = changed == changed() ? mixed(before, after) : after;
            throw watch.powerGone();
        }
        real.commit();
        watch.afterCommit();
    }

    private Path logFile() {
        return file.resolveSibling(file.getFileName() + "-wal");
    }

    private byte[] log() {
        try {
            return Files.exists(logFile()) ? Files.readAllBytes(logFile()) : new byte[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long changed() {
        return file.toFile().lastModified() + file.toFile().length();
    }

    /** The new bytes up to some place, from there on what was there before; half of the time all of the new ones. */
    private byte[] mixed(byte[] before, byte[] after) {
        int first = Arrays.mismatch(before, after);
        int part = random.nextInt(4);
        if (first < 0 || part >= 2) {
            return after;
        }
        int end = first + (int) ((after.length - first) * (part == 0 ? 0.3 : 0.9));
        byte[] mixed = Arrays.copyOf(after, Math.max(end, before.length));
        if (before.length > end) {
            System.arraycopy(before, end, mixed, end, before.length - end);
        }
        return mixed;
    }

    /** Puts what is found after the power was cut into another folder. */
    void copyTo(Path target) {
        try {
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
            byte[] log = torn == null ? log() : torn;
            Files.write(target.resolveSibling(target.getFileName() + "-wal"), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
