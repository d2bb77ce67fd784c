package org.postern.gbcs;

/** What was found out about the origin of a message: its MAC and its signature, apart. */
public record Authentication(Check mac, Check signature) {

    /**
     * True where neither is invalid. Unchecked counts as not invalid: look at the verdicts before acting on the
     * message.
     */
    public boolean notRefused() {
        return mac.verdict() != Verdict.INVALID && signature.verdict() != Verdict.INVALID;
    }

    /** True where whatever protects the message was checked and is right. */
    public boolean proven() {
        return notRefused()
                && mac.verdict() != Verdict.UNCHECKED
                && signature.verdict() != Verdict.UNCHECKED
                && (mac.verdict() == Verdict.VALID || signature.verdict() == Verdict.VALID);
    }
}
