package org.postern.benchmarks.appliance;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;

/**
 * Puts the bytes of one request after another into one SQLite table, thirty-two to a transaction, each transaction on
 * disk before the next. Journal and sync are those of the ledger.
 */
final class CommitFloor extends OneThread {

    /** Requests to a transaction: fewer cost more each, and the product's writer has as many under load. */
    static final int TOGETHER = 32;

    private final Connection connection;

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
        PreparedStatement insert = connection.prepareStatement("INSERT INTO kept(content) VALUES (?)");
        start("commit", () -> {
            for (int i = 0; i < TOGETHER; i++) {
                insert.setBytes(1, content);
                insert.executeUpdate();
            }
            connection.commit();
            return TOGETHER;
        });
    }

    @Override
    void end() throws SQLException {
        connection.close();
    }
}
