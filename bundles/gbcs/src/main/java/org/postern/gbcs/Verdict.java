package org.postern.gbcs;

/** Outcome of checking a MAC or signature; see {@link Check} for the reason. */
public enum Verdict {
    /** Checked and right. */
    VALID,
    /** Checked and wrong. */
    INVALID,
    /** The message carries none, and its message code asks for none. */
    ABSENT,
    /** There is one, but a key to check it with is not held. */
    UNCHECKED
}
