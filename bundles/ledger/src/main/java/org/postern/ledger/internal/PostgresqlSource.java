package org.postern.ledger.internal;

import org.postgresql.ds.PGSimpleDataSource;

/**
 * Keeps its log-in timeout: the pool would put one in its place that is as short as the wait for a connection of the
 * pool.
 */
final class PostgresqlSource extends PGSimpleDataSource {

    private static final long serialVersionUID = 1L;

    void loginWithin(int seconds) {
        super.setLoginTimeout(seconds);
    }

    @Override
    public void setLoginTimeout(int seconds) {
        // see above
    }
}
