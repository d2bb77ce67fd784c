package org.postern.ledger.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.postern.ledger.LedgerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the copies that {@code bin/postern-backup --online} cannot make itself while the ledger is open. The script
 * creates a file {@code ask} in a folder of its own below the folder {@code backup} beside the watermark. This class
 * copies the watermarks, the mark file and then the database into that folder, and creates the file {@code done} when
 * they are complete, or the file {@code failed} with the cause. Several scripts may request copies at the same time;
 * they are served one after the other.
 *
 * <p>The order matters: the watermarks and the mark file are copied first, so that the copy of the ledger is never
 * older than they are. A ledger in PostgreSQL is not copied; its operator dumps it afterwards.
 */
final class OnlineCopies {

    private static final Logger LOG = LoggerFactory.getLogger(OnlineCopies.class);

    private final Database database;
    private final Path watermark;
    private final Path requests;

    /** @param watermark file of the highest counters */
    OnlineCopies(Database database, Path watermark) {
        this.database = database;
        this.watermark = watermark.toAbsolutePath();
        this.requests = this.watermark.resolveSibling("backup");
    }

    /** Makes the requested copies, if any. Without a request it only checks whether a folder exists. */
    void poll() {
        if (!Files.isDirectory(requests, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> folders = Files.list(requests)) {
            folders.filter(folder ->
                            Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) && Files.exists(folder.resolve("ask")))
                    .sorted()
                    .forEach(this::answer);
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("a backup script has ended in the meantime: {}", e.toString());
        }
    }

    private void answer(Path folder) {
        try {
            copy(folder);
            Files.createFile(folder.resolve("done"));
            LOG.info("a copy of the ledger was made for an online backup");
        } catch (IOException | SQLException | LedgerException e) {
            LOG.warn("no copy of the ledger was made for an online backup: {}", e.toString());
            fail(folder, e.getClass().getSimpleName());
        } finally {
            delete(folder.resolve("ask"));
        }
    }

    private void copy(Path folder) throws IOException, SQLException {
        String name = String.valueOf(watermark.getFileName());
        for (String note : List.of(name, name + ".prepayment", Continuity.MARK)) {
            Path file = watermark.resolveSibling(note);
            if (Files.exists(file)) {
                Files.copy(
                        file,
                        folder.resolve(note),
                        StandardCopyOption.REPLACE_EXISTING,
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        if (database.sqlite()) {
            Path copy = folder.resolve("ledger.db");
            Files.deleteIfExists(copy);
            database.copyTo(copy);
        }
    }

    private static void fail(Path folder, String cause) {
        try {
            Path draft = Files.writeString(folder.resolve("failed.new"), cause + "\n");
            Files.move(
                    draft,
                    folder.resolve("failed"),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warn("the result of an online backup was not reported to the script: {}", e.toString());
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} cannot be deleted: {}", file, e.getClass().getSimpleName());
        }
    }
}
