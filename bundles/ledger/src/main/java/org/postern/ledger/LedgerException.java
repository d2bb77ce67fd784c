package org.postern.ledger;

import org.postern.catalogue.Fault;
import org.postern.catalogue.PosternException;

/** A refusal or failure of the ledger, PST-6001 to PST-6012. Nothing of the unit of work that threw it is on disk. */
public class LedgerException extends PosternException {

    private static final long serialVersionUID = 1L;

    /** Kinds that callers tell apart. */
    public enum Kind {
        /** The database did not take the write or answer the query; the same may succeed later. */
        UNAVAILABLE("PST-6001"),
        /** That state may not follow the present one. */
        ILLEGAL_TRANSITION("PST-6002"),
        /** No such request or document. */
        NOT_FOUND("PST-6003"),
        /** A RequestID that the ledger holds already. */
        DUPLICATE("PST-6004"),
        /** The counters cannot be continued safely. */
        COUNTER("PST-6005"),
        /** The ledger's settings do not make sense. */
        BAD_SETTING("PST-6006"),
        /** The ledger is closing. */
        CLOSED("PST-6007"),
        /** The same correlation id came with another content. */
        CORRELATION_REUSED("PST-6008"),
        /** A prepayment counter that is not above the last one of its meter. */
        COUNTER_BACKWARDS("PST-6009"),
        /** The database's files or locks are no longer those that were opened: nothing is accepted until a restart. */
        FILES_CHANGED("PST-6010"),
        /** The database is empty or older than what lies beside it. */
        OLDER("PST-6011"),
        /** Pages of the database are damaged. */
        DAMAGED("PST-6012");

        private final String code;

        Kind(String code) {
            this.code = code;
        }

        /** The fault code. */
        public String code() {
            return code;
        }
    }

    private final Kind kind;

    public LedgerException(Kind kind, String field, String rule, String cause, String action, Throwable why) {
        super(new Fault(kind.code(), field, rule, cause, action), why);
        this.kind = kind;
    }

    public LedgerException(Kind kind, String field, String rule, String cause, String action) {
        this(kind, field, rule, cause, action, null);
    }

    public Kind kind() {
        return kind;
    }
}
