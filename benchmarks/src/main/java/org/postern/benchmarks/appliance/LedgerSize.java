package org.postern.benchmarks.appliance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;

/** Bytes of the ledger on disk, whichever files it uses. */
final class LedgerSize {

    private LedgerSize() {}

    /**
     * Bytes in the folder: of each database the pages in use, those in its log included, whether or not they are in its
     * file yet; of every other file its length. A database's own log and shared memory are not counted twice.
     */
    static long bytes(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        long sum = 0;
        for (Path file : files) {
            String name = file.getFileName().toString();
            if (name.endsWith(".db")) {
                sum += pages(file);
            } else if (!name.endsWith("-wal") && !name.endsWith("-shm") && !name.endsWith("-journal")) {
                sum += size(file);
            }
        }
        return sum;
    }

    private static long size(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long pages(Path database) throws IOException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:file:" + database + "?mode=ro");
                Statement statement = connection.createStatement()) {
            return (number(statement, "page_count") - number(statement, "freelist_count"))
                    * number(statement, "page_size");
        } catch (SQLException e) {
            throw new IOException("the size of " + database.getFileName() + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static long number(Statement statement, String pragma) throws SQLException {
        try (ResultSet row = statement.executeQuery("PRAGMA " + pragma)) {
            row.next();
            return row.getLong(1);
        }
    }
}
