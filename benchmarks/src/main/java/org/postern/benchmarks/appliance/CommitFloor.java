package org.postern.benchmarks.appliance;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;

/**
 * Puts the bytes of one request after another into one SQLite table, thirty-two to a transaction, each transaction on disk before the next.
 * Journal and sync are those of the ledger.
 */
final class CommitFloor implements FloorProcess.Work {

    /** Requests to a transaction: fewer cost more each, and the product's writer has as many under load. */
    static final int TOGETHER = 32;

    private final LongAdder done = new LongAdder();
    private final Connection connection;
    private final Thread thread;
    private volatile boolean closed;

    CommitFloor(Path folder, FloorProcess.Sizes sizes) throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("floor.db"));
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("PRAGMA synchronous=FULL");
            statement.execute("PRAGMA wal_autocheckpoint=4000");
            statement.execute("CREATE TABLE kept(id INTEGER PRIMARY KEY, content BLOB NOT NULL)");
        }
        connection.setAutoCommit(false);
        byte[] content = new byte[sizes.kept()];
        new Random(1).nextBytes(content);
        thread = new Thread(() -> write(content), "commit");
        thread.start();
    }

    private void write(byte[] content) {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO kept(content) VALUES (?)")) {
            while (!closed) {
                for (int i = 0; i < TOGETHER; i++) {
                    insert.setBytes(1, content);
                    insert.executeUpdate();
                }
                connection.commit();
                done.add(TOGETHER);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public LongAdder done() {
        return done;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        try {
            FloorProcess.join(thread);
            connection.close();
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }
}
