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
     * @param id        durable id
     * @param requestId RequestID
     * @param again     true where the same was handed in before
     * @param token     the digits of a top-up that was made here; empty for everything else
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
     * The request will not be carried out.
     *
     * @param id    durable id of the record of the refusal; empty where even that could not be written (then try again)
     * @param fault why
     */
    record Refused(Optional<String> id, Fault fault) implements Admission {

        /** True where the same submission may be accepted later as it is: nothing was wrong with it. */
        public boolean worthRepeating() {
            return id.isEmpty();
        }

        @Override
        public <R> R fold(Function<Accepted, R> accepted, Function<Refused, R> refused) {
            return refused.apply(this);
        }
    }
}
