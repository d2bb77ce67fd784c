package org.postern.ledger.internal;

import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Classifies exceptions of the database by their cause, and describes them without data. */
final class SqlFailures {

    private static final Pattern SQLITE_CODE = Pattern.compile("SQLITE_[A-Z_]+");

    private SqlFailures() {}

    /** A short description of a failure, without the driver's message, which may contain data. */
    static String summary(SQLException e) {
        Matcher sqlite = SQLITE_CODE.matcher(String.valueOf(e.getMessage()));
        return sqlite.find() ? sqlite.group() : e.getClass().getSimpleName() + " " + e.getSQLState();
    }

    /** True if SQLite reports that the disk, not the statement, is the cause. */
    static boolean isDiskFailure(SQLException e) {
        return summary(e).matches("SQLITE_(IOERR|FULL|READONLY|CANTOPEN).*");
    }

    /** True if PostgreSQL did not answer: SQLState class 08, or 57P for a server that shuts down. */
    static boolean isConnectionFailure(SQLException e) {
        return String.valueOf(e.getSQLState()).matches("08.*|57P.*");
    }

    /**
     * True if a retry would fail in the same way: SQLState class 22 or 23, except 23505, which means that another node
     * wrote the row first.
     */
    static boolean isDataFailure(SQLException e) {
        return String.valueOf(e.getSQLState()).matches("22...|23(?!505)...");
    }
}
