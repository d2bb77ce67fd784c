package org.postern.ledger;

/** A ledger that its opener has to close. */
public interface OpenLedger extends Ledger, AutoCloseable {

    /** Writes everything that was submitted and closes the database. */
    @Override
    void close();
}
