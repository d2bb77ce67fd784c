package org.postern.catalogue;

/** Kinds of what leaves by the outbox. Its name is what the ledger and the message header {@code postern_kind} hold. */
public enum DeliveryKind {
    /** The answer to a request, or how it ended without one. */
    RESULT,
    /** A Device Alert or DCC Alert. */
    ALERT,
    /** A command for local delivery to its device. */
    LOCAL_COMMAND,
    /** The digits of a top-up. */
    TOKEN
}
