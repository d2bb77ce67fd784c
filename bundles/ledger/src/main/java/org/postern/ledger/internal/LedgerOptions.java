package org.postern.ledger.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Options for opening the ledger.
 *
 * @param url {@code jdbc:sqlite:FILE} or {@code jdbc:postgresql://...}
 * @param user empty for SQLite
 * @param password empty for SQLite
 * @param readers connections for reading
 * @param largestGroup maximum number of writes in one transaction
 * @param counterBlock counters reserved at a time
 * @param watermarkFile file for the highest reserved counters, outside the database
 * @param companions folders that a running appliance writes to: if they contain older files, a new database is refused
 * @param answerSeconds how long PostgreSQL may take for one answer
 * @param silentSeconds how long PostgreSQL may take to answer a probe before it counts as silent
 */
public record LedgerOptions(
        String url,
        String user,
        String password,
        int readers,
        int largestGroup,
        int counterBlock,
        Optional<Path> watermarkFile,
        List<Path> companions,
        int answerSeconds,
        int silentSeconds) {

    private static final int ANSWER_SECONDS = 20;
    private static final int SILENT_SECONDS = 3;

    /** Options without companion folders. */
    public LedgerOptions(
            String url,
            String user,
            String password,
            int readers,
            int largestGroup,
            int counterBlock,
            Optional<Path> watermarkFile) {
        this(
                url,
                user,
                password,
                readers,
                largestGroup,
                counterBlock,
                watermarkFile,
                List.of(),
                ANSWER_SECONDS,
                SILENT_SECONDS);
    }

    /** Options for an SQLite file, for tests and tools. */
    public static LedgerOptions sqlite(Path file) {
        return new LedgerOptions(
                "jdbc:sqlite:" + file, "", "", 4, 256, 1000, Optional.of(file.resolveSibling("counters.watermark")));
    }

    @Override
    public String toString() {
        return "Options[" + url.replaceFirst("\\?.*", "") + "]";
    }
}
