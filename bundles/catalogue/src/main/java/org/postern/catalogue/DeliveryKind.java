package org.postern.catalogue;

/** Kinds of outbox entries. The ledger and the message header {@code postern_kind} contain the name. */
public enum DeliveryKind {
    /** The response to a request, or its outcome without a response. */
    RESULT,
    /** A Device Alert or DCC Alert. */
    ALERT,
    /** A command for local delivery to its device. */
    LOCAL_COMMAND,
    /** The digits of a top-up. */
    TOKEN
}
