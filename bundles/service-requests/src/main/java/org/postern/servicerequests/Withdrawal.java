package org.postern.servicerequests;

import java.util.Objects;
import java.util.Optional;

/**
 * The result of an attempt to withdraw a request.
 *
 * @param outcome the result
 * @param cancelling the acknowledgement of the cancelling request that was submitted for its User; empty if none was
 *     submitted
 * @param reason why it was too late; empty if it was not
 */
public record Withdrawal(Outcome outcome, Optional<Admission> cancelling, String reason) {

    /** The possible results. */
    public enum Outcome {
        /** The request had not been sent and will not be sent. */
        WITHDRAWN,
        /**
         * The DCC or a device stores the request until its execution time; a cancelling request (year 3000) was
         * submitted or refused.
         */
        CANCELLING,
        /** The request cannot be withdrawn any more. */
        TOO_LATE
    }

    public Withdrawal {
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(cancelling, "cancelling");
        Objects.requireNonNull(reason, "reason");
    }

    /** The result for a request that had not been sent. */
    public static Withdrawal withdrawn() {
        return new Withdrawal(Outcome.WITHDRAWN, Optional.empty(), "");
    }

    /** The result if a cancelling request was submitted. */
    public static Withdrawal cancelling(Admission admission) {
        return new Withdrawal(Outcome.CANCELLING, Optional.of(admission), "");
    }

    /** The result if the request cannot be withdrawn any more. */
    public static Withdrawal tooLate(String reason) {
        return new Withdrawal(Outcome.TOO_LATE, Optional.empty(), reason);
    }
}
