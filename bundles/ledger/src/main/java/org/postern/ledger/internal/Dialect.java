package org.postern.ledger.internal;

import java.util.Map;

/** Differences of the two engines in the SQL of migrations. */
final class Dialect {

    private Dialect() {}

    /** The column type for bytes, and the clause for a table whose rows are stored in the order of its key. */
    static Map<String, String> placeholders(boolean sqlite) {
        return sqlite
                ? Map.of("bytes", "BLOB", "clustered", "WITHOUT ROWID")
                : Map.of("bytes", "BYTEA", "clustered", "");
    }
}
