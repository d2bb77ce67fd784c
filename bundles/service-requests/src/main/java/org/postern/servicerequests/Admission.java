package org.postern.servicerequests;

import java.util.Optional;
import java.util.function.Function;
import org.postern.catalogue.Fault;

/** Our word to whoever handed a request in; it is on disk before it is given. */
public sealed interface Admission {

    /** One function for each answer. */
    <R> R fold(Function<Accepted, R> accepted, Function<Refused, R> refused);

    /**
     * The request is on disk and will be carried out.
     *
     * @param id durable id
     * @param requestId RequestID
     * @param again true where the same was handed in before
     * @param token the digits of a top-up that was made here; empty for everything else
     */
    record Accepted(String id, String requestId, boolean again, Optional<TopUpDigits> token) implements Admission {

        /** A request that is no top-up. */
        public Accepted(String id, String requestId, boolean again) {
            this(id, requestId, again, Optional.empty());
        }

        @Override
        public <R> R fold(Function<Accepted, R> accepted, Function<Refused, R> refused) {
            return accepted.apply(this);
        }
    }

    /**
     * The request is not carried out: for good, or not now.
     *
     * @param id durable id of the record of the refusal; empty where nothing was recorded
     * @param fault why
     * @param worthRepeating true where the same submission may be accepted later as it is: nothing was wrong with it
     */
    record Refused(Optional<String> id, Fault fault, boolean worthRepeating) implements Admission {

        /** Refused for good, on record under that id. */
        public static Refused forGood(String id, Fault fault) {
            return new Refused(Optional.of(id), fault, false);
        }

        /**
         * Not decided now, and not recorded: the fault may pass by itself, or the refusal could not be written. The
         * same submission is handed in again.
         */
        public static Refused notNow(Fault fault) {
            return new Refused(Optional.empty(), fault, true);
        }

        @Override
        public <R> R fold(Function<Accepted, R> accepted, Function<Refused, R> refused) {
            return refused.apply(this);
        }
    }
}
