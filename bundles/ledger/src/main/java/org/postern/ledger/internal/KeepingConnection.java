package org.postern.ledger.internal;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;
import org.sqlite.core.DB;
import org.sqlite.jdbc4.JDBC4Connection;
import org.sqlite.jdbc4.JDBC4PreparedStatement;

/**
 * A connection to SQLite that keeps its statements: to prepare one takes longer than to run it, and a ledger has few
 * texts. Closed by its user, a statement waits for the next who asks for the same text; one that is in use is not given
 * to another. (The driver of PostgreSQL does the same by itself.) Of one thread at a time, as every connection.
 */
final class KeepingConnection extends JDBC4Connection {

    private static final int MOST = 100;

    /** A statement that stays prepared when its user closes it. */
    private static final class Kept extends JDBC4PreparedStatement {

        private boolean used = true;

        Kept(SQLiteConnection connection, String sql) throws SQLException {
            super(connection, sql);
        }

        /** False where it is in use, or the driver gave it up after a failure. */
        boolean free() {
            return !used && !pointer.isClosed();
        }

        Kept use() {
            used = true;
            return this;
        }

        @Override
        public void close() throws SQLException {
            if (pointer.isClosed()) {
                super.close();
            } else if (used) {
                used = false;
                rs.close();
                // after a failure as well: one that is not reset would hold its snapshot, and with it the log
                pointer.safeRunConsume(DB::reset);
                // what was bound, documents among it, is held no longer than it is needed
                pointer.safeRunConsume(DB::clear_bindings);
                clearBatch();
            }
        }

        void end() throws SQLException {
            super.close();
        }
    }

    /** Gives out such connections. */
    static final class Source extends SQLiteDataSource {

        Source(SQLiteConfig config) {
            super(config);
        }

        @Override
        public SQLiteConnection getConnection(String user, String password) throws SQLException {
            return new KeepingConnection(getUrl(), getConfig().toProperties());
        }
    }

    private final Map<String, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);

    private KeepingConnection(String url, Properties properties) throws SQLException {
        super(url, url.substring(JDBC.PREFIX.length()), properties);
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
            throws SQLException {
        Kept known = kept.get(sql);
        if (known != null && known.free()) {
            return known.use();
        }
        if (known != null && !known.pointer.isClosed()) {
            return super.prepareStatement(sql, type, concurrency, holdability);
        }
        checkOpen();
        checkCursor(type, concurrency, holdability);
        Kept made = new Kept(this, sql);
        kept.put(sql, made);
        if (kept.size() > MOST) {
            forgetOldest();
        }
        return made;
    }

    private void forgetOldest() throws SQLException {
        Kept oldest = null;
        for (Kept each : kept.values()) {
            if (each.free()) {
                oldest = each;
                break;
            }
        }
        if (oldest != null) {
            kept.values().remove(oldest);
            oldest.end();
        }
    }
}
