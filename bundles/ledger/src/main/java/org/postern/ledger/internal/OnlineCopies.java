package org.postern.ledger.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.List;
import org.postern.ledger.LedgerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives {@code bin/postern-backup --online} what it cannot take itself while the ledger is open. It puts a file {@code ask} with a word of its
 * own into the folder {@code backup} beside the watermark; here the watermarks, the mark and then the database are copied beside it, and
 * {@code done} with the same word says that they are whole ({@code failed}: the word and the cause).
 *
 * <p>The order matters: what notes how far the ledger has come is copied first, so that the copy of the ledger is never behind it.
 * A ledger in PostgreSQL is not copied; its operator dumps it afterwards.
 */
final class OnlineCopies {

    private static final Logger LOG = LoggerFactory.getLogger(OnlineCopies.class);
    private static final int LONGEST_WORD = 100;

    private final Database database;
    private final Path watermark;
    private final Path folder;

    /** @param watermark file of the highest counters */
    OnlineCopies(Database database, Path watermark) {
        this.database = database;
        this.watermark = watermark.toAbsolutePath();
        this.folder = this.watermark.resolveSibling("backup");
    }

    /** Does what is asked for, if anything. Costs one look at a folder where nothing is. */
    void look() {
        Path ask = folder.resolve("ask");
        if (!Files.isRegularFile(ask)) {
            return;
        }
        String word = "";
        try {
            word = Files.readString(ask).strip();
            if (word.length() > LONGEST_WORD) {
                throw new IOException("the file ask is too long");
            }
            copy();
            answer("done", word);
            LOG.info("a copy of the ledger was made for an online backup");
        } catch (IOException | SQLException | LedgerException e) {
            LOG.warn("no copy of the ledger for an online backup: {}", e.toString());
            answer("failed", word + "\n" + e.getClass().getSimpleName());
        } finally {
            delete(ask);
        }
    }

    private void copy() throws IOException, SQLException {
        String name = String.valueOf(watermark.getFileName());
        for (String note : List.of(name, name + ".prepayment", Continuity.MARK)) {
            Path file = watermark.resolveSibling(note);
            if (Files.exists(file)) {
                Files.copy(file, folder.resolve(note), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        if (database.sqlite()) {
            Path copy = folder.resolve("ledger.db");
            Files.deleteIfExists(copy);
            database.copyTo(copy);
        }
    }

    private void answer(String name, String text) {
        try {
            Path draft = Files.writeString(folder.resolve(name + ".new"), text + "\n");
            Files.move(draft, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
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
