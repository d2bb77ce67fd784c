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
import java.util.OptionalLong;
import org.postern.ledger.LedgerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the files of an SQLite database that this process has open, and its locks on them.
 *
 * <p>SQLite holds POSIX locks, and the system drops all locks of a process on a file when the process closes any
 * descriptor of that file. Then another program that opens the database takes itself for the only one, and when it
 * closes the database it removes the write-ahead log; what is committed afterwards goes into a file without a name. So
 * after every commit, and before anyone is told of it, the files must be the ones that were opened, and the locks must
 * be there: a lock that is there after the commit has kept every other program from removing the log until then, and
 * whoever comes later finds the commit in it. SQLite never takes a lost lock again while it has the database open, so a
 * loss is always found.
 *
 * <p>The locks are read from {@code /proc/locks}; where there is none (not Linux) the files alone are watched. The
 * system joins neighbouring locks of one kind: while a reader uses the last of SQLite's read marks (byte 127 of the
 * index), the lock on byte 128 is listed as one from 127 to 128. Safe for many threads. What it opened is closed with
 * it.
 */
final class FileWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);
    private static final long INDEX_LOCK = 128;
    /**
     * First byte of the range that SQLite's shared lock covers (os.h, SHARED_FIRST), and that of the log index's
     * (os_unix.c).
     */
    private static final List<Long> LOCKED = List.of(1_073_741_826L, INDEX_LOCK);

    private static final int LOOKS = 3;

    private final Path database;
    private final LockList locks;
    private final Map<Path, Object> files = new LinkedHashMap<>();
    private final List<LockList.Held> held;
    private volatile String lost = "";

    /**
     * Takes the present state for the right one: the database is open, and has been read.
     *
     * @param database the database's file
     * @param locks the system's list of locks, {@code /proc/locks}
     * @param pid of the process that has it open
     */
    FileWatch(Path database, Path locks, long pid) throws IOException {
        this.database = database;
        this.locks = new LockList(locks);
        for (Path file : List.of(database, beside("-wal"), beside("-shm"))) {
            key(file).ifPresent(key -> files.put(file, key));
        }
        held = LOCKED.stream()
                .flatMap(
                        position -> inode(position).stream().mapToObj(inode -> new LockList.Held(pid, inode, position)))
                .filter(this::watchable)
                .toList();
        if (held.size() < LOCKED.size()) {
            LOG.warn("the locks on {} cannot be watched here; its files are", database.getFileName());
        }
    }

    private Path beside(String ending) {
        return database.resolveSibling(database.getFileName() + ending);
    }

    private static Optional<Object> key(Path file) throws IOException {
        try {
            return Optional.ofNullable(
                    Files.readAttributes(file, BasicFileAttributes.class).fileKey());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private Path lockedFile(long position) {
        return position == INDEX_LOCK ? beside("-shm") : database;
    }

    private OptionalLong inode(long position) {
        try {
            return OptionalLong.of(((Number) Files.getAttribute(lockedFile(position), "unix:ino")).longValue());
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return OptionalLong.empty();
        }
    }

    /** The locks of those that this process has not. */
    private List<LockList.Held> missing(List<LockList.Held> wanted) throws IOException {
        List<LockList.Held> missing = wanted;
        // the list is read in pieces while it changes: one that is not seen at once may be there all the same
        for (int look = 0; look < LOOKS && !missing.isEmpty(); look++) {
            missing = locks.missing(missing);
        }
        return missing;
    }

    private boolean watchable(LockList.Held lock) {
        try {
            return missing(List.of(lock)).isEmpty();
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
                    LOG.error(
                            "{} {}: nothing more is accepted; restart Postern",
                            LedgerException.Kind.FILES_CHANGED.code(),
                            found);
                }
            } catch (IOException e) {
                return Optional.of("the ledger's files and locks cannot be looked at: "
                        + e.getClass().getSimpleName());
            }
        }
        return lost.isEmpty() ? Optional.empty() : Optional.of(lost);
    }

    private String look() throws IOException {
        for (Map.Entry<Path, Object> file : files.entrySet()) {
            Optional<Object> now = key(file.getKey());
            if (!Objects.equals(now.orElse(null), file.getValue())) {
                return file.getKey().getFileName()
                        + (now.isEmpty() ? " is gone" : " is another file than the one that was opened");
            }
        }
        // the files are those that were opened, so their inodes are
        List<LockList.Held> missing = missing(held);
        return missing.isEmpty()
                ? ""
                : "the lock on " + lockedFile(missing.get(0).position()).getFileName() + " is gone";
    }

    @Override
    public void close() {
        locks.close();
    }
}
