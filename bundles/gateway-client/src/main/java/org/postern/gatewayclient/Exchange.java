package org.postern.gatewayclient;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** How a post to the DCC ended. */
public sealed interface Exchange {

    /** One function for each end. */
    <R> R fold(Function<Answered, R> answered, Function<Refused, R> refused, Function<InDoubt, R> inDoubt,
            Function<Unreachable, R> unreachable);

    /** The DCC answered 2xx with a document; whether it is true is for the verifier to say. */
    final class Answered implements Exchange {

        private final byte[] document;

        public Answered(byte[] document) {
            this.document = document.clone();
        }

        /** The exact bytes received. */
        public byte[] document() {
            return document.clone();
        }

        @Override
        public <R> R fold(Function<Answered, R> answered, Function<Refused, R> refused, Function<InDoubt, R> inDoubt,
                Function<Unreachable, R> unreachable) {
            return answered.apply(this);
        }

        @Override
        public String toString() {
            return "Answered[" + document.length + " bytes]";
        }
    }

    /**
     * The DCC answered with a status that carries no document: it has not taken the request in. The same bytes may be
     * sent again later where {@link #worthRepeating()}.
     *
     * @param status     HTTP status, never 2xx
     * @param retryAfter how long the DCC asks us to wait
     */
    record Refused(int status, Optional<Duration> retryAfter) implements Exchange {

        public Refused {
            Objects.requireNonNull(retryAfter, "retryAfter");
        }

        /** True for 408, 425, 429 and 5xx: the same document may be welcome later. */
        public boolean worthRepeating() {
            return status == 408 || status == 425 || status == 429 || status >= 500;
        }

        @Override
        public <R> R fold(Function<Answered, R> answered, Function<Refused, R> refused, Function<InDoubt, R> inDoubt,
                Function<Unreachable, R> unreachable) {
            return refused.apply(this);
        }
    }

    /**
     * The request, or part of it, may have reached the DCC, but no usable answer came: the identical bytes are to be
     * sent again, never a new counter (DUIS facts 1.9).
     *
     * @param reason for people; no address, no payload
     */
    record InDoubt(String reason) implements Exchange {

        public InDoubt {
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public <R> R fold(Function<Answered, R> answered, Function<Refused, R> refused, Function<InDoubt, R> inDoubt,
                Function<Unreachable, R> unreachable) {
            return inDoubt.apply(this);
        }
    }

    /**
     * No connection: certainly nothing was sent.
     *
     * @param reason for people; no address, no payload
     */
    record Unreachable(String reason) implements Exchange {

        public Unreachable {
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public <R> R fold(Function<Answered, R> answered, Function<Refused, R> refused, Function<InDoubt, R> inDoubt,
                Function<Unreachable, R> unreachable) {
            return unreachable.apply(this);
        }
    }
}
