package org.postern.gatewayclient;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** How a post to the DCC ended. */
public sealed interface Exchange {

    /** One function for each end. */
    <R> R fold(
            Function<Answered, R> answered,
            Function<Refused, R> refused,
            Function<InDoubt, R> inDoubt,
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
        public <R> R fold(
                Function<Answered, R> answered,
                Function<Refused, R> refused,
                Function<InDoubt, R> inDoubt,
                Function<Unreachable, R> unreachable) {
            return answered.apply(this);
        }

        @Override
        public String toString() {
            return "Answered[" + document.length + " bytes]";
        }
    }

    /**
     * The DCC answered with a status that carries no document. It has not taken the request in, but where
     * {@link #mayHaveBeenTaken()}. The same bytes may be sent again later where {@link #worthRepeating()}.
     *
     * @param status HTTP status, never 2xx
     * @param retryAfter how long the DCC asks us to wait
     * @param body the beginning of what came with it, as text of at most {@value #LONGEST_BODY} characters; empty for
     *     nothing
     */
    record Refused(int status, Optional<Duration> retryAfter, String body) implements Exchange {

        /** Characters of a body that are stored. */
        public static final int LONGEST_BODY = 4000;

        public Refused {
            Objects.requireNonNull(retryAfter, "retryAfter");
            Objects.requireNonNull(body, "body");
        }

        /** Without a body. */
        public Refused(int status, Optional<Duration> retryAfter) {
            this(status, retryAfter, "");
        }

        /** The beginning of the body is for the ledger and its readers, not for logs. */
        @Override
        public String toString() {
            return "Refused[HTTP " + status + ", " + body.length() + " characters]";
        }

        /** True for 408, 425, 429 and 5xx: the same document may be welcome later. */
        public boolean worthRepeating() {
            return status == 408 || status == 425 || status == 429 || status >= 500;
        }

        /** True for 5xx other than 503: what failed may have handed the document on before, a gateway above all. */
        public boolean mayHaveBeenTaken() {
            return status >= 500 && status != 503;
        }

        @Override
        public <R> R fold(
                Function<Answered, R> answered,
                Function<Refused, R> refused,
                Function<InDoubt, R> inDoubt,
                Function<Unreachable, R> unreachable) {
            return refused.apply(this);
        }
    }

    /**
     * The request, or part of it, may have reached the DCC, but no usable answer came: the identical bytes are to be
     * sent again, never a new counter.
     *
     * @param reason for people; no address, no payload
     */
    record InDoubt(String reason) implements Exchange {

        public InDoubt {
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public <R> R fold(
                Function<Answered, R> answered,
                Function<Refused, R> refused,
                Function<InDoubt, R> inDoubt,
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
        public <R> R fold(
                Function<Answered, R> answered,
                Function<Refused, R> refused,
                Function<InDoubt, R> inDoubt,
                Function<Unreachable, R> unreachable) {
            return unreachable.apply(this);
        }
    }
}
