package org.postern.securitylogging;

/** The result of the operation that an event describes. */
public enum Outcome {
    /** The operation was carried out. */
    DONE,
    /** The operation was refused by a rule. */
    REFUSED,
    /** The operation failed, or a defect was found. */
    FAILED
}
