package org.postern.servicerequests;

import java.util.function.Function;
import org.postern.catalogue.Fault;

/** The result of a document that the DCC sent to Receive Response. */
public sealed interface CallbackVerdict {

    /** Applies the function for the actual result. */
    <R> R fold(
            Function<Stored, R> stored,
            Function<Duplicate, R> duplicate,
            Function<Quarantined, R> quarantined,
            Function<Refused, R> refused,
            Function<Busy, R> busy);

    /** The document is new and is on disk. */
    record Stored(String id) implements CallbackVerdict {
        @Override
        public <R> R fold(
                Function<Stored, R> stored,
                Function<Duplicate, R> duplicate,
                Function<Quarantined, R> quarantined,
                Function<Refused, R> refused,
                Function<Busy, R> busy) {
            return stored.apply(this);
        }
    }

    /** The same document is on disk already: it is acknowledged and dropped. */
    record Duplicate(String id) implements CallbackVerdict {
        @Override
        public <R> R fold(
                Function<Stored, R> stored,
                Function<Duplicate, R> duplicate,
                Function<Quarantined, R> quarantined,
                Function<Refused, R> refused,
                Function<Busy, R> busy) {
            return duplicate.apply(this);
        }
    }

    /**
     * A document with the same identity but different content is on disk already: this one is acknowledged, stored
     * separately and reported.
     */
    record Quarantined(String id) implements CallbackVerdict {
        @Override
        public <R> R fold(
                Function<Stored, R> stored,
                Function<Duplicate, R> duplicate,
                Function<Quarantined, R> quarantined,
                Function<Refused, R> refused,
                Function<Busy, R> busy) {
            return quarantined.apply(this);
        }
    }

    /** The document is not accepted. */
    record Refused(Fault fault) implements CallbackVerdict {
        @Override
        public <R> R fold(
                Function<Stored, R> stored,
                Function<Duplicate, R> duplicate,
                Function<Quarantined, R> quarantined,
                Function<Refused, R> refused,
                Function<Busy, R> busy) {
            return refused.apply(this);
        }
    }

    /** The document cannot be stored now; the DCC must send it again. */
    record Busy(Fault fault) implements CallbackVerdict {
        @Override
        public <R> R fold(
                Function<Stored, R> stored,
                Function<Duplicate, R> duplicate,
                Function<Quarantined, R> quarantined,
                Function<Refused, R> refused,
                Function<Busy, R> busy) {
            return busy.apply(this);
        }
    }
}
