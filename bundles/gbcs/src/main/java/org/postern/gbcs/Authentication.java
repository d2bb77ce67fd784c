package org.postern.gbcs;

/** The result of checking the origin of a message, separately for its MAC and its signature. */
public record Authentication(Check mac, Check signature) {

    /**
     * True where neither is invalid. {@code UNCHECKED} counts as not invalid, so inspect the verdicts before acting on
     * the message.
     */
    public boolean notRefused() {
        return mac.verdict() != Verdict.INVALID && signature.verdict() != Verdict.INVALID;
    }

    /** True where the protection that the message has was checked and is valid. */
    public boolean proven() {
        return notRefused()
                && mac.verdict() != Verdict.UNCHECKED
                && signature.verdict() != Verdict.UNCHECKED
                && (mac.verdict() == Verdict.VALID || signature.verdict() == Verdict.VALID);
    }
}
