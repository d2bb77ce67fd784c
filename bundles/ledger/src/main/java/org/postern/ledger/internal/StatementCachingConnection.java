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
 * An SQLite connection that caches prepared statements, because preparing a statement takes longer than running it and
 * the ledger uses few different ones. A statement that its user closes stays prepared for the next user of the same
 * SQL; a statement in use is not shared. (The PostgreSQL driver has such a cache itself.) Used by one thread at a time,
 * as every connection.
 */
final class StatementCachingConnection extends JDBC4Connection {

    private static final int MAX_STATEMENTS = 100;

    /** A statement that stays prepared when it is closed by its user. */
    private static final class CachedStatement extends JDBC4PreparedStatement {

        private boolean used = true;

        CachedStatement(SQLiteConnection connection, String sql) throws SQLException {
            super(connection, sql);
        }

        /** False if it is in use, or if the driver closed it after a failure. */
        boolean free() {
            return !used && !pointer.isClosed();
        }

        CachedStatement use() {
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
                // also after a failure: a statement that is not reset keeps its snapshot, and with it the write-ahead
                // log
                pointer.safeRunConsume(DB::reset);
                // releases the bound values, which may be documents, as soon as they are no longer needed
                pointer.safeRunConsume(DB::clear_bindings);
                clearBatch();
            }
        }

        void end() throws SQLException {
            super.close();
        }
    }

    /** A data source of such connections. */
    static final class Source extends SQLiteDataSource {

        Source(SQLiteConfig config) {
            super(config);
        }

        @Override
        public SQLiteConnection getConnection(String user, String password) throws SQLException {
            return new StatementCachingConnection(getUrl(), getConfig().toProperties());
        }
    }

    private final Map<String, CachedStatement> cached = new LinkedHashMap<>(16, 0.75f, true);

    private StatementCachingConnection(String url, Properties properties) throws SQLException {
        super(url, url.substring(JDBC.PREFIX.length()), properties);
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
            throws SQLException {
        CachedStatement known = cached.get(sql);
        if (known != null && known.free()) {
            return known.use();
        }
        if (known != null && !known.pointer.isClosed()) {
            return super.prepareStatement(sql, type, concurrency, holdability);
        }
        checkOpen();
        checkCursor(type, concurrency, holdability);
        CachedStatement created = new CachedStatement(this, sql);
        cached.put(sql, created);
        if (cached.size() > MAX_STATEMENTS) {
            evictOldest();
        }
        return created;
    }

    private void evictOldest() throws SQLException {
        CachedStatement oldest = null;
        for (CachedStatement each : cached.values()) {
            if (each.free()) {
                oldest = each;
                break;
            }
        }
        if (oldest != null) {
            cached.values().remove(oldest);
            oldest.end();
        }
    }
}
