package org.postern.ledger.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Eui64;
import org.postern.ledger.LedgerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The highest prepayment counter ever reserved for each supplier and meter, in a file outside the database. Because
 * there are as many series as meters, each top-up appends one line {@code SUPPLIER:METER=n}, and the file is rewritten
 * when it is opened or has grown by many lines. Concurrent callers share one flush, and none waits longer than the
 * timeout of {@link FlushedFile}.
 *
 * <p>An incomplete last line was cut off by a crash. Its counter was never issued, so the line is ignored.
 */
final class PrepaymentWatermark implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PrepaymentWatermark.class);
    private static final int SERIES_LENGTH = 33;
    private static final int MIN_LINES = 50_000;

    /** One supplier and one meter. */
    record Series(Eui64 originator, Eui64 device) {

        /** Name of the series in the table of counters. */
        String name() {
            return "pp:" + originator.hex() + ":" + device.hex();
        }
    }

    private final Path file;
    private final int minLines;
    /** The counters that are on disk. */
    private final Map<Series, Long> highest = new ConcurrentHashMap<>();

    private final FlushedFile<Map.Entry<Series, Long>> flushed;

    // the fields below are used only by the writing thread; the channel is null if the end of the file is not known
    private @Nullable FileChannel channel;
    private long lines;

    PrepaymentWatermark(Path file) {
        this(file, MIN_LINES);
    }

    /**
     * @param minLines the file is rewritten when it has more lines than this and more than twice the number of series
     */
    PrepaymentWatermark(Path file, int minLines) {
        this.file = file;
        this.minLines = minLines;
        read();
        try {
            rewrite();
        } catch (IOException e) {
            throw unwritable(e);
        }
        flushed = new FlushedFile<>("prepayment-watermark", FlushedFile.TIMEOUT, this::write);
    }

    /** The highest n of each series, by its name in the table of counters. */
    Map<String, Long> all() {
        Map<String, Long> all = new TreeMap<>();
        highest.forEach((series, n) -> all.put(series.name(), n));
        return all;
    }

    /** The highest n of a series; 0 if there is none. */
    long highest(Series series) {
        return highest.getOrDefault(series, 0L);
    }

    /** Returns when the reservation of n is on disk. */
    void mark(Series series, long n) {
        // an entry in the map has been flushed already
        if (highest(series) >= n) {
            return;
        }
        try {
            flushed.write(Map.entry(series, n));
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private void write(List<Map.Entry<Series, Long>> marks) throws IOException {
        try {
            FileChannel open = channel;
            if (open == null || lines > Math.max(minLines, 2L * highest.size())) {
                open = rewrite();
            }
            Map<Series, Long> higher = new HashMap<>();
            for (Map.Entry<Series, Long> mark : marks) {
                if (mark.getValue() > higher.getOrDefault(mark.getKey(), highest(mark.getKey()))) {
                    append(open, line(mark.getKey(), mark.getValue()));
                    higher.put(mark.getKey(), mark.getValue());
                    lines++;
                }
            }
            if (!higher.isEmpty()) {
                open.force(false);
                highest.putAll(higher);
            }
        } catch (IOException e) {
            closeQuietly();
            throw e;
        }
    }

    private static void append(FileChannel open, String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
            open.write(bytes);
        }
    }

    private FileChannel rewrite() throws IOException {
        closeQuietly();
        StringBuilder text = new StringBuilder(
                "# highest prepayment counters ever reserved; keep with the machine," + " not with the backup\n");
        highest.forEach((series, n) -> text.append(line(series, n)));
        ReplacedFile.write(file, text.toString());
        FileChannel open = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        channel = open;
        lines = highest.size();
        return open;
    }

    private static String line(Series series, long n) {
        return series.originator().hex() + ":" + series.device().hex() + "=" + n + "\n";
    }

    private void read() {
        try {
            if (!Files.exists(file)) {
                Files.createDirectories(file.toAbsolutePath().getParent());
                return;
            }
            String text = Files.readString(file, StandardCharsets.US_ASCII);
            List<String> all =
                    text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
            for (int i = 0; i < all.size(); i++) {
                String line = all.get(i);
                if (!line.startsWith("#")) {
                    take(line, i + 1);
                }
            }
        } catch (IOException e) {
            throw unreadable(0, e);
        }
    }

    private void take(String line, int number) {
        try {
            if (line.length() <= SERIES_LENGTH + 1 || line.charAt(SERIES_LENGTH) != '=') {
                throw new IllegalArgumentException("not a counter");
            }
            Series series =
                    new Series(Eui64.parse(line.substring(0, 16)), Eui64.parse(line.substring(17, SERIES_LENGTH)));
            highest.merge(series, Long.parseLong(line.substring(SERIES_LENGTH + 1)), Math::max);
        } catch (IllegalArgumentException | org.postern.catalogue.PosternException e) {
            throw unreadable(number, e);
        }
    }

    private LedgerException unreadable(int line, Exception why) {
        return new LedgerException(
                LedgerException.Kind.COUNTER,
                file.getFileName() + (line == 0 ? "" : ":" + line),
                "lines supplier:meter=number",
                line == 0 ? "it cannot be read" : "another line",
                "repair the file; prepayment counters are not continued without it",
                why);
    }

    private LedgerException unwritable(IOException why) {
        return new LedgerException(
                LedgerException.Kind.UNAVAILABLE,
                String.valueOf(file.getFileName()),
                "the watermark is on disk before a counter is used",
                why.getClass().getSimpleName(),
                "make sure that the folder is writable",
                why);
    }

    private void closeQuietly() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            LOG.debug("closing the watermark file of prepayment counters failed", e);
        } finally {
            channel = null;
        }
    }

    @Override
    public void close() {
        flushed.close();
        closeQuietly();
    }
}
