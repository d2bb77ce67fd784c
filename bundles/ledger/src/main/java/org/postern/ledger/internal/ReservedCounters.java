package org.postern.ledger.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Eui64;
import org.postern.ledger.Counters;
import org.postern.ledger.LedgerException;

/**
 * Issues counters from blocks that are reserved on disk before any number of them is used. The watermark file is
 * outside the database, so that restoring a backup of the database does not reset it.
 */
final class ReservedCounters implements Counters, AutoCloseable {

    private static final long LOW_BITS = 0xFFFF_FFFFL;
    /** The newest requests have the highest counters; durable ids sort by time. */
    static final String NEWEST_OF_ORIGINATOR =
            "SELECT request_id FROM requests WHERE substr(request_id, 1, 23) = ?" + " ORDER BY id DESC LIMIT 1000";

    /**
     * Reserving a block takes one write to the database; a caller that waits longer than this for its turn is refused
     * and may retry.
     */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final class Block extends ReentrantLock {
        private static final long serialVersionUID = 1;
        private long next;
        private long end;
        private long given;
    }

    /** A query on a connection of the readers' pool. */
    @FunctionalInterface
    interface CounterQuery {
        long of(Connection connection) throws SQLException;
    }

    private final Function<GroupCommit.Unit<Long>, Long> write;
    private final ToLongFunction<CounterQuery> read;
    private final Clock clock;
    private final int blockSize;
    private final Optional<Path> watermarkFile;
    private final Map<String, Block> blocks = new ConcurrentHashMap<>();
    private final Map<String, Long> watermarks = new ConcurrentSkipListMap<>();
    private final Optional<FlushedFile<Map.Entry<String, Long>>> flushed;
    private final PrepaymentCounters prepayment;
    private final Duration timeout;

    ReservedCounters(
            Function<GroupCommit.Unit<Long>, Long> write,
            ToLongFunction<CounterQuery> read,
            Clock clock,
            int blockSize,
            Optional<Path> watermarkFile,
            PrepaymentCounters prepayment) {
        this(write, read, clock, blockSize, watermarkFile, prepayment, TIMEOUT);
    }

    /** @param timeout how long a caller waits for other callers of the same series */
    ReservedCounters(
            Function<GroupCommit.Unit<Long>, Long> write,
            ToLongFunction<CounterQuery> read,
            Clock clock,
            int blockSize,
            Optional<Path> watermarkFile,
            PrepaymentCounters prepayment,
            Duration timeout) {
        this.timeout = timeout;
        this.prepayment = prepayment;
        this.write = write;
        this.read = read;
        this.clock = clock;
        this.blockSize = blockSize;
        this.watermarkFile = watermarkFile;
        watermarkFile.ifPresent(this::readWatermarks);
        flushed = watermarkFile.map(
                file -> new FlushedFile<>("watermark", FlushedFile.TIMEOUT, marks -> write(file, marks)));
    }

    /** Runs the work while no other caller uses that series, or refuses it after a timeout. */
    private long exclusively(String series, ToLongFunction<Block> work) {
        Block block = blocks.computeIfAbsent(series, s -> new Block());
        boolean locked = false;
        try {
            locked = block.tryLock(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (!locked) {
                throw busy(series, "the series has been in use for " + timeout.toSeconds() + " s", null);
            }
            return work.applyAsLong(block);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw busy(series, "interrupted", e);
        } finally {
            if (locked) {
                block.unlock();
            }
        }
    }

    private static LedgerException busy(String series, String cause, @Nullable Throwable why) {
        return new LedgerException(
                LedgerException.Kind.UNAVAILABLE,
                "counters/" + series,
                "a block of counters is on disk before" + " one of them is used",
                cause,
                "try again; make sure that the database is running and its disk has free space",
                why);
    }

    @Override
    public long next(Eui64 originator) {
        String series = "id:" + originator.hex();
        return exclusively(series, block -> {
            do {
                if (block.next >= block.end) {
                    // the clock is only a lower limit: the block starts above every counter that was reserved or stored
                    // before
                    long floor = Math.max(clock.millis(), watermark(series) + 1);
                    // only at the first block after a start can a stored request have a higher counter than the
                    // reservations
                    long journalled = block.end == 0 ? read(connection -> highest(connection, originator)) : 0;
                    long start = reserve(series, Math.max(floor, journalled + 1), blockSize);
                    block.next = start;
                    block.end = start + blockSize;
                }
                block.given = block.next++;
                // a low word of zero marks a prepayment counter; using such a number here could repeat a RequestID of
                // the same meter
            } while ((block.given & LOW_BITS) == 0);
            return block.given;
        });
    }

    @Override
    public long nextPrepayment(Eui64 originator, Eui64 device) {
        return prepayment.next(originator, device);
    }

    @Override
    public void raisePrepayment(Eui64 originator, Eui64 device, long floor) {
        prepayment.raise(originator, device, floor);
    }

    @Override
    public long highestPrepayment(Eui64 originator, Eui64 device) {
        return prepayment.highest(originator, device);
    }

    @Override
    public void raise(Eui64 originator, long floor) {
        String series = "id:" + originator.hex();
        exclusively(series, block -> {
            if (block.next <= floor) {
                reserve(series, floor, 1);
                block.end = block.next;
            }
            return block.next;
        });
    }

    @Override
    public long highest(Eui64 originator) {
        String series = "id:" + originator.hex();
        return exclusively(series, block -> {
            long onDisk = read(connection -> reserved(connection, series));
            if (block.given > 0) {
                // reserved beyond this block: the floor was raised, or another node reserved a block
                return onDisk == block.end - 1 ? block.given : Math.max(onDisk, block.given);
            }
            long journalled = read(connection -> highest(connection, originator));
            return Math.max(Math.max(journalled, onDisk), Math.max(0, watermark(series)));
        });
    }

    @Override
    public long highest(Eui64 originator, Eui64 device) {
        return read(connection -> highest(connection, originator, device));
    }

    private long reserve(String series, long floor, int size) {
        long start = write.apply(connection -> reserve(connection, series, floor, size));
        mark(series, start + size - 1);
        return start;
    }

    private static long reserve(Connection connection, String series, long floor, int size) throws SQLException {
        long reserved = reserved(connection, series);
        long start = Math.max(floor, reserved + 1);
        if (start > Long.MAX_VALUE - size) {
            throw exhausted(series);
        }
        String sql = reserved < 0
                ? "INSERT INTO counters (reserved, series) VALUES (?, ?)"
                : "UPDATE counters SET reserved = ? WHERE series = ? AND reserved = " + reserved;
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setLong(1, start + size - 1);
            update.setString(2, series);
            if (update.executeUpdate() != 1) {
                throw new LedgerException(
                        LedgerException.Kind.UNAVAILABLE,
                        "counters/" + series,
                        "only one node reserves at a time",
                        "another node was faster",
                        "try again");
            }
        }
        return start;
    }

