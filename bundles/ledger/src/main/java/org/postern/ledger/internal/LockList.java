package org.postern.ledger.internal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operating system's list of file locks. Because it is read after every commit, the file stays open and its bytes
 * are compared without conversion to strings. A line such as {@code 1: POSIX ADVISORY READ 77 08:01:99 128 128}
 * contains the process, device and inode of the file, first and last byte. Safe for use by several threads.
 */
final class LockList implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LockList.class);
    private static final int WORDS = 8;
    private static final int TYPE = 1;
    private static final int PROCESS = 4;
    private static final int FILE = 5;
    private static final int FROM = 6;
    private static final int TO = 7;
    private static final int FIRST_SIZE = 16_384;
    private static final byte[] POSIX = {'P', 'O', 'S', 'I', 'X'};
    private static final int DECIMAL = 10;

    /**
     * A lock that a process holds on a file.
     *
     * @param pid id of the process
     * @param inode inode of the file
     * @param position a byte that the lock covers
     */
    record HeldLock(long pid, long inode, long position) {}

    private final Path file;
    private @Nullable RandomAccessFile open;
    private byte[] text = new byte[FIRST_SIZE];
    /** Start and end of the words of the current line, and their number. */
    private final int[] begin = new int[WORDS + 1];

    private final int[] end = new int[WORDS + 1];
    private int words;

    LockList(Path file) {
        this.file = file;
    }

    /** The given locks that are not in the list. */
    synchronized List<HeldLock> missing(List<HeldLock> wanted) throws IOException {
        int length = read();
        List<HeldLock> missing = new ArrayList<>(wanted);
        int from = 0;
        while (from < length && !missing.isEmpty()) {
            from = line(from, length);
            if (words == WORDS && is(TYPE, POSIX)) {
                missing.removeIf(this::covers);
            }
        }
        return missing;
    }

    private int read() throws IOException {
        try {
            if (open == null) {
                open = new RandomAccessFile(file.toFile(), "r");
            }
            open.seek(0);
            int length = 0;
            for (int read = 0; read >= 0; read = open.read(text, length, text.length - length)) {
                length += read;
                if (length == text.length) {
                    text = Arrays.copyOf(text, 2 * length);
                }
            }
            return length;
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Finds the words of the line that starts at the given position; returns the start of the next line. */
    private int line(int from, int length) {
        words = 0;
        int at = from;
        while (at < length && text[at] != '\n') {
            if (text[at] == ' ') {
                at++;
            } else {
                int word = Math.min(words, WORDS);
                begin[word] = at;
                while (at < length && text[at] != ' ' && text[at] != '\n') {
                    at++;
                }
                end[word] = at;
                words++;
            }
        }
        return at + 1;
    }

    private boolean is(int word, byte[] expected) {
        return Arrays.equals(text, begin[word], end[word], expected, 0, expected.length);
    }

    private boolean covers(HeldLock lock) {
        int colon = end[FILE] - 1;
        while (colon >= begin[FILE] && text[colon] != ':') {
            colon--;
        }
        return number(begin[PROCESS], end[PROCESS]) == lock.pid()
                && number(colon + 1, end[FILE]) == lock.inode()
                && number(begin[FROM], end[FROM]) <= lock.position()
                && (text[begin[TO]] == 'E' || number(begin[TO], end[TO]) >= lock.position());
    }

    /** The decimal number in that range; -1 if it is not a number. */
    private long number(int from, int to) {
        long number = from < to ? 0 : -1;
        for (int at = from; at < to && number >= 0; at++) {
            int digit = text[at] - '0';
            number = digit >= 0 && digit < DECIMAL ? number * DECIMAL + digit : -1;
        }
        return number;
    }

    @Override
    public synchronized void close() {
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.debug("closing the list of locks failed", e);
            }
            open = null;
        }
    }
}
