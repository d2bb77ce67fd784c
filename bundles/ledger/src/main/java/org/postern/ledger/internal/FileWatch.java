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
 * Checks that the files of an open SQLite database, and this process's locks on them, have not changed.
 *
 * <p>SQLite holds POSIX locks, and the operating system drops all locks of a process on a file when the process closes
 * any descriptor of that file. Another program that then opens the database assumes that it is the only user, and
 * removes the write-ahead log when it closes the database; later commits of this process go to a deleted file.
 * Therefore, after every commit and before it is acknowledged, this class checks that the files are the ones that were
 * opened and that the locks still exist. A lock that exists after the commit has prevented every other program from
 * removing the log until then, and a program that opens the database later finds the commit in the log. SQLite never
 * reacquires a lost lock while the database is open, so a loss is always detected.
 *
 * <p>The locks are read from {@code /proc/locks}; on systems without it (not Linux) only the files are checked. The
 * system merges adjacent locks of the same kind: while a reader uses the last of SQLite's read marks (byte 127 of the
 * index), the lock on byte 128 is listed as a lock from 127 to 128. Safe for use by several threads. Closing it closes
 * the list of locks.
 */
final class FileWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);
    private static final long INDEX_LOCK = 128;
    /**
     * First byte of the range of SQLite's shared lock (os.h, SHARED_FIRST), and first byte of the lock of the log index
     * (os_unix.c).
     */
    private static final List<Long> LOCKED = List.of(1_073_741_826L, INDEX_LOCK);

    private static final int MAX_READS = 3;

    private final Path database;
    private final LockList locks;
    private final Map<Path, Object> files = new LinkedHashMap<>();
    private final List<LockList.HeldLock> held;
    private volatile String lost = "";

    /**
     * Records the present state as the correct one; the database must be open and must have been read.
     *
     * @param database the database's file
     * @param locks the system's list of locks, {@code /proc/locks}
     * @param pid id of the process that has the database open
     */
    FileWatch(Path database, Path locks, long pid) throws IOException {
        this.database = database;
        this.locks = new LockList(locks);
        for (Path file : List.of(database, beside("-wal"), beside("-shm"))) {
            key(file).ifPresent(key -> files.put(file, key));
        }
        held = LOCKED.stream()
                .flatMap(position ->
                        inode(position).stream().mapToObj(inode -> new LockList.HeldLock(pid, inode, position)))
                .filter(this::watchable)
                .toList();
        if (held.size() < LOCKED.size()) {
            LOG.warn(
                    "the locks on {} cannot be checked on this system; only its files are checked",
                    database.getFileName());
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

    /** The given locks that this process does not hold. */
    private List<LockList.HeldLock> missing(List<LockList.HeldLock> wanted) throws IOException {
        List<LockList.HeldLock> missing = wanted;
        // the list is read in pieces while it changes, so a lock that is not found the first time may still exist
        for (int read = 0; read < MAX_READS && !missing.isEmpty(); read++) {
            missing = locks.missing(missing);
        }
        return missing;
    }

    private boolean watchable(LockList.HeldLock lock) {
        try {
            return missing(List.of(lock)).isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    /** What has changed, in one line; empty if nothing has. A change that was found once is reported from then on. */
    Optional<String> trouble() {
        if (lost.isEmpty()) {
            try {
                String found = change();
                if (!found.isEmpty()) {
                    lost = found;
                    LOG.error(
                            "{} {}: no further writes are accepted; restart Postern",
                            LedgerException.Kind.FILES_CHANGED.code(),
                            found);
                }
            } catch (IOException e) {
                return Optional.of("the ledger's files and locks cannot be checked: "
                        + e.getClass().getSimpleName());
            }
        }
        return lost.isEmpty() ? Optional.empty() : Optional.of(lost);
    }

    private String change() throws IOException {
        for (Map.Entry<Path, Object> file : files.entrySet()) {
            Optional<Object> now = key(file.getKey());
            if (!Objects.equals(now.orElse(null), file.getValue())) {
                return file.getKey().getFileName()
                        + (now.isEmpty() ? " is gone" : " is another file than the one that was opened");
            }
        }
        // the files are the ones that were opened, so their inodes have not changed
        List<LockList.HeldLock> missing = missing(held);
        return missing.isEmpty()
                ? ""
                : "the lock on " + lockedFile(missing.get(0).position()).getFileName() + " is gone";
    }

    @Override
    public void close() {
        locks.close();
    }
}
