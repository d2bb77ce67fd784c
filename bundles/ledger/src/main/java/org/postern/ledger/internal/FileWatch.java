package org.postern.ledger.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.postern.ledger.LedgerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the files of an SQLite database that this process has open, and its locks on them.
 *
 * <p>SQLite holds POSIX locks, and the system drops all locks of a process on a file when the process closes any descriptor of that
 * file. Then another program that opens the database takes itself for the only one, and when it closes the database it removes the
 * write-ahead log; what is committed afterwards goes into a file without a name. So after every commit, and before anyone is told
 * of it, the files must be the ones that were opened, and the locks must be there: a lock that is there after the commit has
 * kept every other program from removing the log until then, and whoever comes later finds the commit in it. SQLite never takes a
 * lost lock again while it has the database open, so a loss is always found.
 *
 * <p>The locks are read from {@code /proc/locks}; where there is none (not Linux) the files alone are watched. Safe for many threads.
 */
final class FileWatch {

    private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);
    private static final String INDEX_LOCK = "128";
    /** First byte of the range that SQLite's shared lock covers (os.h, SHARED_FIRST), and that of the log index's (os_unix.c). */
    private static final List<String> LOCKED_FROM = List.of("1073741826", INDEX_LOCK);

    private static final int LOOKS = 3;
    private static final int WORDS = 8;

    private final Path database;
    private final Path locks;
    private final long pid;
    private final Map<Path, Object> files = new LinkedHashMap<>();
    private final List<String> held;
    private volatile String lost = "";

    /**
     * Takes the present state for the right one: the database is open, and has been read.
     *
     * @param database the database's file
     * @param locks    the system's list of locks, {@code /proc/locks}
     * @param pid      of the process that has it open
     */
    FileWatch(Path database, Path locks, long pid) throws IOException {
        this.database = database;
        this.locks = locks;
        this.pid = pid;
        for (Path file : List.of(database, beside("-wal"), beside("-shm"))) {
            key(file).ifPresent(key -> files.put(file, key));
        }
        held = LOCKED_FROM.stream().filter(this::watchable).toList();
        if (held.size() < LOCKED_FROM.size()) {
            LOG.warn("the locks on {} cannot be watched here; its files are", database.getFileName());
        }
    }

    private Path beside(String ending) {
        return database.resolveSibling(database.getFileName() + ending);
    }

    private static Optional<Object> key(Path file) throws IOException {
        try {
            return Optional.ofNullable(Files.readAttributes(file, BasicFileAttributes.class).fileKey());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private String inode(String first) {
        try {
            return String.valueOf(Files.getAttribute(first.equals(INDEX_LOCK) ? beside("-shm") : database, "unix:ino"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return "";
        }
    }

    /** True where this process has a lock on that inode from that byte on. A line: {@code 1: POSIX ADVISORY READ 77 08:01:99 128 128}. */
    private boolean holds(String first, String inode) throws IOException {
        for (int look = 0; look < LOOKS; look++) {
            // the list is read in pieces while it changes: one that is not seen at once may be there all the same
            for (String line : Files.readAllLines(locks)) {
                String[] words = line.strip().split("\\s+");
                if (words.length == WORDS && words[1].equals("POSIX") && words[4].equals(Long.toString(pid)) && words[6].equals(first)
                        && words[5].endsWith(":" + inode)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean watchable(String first) {
        try {
            return holds(first, inode(first));
        } catch (IOException e) {
            return false;
        }
    }

    /** What is no longer as it was, in one line; empty where all is. Once something is, it stays so. */
    Optional<String> trouble() {
        if (lost.isEmpty()) {
            try {
                String found = look();
                if (!found.isEmpty()) {
                    lost = found;
                    LOG.error("{} {}: nothing more is accepted; restart Postern", LedgerException.Kind.FILES_CHANGED.code(), found);
                }
            } catch (IOException e) {
                return Optional.of("the ledger's files and locks cannot be looked at: " + e.getClass().getSimpleName());
            }
        }
        return lost.isEmpty() ? Optional.empty() : Optional.of(lost);
    }

    private String look() throws IOException {
        for (Map.Entry<Path, Object> file : files.entrySet()) {
            Optional<Object> now = key(file.getKey());
            if (!Objects.equals(now.orElse(null), file.getValue())) {
                return file.getKey().getFileName() + (now.isEmpty() ? " is gone" : " is another file than the one that was opened");
            }
        }
        for (String first : held) {
            if (!holds(first, inode(first))) {
                return "the lock on " + (first.equals(INDEX_LOCK) ? beside("-shm") : database).getFileName() + " is gone";
            }
        }
        return "";
    }
}
