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
 * A refusal or failure of the ledger, PST-6000 to PST-6999. The unit of work that threw it is not and will not be
 * written, except that UNDECIDED and FILES_CHANGED leave this open.
 */
public class LedgerException extends PosternException {

    private static final long serialVersionUID = 1L;

    /** The faults of the ledger that callers distinguish. */
    public enum Kind implements FaultCode {
        /** The database did not accept the write or answer the query; a retry may succeed. */
        UNAVAILABLE(passes(
                "PST-6001",
                OPERATOR,
                "the database did not accept a write or answer a query",
                "the database answers",
                "check the database and its disk; pending work continues automatically")),
        /** The new state must not follow the present one. */
        ILLEGAL_TRANSITION(stays(
                "PST-6002",
                VENDOR,
                "a state that must not follow the present one",
                "the transitions of docs/request-states.md",
                "report it together with the history of the request")),
        /** No such request or document. */
        NOT_FOUND(stays(
                "PST-6003",
                OPERATOR,
                "no such request or document in the ledger",
                "an id of the ledger",
                "correct the id; see dcc:requests")),
        /** The RequestID is stored already. */
        DUPLICATE(stays(
                "PST-6004",
                SUPPLIER,
                "a RequestID that is in the ledger already",
                "each RequestID once",
                "submit the request with another counter, or without one")),
        /** The counters cannot be continued safely. */
        COUNTER(stays(
                "PST-6005",
                OPERATOR,
                "Originator Counters that cannot be continued safely",
                "a counter above every one used before",
                "see docs/operations.md on counters before anything is sent")),
        /** A setting of the ledger is not valid. */
        BAD_SETTING(stays(
                "PST-6006",
                OPERATOR,
                "settings of the ledger that are not valid",
                "the values that the settings file explains",
                "correct the setting")),
        /** The ledger is closing; the caller retries when it is open again. */
        CLOSED(passes(
                "PST-6007",
                OPERATOR,
                "the ledger is closing or closed",
                "the ledger is open",
                "wait for the restart to end; start the ledger's bundle if it does not")),
        /** The same correlation id was used with different content. */
        CORRELATION_REUSED(stays(
                "PST-6008",
                SUPPLIER,
                "a correlation id that was used before with different content",
                "one correlation id for one request",
                "use a new correlation id for a new request")),
        /** A prepayment counter that is not above the last one of its meter. */
        COUNTER_BACKWARDS(stays(
                "PST-6009",
                SUPPLIER,
                "a prepayment counter that is not above the meter's last one",
                "above the last prepayment counter of the meter",
                "first read the meter's balance and last top-ups to find out whether it has that token;"
                        + " a token that it accepted is credited")),
        /** The database's files or locks are no longer those that were opened: nothing is accepted until a restart. */
        FILES_CHANGED(passes(
                "PST-6010",
                OPERATOR,
                "the ledger's files or locks were changed by another program",
                "the database's files and locks stay as they were opened",
                "find out which program opened the database, then restart Postern; use dcc:ledger-copy to"
                        + " inspect the data")),
        /** The database is empty or older than the files stored beside it. */
        OLDER(stays(
                "PST-6011",
                OPERATOR,
                "a database that is empty or older than the files stored beside it",
                "the database that was last used here",
                "correct url, or restore the right files; docs/operations.md explains how to continue without"
                        + " the missing data")),
        /** Pages of the database are damaged: nothing is accepted until a restart. */
        DAMAGED(passes(
                "PST-6012",
                OPERATOR,
                "pages of the ledger's file are damaged",
                "a file whose pages are intact",
                "stop Postern, keep the file, and restore or repair it")),
        /** The outcome of the write is not known: it may be on disk, and then it is carried out. */
        UNDECIDED(passes(
                "PST-6013",
                OPERATOR,
                "a write that the database may have accepted, although its answer did not arrive",
                "the database answers",
                "submit the same request again with the same correlation id, or query it first;"
                        + " check the database and its disk")),
        /** Data that the columns of the ledger cannot store; a retry is refused too. */
        NOT_HOLDABLE(stays(
                "PST-6014",
                SUPPLIER,
                "data that the ledger cannot store: a text that is too long or contains U+0000",
                "texts no longer than the ledger's columns, without U+0000",
                "use a shorter text of printable characters")),
        /** A stored document differs from what was written; other documents are not affected. */
        DOCUMENT_DAMAGED(stays(
                "PST-6015",
                OPERATOR,
                "a stored document that is damaged: it differs from what was written",
                "the length and SHA-256 that were recorded when it was written",
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
