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
 * Gives {@code bin/postern-backup --online} what it cannot take itself while the ledger is open. It puts a file
 * {@code ask} into a folder of its own below the folder {@code backup} beside the watermark; here the watermarks, the
 * mark and then the database are copied into that folder, and {@code done} says that they are whole ({@code failed}:
 * the cause). Several may ask at once; each gets its copy in turn.
 *
 * <p>The order matters: what notes how far the ledger has come is copied first, so that the copy of the ledger is never
 * behind it. A ledger in PostgreSQL is not copied; its operator dumps it afterwards.
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

    /** Does what is asked for, if anything. Costs one look at a folder where nothing is. */
    void look() {
        if (!Files.isDirectory(requests, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> folders = Files.list(requests)) {
            folders.filter(folder ->
                            Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) && Files.exists(folder.resolve("ask")))
                    .sorted()
                    .forEach(this::answer);
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("a script has ended meanwhile: {}", e.toString());
        }
    }

    private void answer(Path folder) {
        try {
            copy(folder);
            Files.createFile(folder.resolve("done"));
            LOG.info("a copy of the ledger was made for an online backup");
        } catch (IOException | SQLException | LedgerException e) {
            LOG.warn("no copy of the ledger for an online backup: {}", e.toString());
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
            LOG.warn("the online backup gets no answer: {}", e.toString());
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
