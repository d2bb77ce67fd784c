package org.postern.ledger.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.postern.ledger.LedgerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses to open a database that is older than what lies beside it: a restored backup, an empty file, another
 * database. It would have forgotten requests that were accepted, and the documents that answer them.
 *
 * <p>Three witnesses: the newest ids that this database ever held, noted every minute and at the end, beside the
 * watermark of counters and in each folder that a running appliance fills (security log, broker journal), so that a
 * ledger restored with its own note is still compared with what it stands beside; the watermarks themselves; and, for a
 * database that is being made now, anything older than this process in those folders. An operator who wants it opened
 * all the same makes the file named in the refusal; it counts once.
 */
final class Continuity {

    private static final Logger LOG = LoggerFactory.getLogger(Continuity.class);

    /** Name of a note. */
    static final String MARK = "ledger.mark";

    /** Where the newest ids are noted; the first lies beside the watermark. */
    private final List<Path> marks;

    private final Path accept;
    private final Path restored;
    private final List<Path> companions;
    private String written = "";

    /**
     * What is compared with what.
     *
     * @param watermark file of the highest counters; the mark and the file of acceptance lie beside it
     * @param companions folders with traces of an earlier life
     */
    Continuity(Path watermark, List<Path> companions) {
        Path file = watermark.toAbsolutePath();
        this.marks = Stream.concat(
                        Stream.of(file.resolveSibling(MARK)),
                        companions.stream().map(folder -> folder.resolve(MARK)))
                .toList();
        this.accept = file.resolveSibling("ledger.accept");
        this.restored = file.resolveSibling("ledger.restored");
        this.companions = List.copyOf(companions);
    }

    /**
     * Looks at a database that has just been opened.
     *
     * @param fresh its tables were made just now
     * @param newest the newest id of each table; empty text for none
     * @param reserved highest counter of each series in the database
     * @param marked the same by the watermarks
     * @param started when this process began, milliseconds since 1970
     * @return true where something is missing and an operator said that it counts all the same
     * @throws LedgerException OLDER, naming what is missing
     */
    boolean check(
            boolean fresh,
            Map<String, String> newest,
            Map<String, Long> reserved,
            Map<String, Long> marked,
            long started) {
        List<String> missing = new ArrayList<>();
        for (Path mark : marks) {
            noted(mark).forEach((table, id) -> {
                if (newest.getOrDefault(table, "").compareTo(id) < 0) {
                    missing.add(table + " up to " + id + " (by " + folder(mark).getFileName() + "/" + MARK + ")");
                }
            });
        }
        long behind = marked.entrySet().stream()
                .filter(e -> reserved.getOrDefault(e.getKey(), 0L) < e.getValue())
                .count();
        if (behind > 0) {
            missing.add("the counters of " + behind + " series (by the watermarks)");
        }
        if (fresh) {
            companions.stream()
                    .filter(folder -> filled(folder, started))
                    .forEach(folder -> missing.add("everything that " + folder.getFileName() + " tells of"));
        }
        if (missing.isEmpty()) {
            return false;
        }
        String cause = (fresh ? "it is new and empty" : "it is older than what lies beside it") + "; missing: "
                + String.join("; ", missing);
        if (accepted()) {
            LOG.warn("the ledger is opened because an operator said so: {}", cause);
            return true;
        }
        throw new LedgerException(
                LedgerException.Kind.OLDER,
                "org.postern.ledger/url",
                "the database that was last used here",
                cause,
                "correct url, or put the right files back; to go on without what is missing, make the file " + accept
                        + " and start again");
    }

    private boolean accepted() {
        try {
            return Files.deleteIfExists(accept);
        } catch (IOException e) {
            LOG.warn(
                    "{} cannot be deleted, so it does not count: {}",
                    accept.getFileName(),
                    e.getClass().getSimpleName());
            return false;
        }
    }

    /** True where bin/postern-restore has put these files back and nobody has taken note of it yet. */
    boolean restored() {
        return Files.exists(restored);
    }

    /** It is on record that these files were put back. */
    void restoredNoted() {
        try {
            Files.deleteIfExists(restored);
        } catch (IOException e) {
            LOG.warn(
                    "{} cannot be deleted, so it counts again: {}",
                    restored.getFileName(),
                    e.getClass().getSimpleName());
        }
    }

    /** True where a file in that folder was last written before this process began. */
    private static boolean filled(Path folder, long started) {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(Path::toFile)
                    .filter(file -> !file.getName().startsWith(MARK))
                    .anyMatch(file -> file.length() > 0 && file.lastModified() < started);
        } catch (IOException e) {
            LOG.warn("{} cannot be looked at: {}", folder, e.getClass().getSimpleName());
            return false;
        }
    }

    private static Map<String, String> noted(Path mark) {
        Map<String, String> noted = new java.util.TreeMap<>();
        try {
            if (Files.exists(mark)) {
                for (String line : Files.readAllLines(mark)) {
                    int equals = line.indexOf('=');
                    if (!line.startsWith("#") && equals > 0) {
                        noted.put(line.substring(0, equals), line.substring(equals + 1));
                    }
                }
            }
            return noted;
        } catch (IOException e) {
            throw new LedgerException(
                    LedgerException.Kind.OLDER,
                    MARK,
                    "a readable file",
                    e.getClass().getSimpleName(),
                    "see that the file can be read",
                    e);
        }
    }

    /** Forgets the note of before: an operator said that what is missing stays so. */
    void restart(Map<String, String> newest) {
        written = "";
        note(newest);
    }

    private static Path folder(Path mark) {
        return Objects.requireNonNull(mark.getParent(), "a mark stands in a folder");
    }

    /** Notes the newest ids; on disk when it returns. A failure is logged: the note of before still holds. */
    synchronized void note(Map<String, String> newest) {
        StringBuilder text =
                new StringBuilder("# newest ids of the ledger; keep with the machine, not with the backup\n");
        newest.forEach((table, id) -> text.append(table).append('=').append(id).append('\n'));
        if (text.toString().equals(written)) {
            return;
        }
        // a folder that nothing is written to tells of nothing; it is not made for the note
        if (marks.stream()
                .filter(mark -> Files.isDirectory(folder(mark)))
                .map(mark -> note(mark, text.toString()))
                .reduce(true, Boolean::logicalAnd)) {
            written = text.toString();
        }
    }

    private static boolean note(Path mark, String text) {
        try {
            ReplacedFile.write(mark, text);
            return true;
        } catch (IOException e) {
            LOG.warn("{} not written: {}", mark, e.getClass().getSimpleName());
            return false;
        }
    }
}
