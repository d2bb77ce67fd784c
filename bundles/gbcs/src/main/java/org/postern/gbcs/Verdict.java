package org.postern.gbcs;

/** Result of checking a MAC or signature; see {@link Check} for the reason. */
public enum Verdict {
    /** Checked and valid. */
    VALID,
    /** Checked and not valid. */
    INVALID,
    /** The message has none, and its message code requires none. */
    ABSENT,
    /** The message has one, but the key to check it is not available. */
    UNCHECKED
}
