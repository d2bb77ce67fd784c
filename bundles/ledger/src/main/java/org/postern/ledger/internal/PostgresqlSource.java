package org.postern.ledger.internal;

import org.postgresql.ds.PGSimpleDataSource;

/**
 * A data source whose login timeout the pool cannot overwrite: the pool would set it to its own, shorter connection
 * timeout.
 */
final class PostgresqlSource extends PGSimpleDataSource {

    private static final long serialVersionUID = 1L;

    void fixLoginTimeout(int seconds) {
        super.setLoginTimeout(seconds);
    }

    @Override
    public void setLoginTimeout(int seconds) {
        // ignored, see the class comment
    }
}
