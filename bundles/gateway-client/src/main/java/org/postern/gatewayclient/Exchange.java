package org.postern.gatewayclient;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** The outcome of posting a document to the DCC. */
public sealed interface Exchange {

    /** Applies the function that belongs to this outcome. */
    <R> R fold(
            Function<Answered, R> answered,
            Function<Refused, R> refused,
            Function<InDoubt, R> inDoubt,
            Function<Unreachable, R> unreachable);

    /** The DCC answered 2xx with a document, whose signature and content are not verified yet. */
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
     * The DCC answered with a status other than 2xx. It has not accepted the request, except possibly where
     * {@link #mayHaveBeenTaken()} is true. The same bytes may be sent again later where {@link #worthRepeating()} is
     * true.
     *
     * @param status HTTP status, never 2xx
     * @param retryAfter how long the DCC asks us to wait before the next attempt
     * @param body the beginning of the response body as text, at most {@value #LONGEST_BODY} characters; empty where
     *     there was none
     */
    record Refused(int status, Optional<Duration> retryAfter, String body) implements Exchange {

        /** The maximum number of characters of a body that are stored. */
        public static final int LONGEST_BODY = 4000;

        public Refused {
            Objects.requireNonNull(retryAfter, "retryAfter");
            Objects.requireNonNull(body, "body");
        }

        /** A refusal without a body. */
        public Refused(int status, Optional<Duration> retryAfter) {
            this(status, retryAfter, "");
        }

        /** Without the body: it belongs in the ledger, not in logs. */
        @Override
        public String toString() {
            return "Refused[HTTP " + status + ", " + body.length() + " characters]";
        }

        /** True for 408, 425, 429 and 5xx: the DCC may accept the same document later. */
        public boolean worthRepeating() {
            return status == 408 || status == 425 || status == 429 || status >= 500;
        }

        /** True for 5xx other than 503: the component that failed, such as a proxy, may have forwarded the document. */
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
     * The request, or part of it, may have reached the DCC, but no usable answer arrived. The identical bytes have to
     * be sent again, never the request with a new Originator Counter.
     *
     * @param reason text for people, without addresses and payload
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
     * No connection could be opened, so nothing was sent.
     *
     * @param reason text for people, without addresses and payload
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
