package org.postern.ledger.internal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.RequestId;
import org.postern.ledger.LedgerException;
import org.postern.ledger.NewRequest;
import org.postern.ledger.internal.PrepaymentWatermark.Series;

/**
 * The counters of top-up tokens. For each supplier and meter there is a series n = 1, 2, 3, ... and the counter is n
 * &lt;&lt; 32, where n is at most 2^31 - 1 so that the counter stays below 2^63 (DUIS, RequestID). Numbers are reserved
 * one at a time and without gaps except after failures, because a token contains only ten bits of n. A token made
 * elsewhere claims its number in the transaction that admits it.
 */
final class PrepaymentCounters implements AutoCloseable {

    static final int SHIFT = 32;
    static final long HIGHEST = Integer.MAX_VALUE;

    private final Function<GroupCommit.Unit<Long>, Long> write;
    private final Optional<PrepaymentWatermark> watermark;

    /** @param watermarkFile file with the highest counters ever reserved, outside the database */
    PrepaymentCounters(Function<GroupCommit.Unit<Long>, Long> write, Optional<Path> watermarkFile) {
        this.write = write;
        this.watermark = watermarkFile.map(PrepaymentWatermark::new);
    }

    long next(Eui64 originator, Eui64 device) {
        Series series = new Series(originator, device);
        long floor = marked(series);
        long n = write.apply(connection -> {
            long next = Math.max(floor, reserved(connection, series)) + 1;
            if (next > HIGHEST) {
                throw new LedgerException(
                        LedgerException.Kind.COUNTER,
                        "counters/" + series.name(),
                        "n of a prepayment counter is at most " + HIGHEST,
                        "the series is exhausted",
                        "new credentials with a new floor are needed");
            }
            set(connection, series, next);
            return next;
        });
        mark(series, n);
        return n << SHIFT;
    }

    void raise(Eui64 originator, Eui64 device, long floor) {
        long wanted = floor >>> SHIFT;
        if (floor < 0) {
            throw new LedgerException(
                    LedgerException.Kind.COUNTER, "floor", "0 to 2^63 - 1", "outside", "give the last counter used");
        }
        Series series = new Series(originator, device);
        long marked = marked(series);
        long n = write.apply(connection -> {
            long highest = Math.max(marked, reserved(connection, series));
            if (wanted > highest) {
                set(connection, series, wanted);
            }
            return Math.max(wanted, highest);
        });
        mark(series, n);
    }

    long highest(Eui64 originator, Eui64 device) {
        Series series = new Series(originator, device);
        long n = write.apply(connection -> Math.max(reserved(connection, series), journalled(connection, series)));
        return Math.max(marked(series), n) << SHIFT;
    }

    /** The claim of a top-up on a number of its series. */
    final class Claim {

        private final Series series;
        private final long n;
        private final boolean ours;
        private final long floor;

        private Claim(Series series, long n, boolean ours) {
            this.series = series;
            this.n = n;
            this.ours = ours;
            this.floor = marked(series);
        }

        /**
         * Called within the transaction that admits the request: reserves the number, or refuses it if it is not above
         * the last one.
         */
        void take(Connection connection) throws SQLException {
            long last = Math.max(floor, reserved(connection, series));
            if (n > last) {
                set(connection, series, n);
            } else if (!ours) {
                throw new LedgerException(
                        LedgerException.Kind.COUNTER_BACKWARDS,
                        "Header/RequestID",
                        "a prepayment counter above the last one of this meter, " + last + " x 2^32",
                        "it is " + n + " x 2^32",
                        "first read the meter's balance and last top-ups to find out whether it has that token: a"
                                + " token that it accepted is credited. The counter of another payment must be"
                                + " above the"
                                + " last one, which dcc:counters shows");
            }
        }

        /** Called after the commit and before the request is acknowledged. */
        void mark() {
            PrepaymentCounters.this.mark(series, n);
        }
    }

    /**
     * The claim of a top-up.
     *
     * @param ours true if the counter was reserved by {@link #next}
     * @throws LedgerException COUNTER if the counter is not of the form n &lt;&lt; 32
     */
    Claim claim(NewRequest request, boolean ours) {
        RequestId id = request.requestId().orElseThrow();
        long counter = id.counter();
        if (counter <= 0 || (counter & 0xFFFF_FFFFL) != 0) {
            throw new LedgerException(
                    LedgerException.Kind.COUNTER,
                    "Header/RequestID",
                    "a prepayment counter is n x 2^32, n 1 to " + HIGHEST,
                    "another number",
                    "give the counter that the token was made for");
        }
        return new Claim(new Series(id.originator(), id.target()), counter >>> SHIFT, ours);
    }

    /** The highest reserved n; for a series without a row, the highest n of a stored request; 0 if there is none. */
    private static long reserved(Connection connection, Series series) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT reserved FROM counters WHERE series = ?")) {
            select.setString(1, series.name());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : journalled(connection, series);
            }
        }
    }

    private static long journalled(Connection connection, Series series) throws SQLException {
        long highest = 0;
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT request_id FROM requests WHERE device = ? AND request_id IS NOT NULL")) {
            select.setString(1, series.device().dashed());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    highest = Math.max(highest, journalled(RequestId.parse(rows.getString(1)), series.originator()));
                }
            }
        }
        return highest;
    }

    private static long journalled(RequestId id, Eui64 originator) {
        boolean prepayment =
                id.originator().equals(originator) && id.counter() > 0 && (id.counter() & 0xFFFF_FFFFL) == 0;
        return prepayment ? id.counter() >>> SHIFT : 0;
    }

    private static void set(Connection connection, Series series, long n) throws SQLException {
        // if two nodes reserve at the same time, the condition makes the slower one change no row
        try (PreparedStatement upsert = connection.prepareStatement(
                "INSERT INTO counters (series, reserved) VALUES (?, ?) ON CONFLICT (series) DO UPDATE SET reserved ="
                        + " excluded.reserved WHERE counters.reserved < excluded.reserved")) {
            upsert.setString(1, series.name());
            upsert.setLong(2, n);
            if (upsert.executeUpdate() != 1) {
                throw new LedgerException(
                        LedgerException.Kind.UNAVAILABLE,
                        "counters/" + series.name(),
                        "only one node reserves at a time",
                        "another node was faster",
                        "try again");
            }
        }
    }

    /** The highest n of each series according to the watermark file. */
    Map<String, Long> marked() {
        return watermark.map(PrepaymentWatermark::all).orElse(Map.of());
    }

    private long marked(Series series) {
        return watermark.map(file -> file.highest(series)).orElse(0L);
    }

    private void mark(Series series, long n) {
        watermark.ifPresent(file -> file.mark(series, n));
    }

    @Override
    public void close() {
        watermark.ifPresent(PrepaymentWatermark::close);
    }
}
