package org.postern.ledger.standalone;

import java.nio.file.Path;
import java.time.Clock;
import org.postern.ledger.LedgerException;
import org.postern.ledger.OpenLedger;
import org.postern.ledger.internal.JdbcLedger;
import org.postern.ledger.internal.LedgerOptions;

/** Ledgers in SQLite files. */
public final class LedgerFiles {

    private LedgerFiles() {}

    /**
     * Opens a file, which is created if it does not exist, and brings its tables up to date. The watermark file of its
     * counters, {@code counters.watermark}, is in the same folder.
     *
     * @param file the database
     * @param clock for times and ids, until {@link OpenLedger#useClock} sets another one
     * @throws LedgerException BAD_SETTING, UNAVAILABLE, COUNTER
     */
    public static OpenLedger open(Path file, Clock clock) {
        return new JdbcLedger(LedgerOptions.sqlite(file), clock);
    }
}
