package org.postern.ledger.standalone;

import java.nio.file.Path;
import java.time.Clock;
import org.postern.ledger.LedgerException;
import org.postern.ledger.OpenLedger;
import org.postern.ledger.internal.JdbcLedger;

/** Ledgers in SQLite files. */
public final class LedgerFiles {

    private LedgerFiles() {}

    /**
     * Opens a file, made where it is not there yet, and brings its tables up to date. The watermark of its counters,
     * {@code counters.watermark}, stands beside it.
     *
     * @param file the database
     * @param clock for times and ids, until {@link OpenLedger#timeBy} gives another
     * @throws LedgerException BAD_SETTING, UNAVAILABLE, COUNTER
     */
    public static OpenLedger open(Path file, Clock clock) {
        return new JdbcLedger(JdbcLedger.Options.sqlite(file), clock);
    }
}
