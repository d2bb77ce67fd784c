package org.postern.gbcs;

import java.util.Objects;

/**
 * A verdict and its reason.
 *
 * @param verdict the outcome
 * @param reason one sentence for display; empty where the verdict needs no explanation
 */
public record Check(Verdict verdict, String reason) {

    public static final Check VALID = new Check(Verdict.VALID, "");
    public static final Check ABSENT = new Check(Verdict.ABSENT, "");

    public Check {
        Objects.requireNonNull(verdict, "verdict");
        Objects.requireNonNull(reason, "reason");
    }

    public static Check invalid(String reason) {
        return new Check(Verdict.INVALID, reason);
    }

    public static Check unchecked(String reason) {
        return new Check(Verdict.UNCHECKED, reason);
    }
}
