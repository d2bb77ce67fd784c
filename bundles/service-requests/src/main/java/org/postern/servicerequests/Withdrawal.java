package org.postern.servicerequests;

import java.util.Objects;
import java.util.Optional;

/**
 * What became of the wish to take a request back.
 *
 * @param outcome what became of it
 * @param cancelling the answer to the cancelling request that was handed in for its User; empty where there was no need
 *     or no use
 * @param reason why it was too late; empty otherwise
 */
public record Withdrawal(Outcome outcome, Optional<Admission> cancelling, String reason) {

    /** What became of it. */
    public enum Outcome {
        /** It had not been sent, and will not be. */
        WITHDRAWN,
        /**
         * The DCC or a device keeps it for its time; a cancelling request (year 3000) is on its way, or was refused.
         */
        CANCELLING,
        /** It cannot be taken back. */
        TOO_LATE
    }

    public Withdrawal {
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(cancelling, "cancelling");
        Objects.requireNonNull(reason, "reason");
    }

    /** It had not been sent. */
    public static Withdrawal withdrawn() {
        return new Withdrawal(Outcome.WITHDRAWN, Optional.empty(), "");
    }

    /** A cancelling request was handed in. */
    public static Withdrawal cancelling(Admission admission) {
        return new Withdrawal(Outcome.CANCELLING, Optional.of(admission), "");
    }

    /** It cannot be taken back. */
    public static Withdrawal tooLate(String reason) {
        return new Withdrawal(Outcome.TOO_LATE, Optional.empty(), reason);
    }
}
