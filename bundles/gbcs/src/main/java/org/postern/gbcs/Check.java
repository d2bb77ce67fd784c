package org.postern.gbcs;

import java.util.Objects;

/**
 * A verdict and why.
 *
 * @param verdict the outcome
 * @param reason one sentence for people; empty where the verdict says all
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
