package org.postern.servicerequests;

import java.util.Optional;
import java.util.function.Function;
import org.postern.catalogue.Fault;

/** The acknowledgement of a submission. It is returned only after the request or the refusal is on disk. */
public sealed interface Admission {

    /** Applies the function for the actual result. */
    <R> R fold(Function<Accepted, R> accepted, Function<Refused, R> refused);

    /**
     * The request is on disk and will be carried out.
     *
     * @param id durable id
     * @param requestId RequestID
     * @param repeated true if the same submission was accepted before
     * @param token the digits of a top-up token that Postern made; empty for all other requests
     */
    record Accepted(String id, String requestId, boolean repeated, Optional<TopUpDigits> token) implements Admission {

        /** A request that is not a top-up. */
        public Accepted(String id, String requestId, boolean repeated) {
            this(id, requestId, repeated, Optional.empty());
        }

        @Override
        public <R> R fold(Function<Accepted, R> accepted, Function<Refused, R> refused) {
            return accepted.apply(this);
        }
    }

    /**
     * The request is not carried out: it is refused permanently, or cannot be decided now.
     *
     * @param id durable id of the recorded refusal; empty if nothing was recorded
     * @param fault the reason
     * @param worthRepeating true if the same submission may be accepted later without changes
     */
    record Refused(Optional<String> id, Fault fault, boolean worthRepeating) implements Admission {

        /** A permanent refusal that is recorded under that id. */
        public static Refused permanent(String id, Fault fault) {
            return new Refused(Optional.of(id), fault, false);
        }

        /**
         * A temporary refusal that is not recorded: the fault may clear without action, or the refusal could not be
         * written. The caller submits the same request again later.
         */
        public static Refused temporary(Fault fault) {
            return new Refused(Optional.empty(), fault, true);
        }

        @Override
        public <R> R fold(Function<Accepted, R> accepted, Function<Refused, R> refused) {
            return refused.apply(this);
        }
    }
}
