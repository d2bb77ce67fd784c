package org.postern.ledger;

/** A ledger that whoever opened it closes again. */
public interface OpenLedger extends Ledger, AutoCloseable {

    /** Writes what was taken, and lets go of the database. */
    @Override
    void close();
}
