package org.postern.faultsimulation;

import org.postern.hsm.KeyUse;
import org.postern.ledger.Ledger;
import org.postern.ledger.OutboxEntry;

/** Flaws that a test plants between the parts of the appliance, to see that the rules find them. Without any, all is as it is. */
interface Plants {

    /** None. */
    Plants NONE = new Plants() {
    };

    /** What stands in the ledger's place. */
    default Ledger ledger(Ledger real) {
        return real;
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
