package org.postern.ledger.internal;

import java.util.Map;

/** Where the two engines differ in the words of a migration. */
final class Dialect {

    private Dialect() {}

    /** The type of bytes, and what makes a table whose rows lie in the order of its key. */
    static Map<String, String> placeholders(boolean sqlite) {
        return sqlite
                ? Map.of("bytes", "BLOB", "clustered", "WITHOUT ROWID")
                : Map.of("bytes", "BYTEA", "clustered", "");
    }
}