    /** The highest reserved counter of a series; -1 for a series that was never used. */
    private static long reserved(Connection connection, String series) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT reserved FROM counters WHERE series = ?")) {
            select.setString(1, series);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : -1;
            }
        }
    }

    /** The highest counter of a stored request of that originator; read without blocking the writer. */
    private static long highest(Connection connection, Eui64 originator) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(NEWEST_OF_ORIGINATOR)) {
            select.setString(1, originator.dashed());
            return highest(select);
        }
    }

    /** The highest counter of a stored request of that originator to that device. */
    private static long highest(Connection connection, Eui64 originator, Eui64 device) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT request_id FROM requests WHERE device = ? AND request_id LIKE ? ORDER BY id DESC LIMIT 1000")) {
            select.setString(1, device.dashed());
            select.setString(2, originator.dashed() + ":%");
            return highest(select);
        }
    }

    /** Ignores prepayment counters, whose low bits are zero, because they are a separate series. */
    private static long highest(PreparedStatement select) throws SQLException {
        long highest = 0;
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                String id = rows.getString(1);
                long counter = Long.parseUnsignedLong(id.substring(id.lastIndexOf(':') + 1));
                if ((counter & LOW_BITS) != 0) {
                    highest = Math.max(highest, counter);
                }
            }
        }
        return highest;
    }

    private static LedgerException exhausted(String series) {
        return new LedgerException(
                LedgerException.Kind.COUNTER,
                "counters/" + series,
                "below the end of the series",
                "the series is exhausted",
                "credentials with new floors are needed");
    }

    private long read(CounterQuery reading) {
        return read.applyAsLong(reading);
    }

    /** The highest counter of each series according to the watermark file. */
    Map<String, Long> marked() {
        return Map.copyOf(watermarks);
    }

    private long watermark(String series) {
        return watermarks.getOrDefault(series, 0L);
    }

    private void mark(String series, long highest) {
        if (flushed.isPresent()) {
            try {
                flushed.get().write(Map.entry(series, highest));
            } catch (IOException e) {
                throw new LedgerException(
                        LedgerException.Kind.UNAVAILABLE,
                        String.valueOf(watermarkFile.orElseThrow().getFileName()),
                        "the watermark is on disk before a counter is used",
                        e.getClass().getSimpleName(),
                        "make sure that the folder is writable",
                        e);
            }
        }
    }

    private void write(Path file, List<Map.Entry<String, Long>> marks) throws IOException {
        marks.forEach(mark -> watermarks.merge(mark.getKey(), mark.getValue(), Math::max));
        StringBuilder text =
                new StringBuilder("# highest counters ever reserved; keep with the machine, not with the backup\n");
        watermarks.forEach(
                (key, value) -> text.append(key).append('=').append(value).append('\n'));
        ReplacedFile.write(file, text.toString());
    }

    private void readWatermarks(Path file) {
        try {
            if (!Files.exists(file)) {
                Files.createDirectories(file.toAbsolutePath().getParent());
                return;
            }
            for (String line : Files.readAllLines(file)) {
                int equals = line.indexOf('=');
                if (!line.startsWith("#") && equals > 0) {
                    watermarks.put(line.substring(0, equals), Long.parseLong(line.substring(equals + 1)));
                }
            }
        } catch (IOException | NumberFormatException e) {
            throw new LedgerException(
                    LedgerException.Kind.COUNTER,
                    String.valueOf(file.getFileName()),
                    "lines series=number",
                    e.getClass().getSimpleName(),
                    "repair the file; counters are not continued without it",
                    e);
        }
    }

    @Override
    public void close() {
        flushed.ifPresent(FlushedFile::close);
    }
}
