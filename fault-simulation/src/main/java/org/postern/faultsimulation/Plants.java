package org.postern.faultsimulation;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.postern.hsm.KeyUse;
import org.postern.hsm.ProofMint;
import org.postern.ledger.Ledger;
import org.postern.ledger.OutboxEntry;
import org.postern.parsecorrelate.Correlator;

/**
 * Flaws that a test plants between the parts of the appliance, to see that the rules find them. Without any, all is as
 * it is.
 */
interface Plants {

    /** None. */
    Plants NONE = new Plants() {};

    /** The ledger, or a replacement of it. */
    default Ledger ledger(Ledger real) {
        return real;
    }

    /** The correlator, or a replacement of it that may make proofs with the one mint. */
    default Correlator correlator(Correlator real, ProofMint mint) {
        return real;
    }

    /** Delivered of each transaction before it is committed; may write what the product would not. */
    default void beforeCommit(Connection connection) throws SQLException {
        // nothing
    }

    /** Faults of the DCC from the beginning, as for {@code sim:fault}. */
    default List<String> dccFaults() {
        return List.of();
    }

    /** What reaches the reader of a delivery in its place. */
    default OutboxEntry told(OutboxEntry entry) {
        return entry;
    }

    /** True where that use of a key is not put on record. */
    default boolean unlogged(KeyUse use) {
        return false;
    }

    /** What is sent to the DCC in place of that. */
    default byte[] sent(byte[] document) {
        return document;
    }

    /** True where that one reaches its reader as another one as well. */
    default boolean doubles(OutboxEntry entry) {
        return false;
    }

    /** True where that delivery is dropped although it is marked as made. */
    default boolean drops(OutboxEntry entry) {
        return false;
    }
}
