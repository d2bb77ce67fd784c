package org.postern.securitylogging;

/** How the thing that an event describes ended. */
public enum Outcome {
    /** It was done. */
    DONE,
    /** It was refused, as it should be. */
    REFUSED,
    /** It failed, or something was found broken. */
    FAILED
}
