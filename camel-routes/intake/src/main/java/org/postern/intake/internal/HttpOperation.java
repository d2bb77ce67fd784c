package org.postern.intake.internal;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * How one operation of the HTTP interface is carried out.
 *
 * @param access who may call it
 * @param threads on which it is carried out
 * @param headersRule which headers a request needs; the answer to one without them states it
 * @param work carries it out
 */
record HttpOperation(Access access, Threads threads, String headersRule, Function<Call, HttpReply> work) {

    enum Access {
        ANYBODY,
        /** Clients that send the token of the interface. */
        TOKEN
    }

    enum Threads {
        /** The thread of the connection: the operation does not block. */
        CONNECTION,
        /** The threads that may wait for the ledger. */
        REQUESTS,
        /** The threads that may wait for the key vault. */
        TOP_UPS,
        /** The threads of the top-ups if the body may be a top-up, otherwise those of the requests. */
        BY_CONTENT
    }

    /**
     * A request whose route is known.
     *
     * @param headers by name, ignoring case; null if absent
     */
    record Call(Function<String, String> headers, Map<String, String> parameters, byte[] body) {

        Optional<String> header(String name) {
            return Optional.ofNullable(headers.apply(name));
        }
    }
}
