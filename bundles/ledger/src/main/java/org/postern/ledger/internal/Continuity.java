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
 * Refuses to open a database that is older than the files stored beside it: a restored backup, an empty file, or
 * another database. Such a database lacks requests that were accepted and the documents that answer them.
 *
 * <p>The database is compared with three things. First, the newest ids that this database ever held: they are written
 * every minute and at shutdown to mark files beside the watermark of counters and in each folder that a running
 * appliance writes to (security log, broker journal), so that a ledger restored together with its own mark file is
 * still compared with the other folders. Second, the watermarks of counters. Third, for a database that has just been
 * created, any file in those folders that is older than this process. An operator who wants to open the database anyway
 * creates the file that the refusal names; it is accepted once.
 */
final class Continuity {

    private static final Logger LOG = LoggerFactory.getLogger(Continuity.class);

    /** Name of a mark file. */
    static final String MARK = "ledger.mark";

    /** The mark files with the newest ids; the first is beside the watermark. */
    private final List<Path> marks;

    private final Path accept;
    private final Path restored;
    private final List<Path> companions;
    private String written = "";

    /**
     * Defines the files that the database is compared with.
     *
     * @param watermark file of the highest counters; the mark file and the file of acceptance are in the same folder
     * @param companions other folders that a running appliance writes to
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
     * Checks a database that has just been opened.
     *
     * @param fresh true if its tables have just been created
     * @param newest the newest id of each table; an empty text for an empty table
     * @param reserved highest counter of each series in the database
     * @param marked highest counter of each series in the watermark files
     * @param started when this process started, milliseconds since 1970
     * @return true if data is missing and an operator has accepted that
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
            read(mark).forEach((table, id) -> {
                if (newest.getOrDefault(table, "").compareTo(id) < 0) {
                    missing.add(table + " up to " + id + " (according to "
                            + folder(mark).getFileName() + "/" + MARK + ")");
                }
            });
        }
        long behind = marked.entrySet().stream()
                .filter(e -> reserved.getOrDefault(e.getKey(), 0L) < e.getValue())
                .count();
        if (behind > 0) {
            missing.add("the counters of " + behind + " series (according to the watermarks)");
        }
        if (fresh) {
            companions.stream()
                    .filter(folder -> hasOlderFile(folder, started))
                    .forEach(folder -> missing.add("everything that " + folder.getFileName() + " refers to"));
        }
        if (missing.isEmpty()) {
            return false;
        }
        String cause = (fresh ? "it is new and empty" : "it is older than the files stored beside it") + "; missing: "
                + String.join("; ", missing);
        if (accepted()) {
            LOG.warn("the ledger is opened because an operator has accepted the missing data: {}", cause);
            return true;
        }
        throw new LedgerException(
                LedgerException.Kind.OLDER,
                "org.postern.ledger/url",
                "the database that was last used here",
                cause,
                "correct url, or restore the right files; to continue without the missing data, create the file "
                        + accept + " and start again");
    }

    private boolean accepted() {
        try {
            return Files.deleteIfExists(accept);
        } catch (IOException e) {
            LOG.warn(
                    "{} cannot be deleted and is therefore ignored: {}",
                    accept.getFileName(),
                    e.getClass().getSimpleName());
            return false;
        }
    }

    /** True if bin/postern-restore has restored these files and the restoration has not been recorded yet. */
    boolean restored() {
        return Files.exists(restored);
    }

    /** Called when the restoration has been recorded in the database. */
    void restorationRecorded() {
        try {
            Files.deleteIfExists(restored);
        } catch (IOException e) {
            LOG.warn(
                    "{} cannot be deleted; the restoration will be recorded again at the next start: {}",
                    restored.getFileName(),
                    e.getClass().getSimpleName());
        }
    }

    /** True if a file in that folder was last written before this process started. */
    private static boolean hasOlderFile(Path folder, long started) {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(Path::toFile)
                    .filter(file -> !file.getName().startsWith(MARK))
                    .anyMatch(file -> file.length() > 0 && file.lastModified() < started);
        } catch (IOException e) {
            LOG.warn("{} cannot be read: {}", folder, e.getClass().getSimpleName());
            return false;
        }
    }

    private static Map<String, String> read(Path mark) {
        Map<String, String> read = new java.util.TreeMap<>();
        try {
            if (Files.exists(mark)) {
                for (String line : Files.readAllLines(mark)) {
                    int equals = line.indexOf('=');
                    if (!line.startsWith("#") && equals > 0) {
                        read.put(line.substring(0, equals), line.substring(equals + 1));
                    }
                }
            }
            return read;
        } catch (IOException e) {
            throw new LedgerException(
                    LedgerException.Kind.OLDER,
                    MARK,
                    "a readable file",
                    e.getClass().getSimpleName(),
                    "make sure that the file can be read",
                    e);
        }
    }

    /** Replaces the mark files although the ids are older: an operator has accepted that data is missing. */
    synchronized void restart(Map<String, String> newest) {
        written = "";
        writeMark(newest);
    }

    private static Path folder(Path mark) {
        return Objects.requireNonNull(mark.getParent(), "a mark file is in a folder");
    }

    /**
     * Writes the newest ids to the mark files; they are on disk when it returns. A failure is only logged, because the
     * previous mark file is still valid.
     */
    synchronized void writeMark(Map<String, String> newest) {
        StringBuilder text =
                new StringBuilder("# newest ids of the ledger; keep with the machine, not with the backup\n");
        newest.forEach((table, id) -> text.append(table).append('=').append(id).append('\n'));
        if (text.toString().equals(written)) {
            return;
        }
        // a folder that does not exist has no files to compare with; it is not created for the mark file
        if (marks.stream()
                .filter(mark -> Files.isDirectory(folder(mark)))
                .map(mark -> writeMark(mark, text.toString()))
                .reduce(true, Boolean::logicalAnd)) {
            written = text.toString();
        }
    }

    private static boolean writeMark(Path mark, String text) {
        try {
            ReplacedFile.write(mark, text);
            return true;
        } catch (IOException e) {
            LOG.warn("{} not written: {}", mark, e.getClass().getSimpleName());
            return false;
        }
    }
}
