package org.postern.ledger;

import static org.postern.catalogue.FaultActor.OPERATOR;
import static org.postern.catalogue.FaultActor.SUPPLIER;
import static org.postern.catalogue.FaultActor.VENDOR;
import static org.postern.catalogue.FaultEntry.passes;
import static org.postern.catalogue.FaultEntry.stays;

import org.jspecify.annotations.Nullable;
import org.postern.catalogue.FaultCode;
import org.postern.catalogue.FaultEntry;
import org.postern.catalogue.PosternException;

/**
 * A refusal or failure of the ledger, PST-6000 to PST-6999. Nothing of the unit of work that threw it is or comes on
 * disk, except that UNDECIDED and FILES_CHANGED leave that open.
 */
public class LedgerException extends PosternException {

    private static final long serialVersionUID = 1L;

    /** The faults of the ledger, which callers tell apart. */
    public enum Kind implements FaultCode {
        /** The database did not take the write or answer the query; the same may succeed later. */
        UNAVAILABLE(passes(
                "PST-6001",
                OPERATOR,
                "the database did not take a write or answer a query",
                "the database answers",
                "check the database and its disk; what waits for it goes on by itself")),
        /** That state may not follow the present one. */
        ILLEGAL_TRANSITION(stays(
                "PST-6002",
                VENDOR,
                "a state that may not follow the present one",
                "the transitions of docs/request-states.md",
                "report it together with the request's history")),
        /** No such request or document. */
        NOT_FOUND(stays(
                "PST-6003",
                OPERATOR,
                "no such request or document in the ledger",
                "an id of the ledger",
                "correct the id; see dcc:requests")),
        /** A RequestID that the ledger holds already. */
        DUPLICATE(stays(
                "PST-6004",
                SUPPLIER,
                "a RequestID that the ledger holds already",
                "each RequestID once",
                "hand it in under another counter, or without one")),
        /** The counters cannot be continued safely. */
        COUNTER(stays(
                "PST-6005",
                OPERATOR,
                "Originator Counters that cannot be continued safely",
                "a counter above every one used before",
                "see docs/operations.md on counters before anything is sent")),
        /** The ledger's settings do not make sense. */
        BAD_SETTING(stays(
                "PST-6006",
                OPERATOR,
                "settings of the ledger that make no sense",
                "the values that the settings file explains",
                "correct the setting")),
        /** The ledger is closing; what came then is tried again when it is open. */
        CLOSED(passes(
                "PST-6007",
                OPERATOR,
                "the ledger is closing or closed",
                "the ledger is open",
                "wait for the restart to end; start the ledger's bundle if it does not")),
        /** The same correlation id came with another content. */
        CORRELATION_REUSED(stays(
                "PST-6008",
                SUPPLIER,
                "a correlation id that came before with another content",
                "one correlation id for one request",
                "use a new correlation id for a new request")),
        /** A prepayment counter that is not above the last one of its meter. */
        COUNTER_BACKWARDS(stays(
                "PST-6009",
                SUPPLIER,
                "a prepayment counter that is not above the meter's last one",
                "above the last prepayment counter of the meter",
                "find out first whether the meter has that token: read its balance and last top-ups;"
                        + " one that it took is credited")),
        /** The database's files or locks are no longer those that were opened: nothing is accepted until a restart. */
        FILES_CHANGED(passes(
                "PST-6010",
                OPERATOR,
                "the ledger's files or locks were changed by another program",
                "the database's files and locks stay as they were opened",
                "find out which program opened the database, then restart Postern; look inside by dcc:ledger-copy")),
        /** The database is empty or older than what lies beside it. */
        OLDER(
                stays(
                        "PST-6011",
                        OPERATOR,
                        "a database that is empty or older than what lies beside it",
                        "the database that was last used here",
                        "correct url, or put the right files back; docs/operations.md says how to go on without what is missing")),
        /** Pages of the database are damaged: nothing is accepted until a restart. */
        DAMAGED(passes(
                "PST-6012",
                OPERATOR,
                "pages of the ledger's file are damaged",
                "a file whose pages are whole",
                "stop Postern, keep the file, and restore or repair it")),
        /** A write whose end is not known: it may be on disk, and then it is carried out. */
        UNDECIDED(passes(
                "PST-6013",
                OPERATOR,
                "a write that the database may have taken, although its answer did not come",
                "the database answers",
                "hand the same in again under the same key, or look for it first;"
                        + " check the database and its disk")),
        /** What the columns of the ledger cannot hold; the same again is refused again. */
        NOT_HOLDABLE(stays(
                "PST-6014",
                SUPPLIER,
                "data that the ledger cannot hold: a text too long, or with U+0000 in it",
                "texts as long as the ledger's columns, without U+0000",
                "give a shorter text of visible characters")),
        /** A document is not what was written; the others are not touched. */
        DOCUMENT_DAMAGED(stays(
                "PST-6015",
                OPERATOR,
                "a document of the ledger that is damaged: it is not what was written",
                "the length and SHA-256 that were noted when it was written",
                "keep the database, and restore the document or the ledger from a copy"));

        private final FaultEntry entry;

        Kind(FaultEntry entry) {
            this.entry = entry;
        }

        @Override
        public FaultEntry entry() {
            return entry;
        }
    }

    private final Kind kind;

    public LedgerException(Kind kind, String field, String rule, String cause, String action, @Nullable Throwable why) {
        super(kind.fault(field, rule, cause, action), why);
        this.kind = kind;
    }

    public LedgerException(Kind kind, String field, String rule, String cause, String action) {
        this(kind, field, rule, cause, action, null);
    }

    public Kind kind() {
        return kind;
    }
}
