package org.postern.servicerequests;

import java.util.function.Function;
import org.postern.catalogue.Fault;

/** What became of a document that the DCC handed to Receive Response. */
public sealed interface CallbackVerdict {

    /** One function for each verdict. */
    <R> R fold(
            Function<Stored, R> stored,
            Function<Duplicate, R> duplicate,
            Function<Quarantined, R> quarantined,
            Function<Refused, R> refused,
            Function<Busy, R> busy);

    /** New, and on disk. */
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

    /** The very same is on disk already: acknowledged and dropped. */
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

    /** Another content under an identity that is on disk already: acknowledged, kept apart, reported. */
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

    /** Not a document that we accept. */
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

    /** Cannot be put on disk now; the DCC is to send it again. */
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
