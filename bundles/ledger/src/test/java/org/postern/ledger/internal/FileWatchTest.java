package org.postern.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The list of locks as the system writes it, with SQLite's locks in it. */
@EnabledOnOs(OS.LINUX)
class FileWatchTest {

    private static final long PID = 77;

    @TempDir
    Path folder;

    private Path database;
    private Path locks;

    @BeforeEach
    void files() throws Exception {
        database = Files.createFile(folder.resolve("ledger.db"));
        Files.createFile(folder.resolve("ledger.db-wal"));
        Files.createFile(folder.resolve("ledger.db-shm"));
        locks = folder.resolve("locks");
        list(lock(database, "1073741826 1073742335"), lock(shm(), "128 128"));
    }

    @Test
    void aLockThatTheSystemJoinedWithItsNeighbourIsHeld() throws Exception {
        FileWatch watch = new FileWatch(database, locks, PID);
        list(lock(database, "1073741826 1073742335"), lock(shm(), "127 128"));
        assertThat(watch.trouble()).isEmpty();
        list(lock(database, "0 EOF"), lock(shm(), "123 128"));
        assertThat(watch.trouble()).isEmpty();
    }

    @Test
    void aLockOnOtherBytesOrOfAnotherProcessOrFileIsNot() throws Exception {
        for (String instead : List.of(
                lock(shm(), "127 127"),
                lock(shm(), "129 EOF"),
                lock(shm(), "128 128").replace(" 77 ", " 78 "),
                lock(database, "128 128"))) {
            list(lock(database, "1073741826 1073742335"), lock(shm(), "128 128"));
            FileWatch watch = new FileWatch(database, locks, PID);
            list(lock(database, "1073741826 1073742335"), instead);
            assertThat(watch.trouble())
                    .as(instead)
                    .hasValueSatisfying(cause -> assertThat(cause).isEqualTo("the lock on ledger.db-shm is gone"));
        }
    }

    /** As many readers at different moments of the log as SQLite has read marks, with the real list of locks. */
    @Test
    void readersOnEveryReadMarkAreNoLossOfTheLock() throws Exception {
        Files.delete(database);
        Files.delete(folder.resolve("ledger.db-wal"));
        Files.delete(shm());
        List<Connection> open = new ArrayList<>();
        try (Connection writer = connection();
                Statement write = writer.createStatement()) {
            write.execute("PRAGMA journal_mode = WAL");
            write.execute("CREATE TABLE numbers (n INTEGER)");
            FileWatch watch = new FileWatch(
                    database, Path.of("/proc/locks"), ProcessHandle.current().pid());
            boolean joined = false;
            for (int i = 0; i < 8; i++) {
                write.execute("INSERT INTO numbers VALUES (" + i + ")");
                Connection reader = connection();
                open.add(reader);
                reader.setAutoCommit(false);
                try (Statement read = reader.createStatement();
                        ResultSet row = read.executeQuery("SELECT COUNT(*) FROM numbers")) {
                    assertThat(row.next()).isTrue();
                }
                joined |= Files.readAllLines(Path.of("/proc/locks")).stream()
                        .anyMatch(line -> line.matches(".* 12[3-7] 128"));
                assertThat(watch.trouble()).as("with %d readers", i + 1).isEmpty();
            }
            assertThat(joined)
                    .as("the system joined the lock on byte 128 with those of the read marks")
                    .isTrue();
        } finally {
            for (Connection each : open) {
                each.close();
            }
        }
    }

    private Connection connection() throws Exception {
        return DriverManager.getConnection("jdbc:sqlite:" + database);
    }

    private Path shm() {
        return folder.resolve("ledger.db-shm");
    }

    private void list(String... lines) throws Exception {
        Files.write(locks, List.of(lines));
    }

    private static String lock(Path file, String bytes) throws Exception {
        return "1: POSIX  ADVISORY  READ " + PID + " 08:01:" + Files.getAttribute(file, "unix:ino") + " " + bytes;
    }
}
