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
        /** Whoever sends the token of the interface. */
        TOKEN
    }

    enum Threads {
        /** The connection's own: it waits for nothing. */
        CONNECTION,
        /** Those that wait for the ledger. */
        REQUESTS,
        /** Those that wait for the key vault. */
        TOP_UPS,
        /** Those of the top-ups where the body may be one, otherwise those of the requests. */
        BY_CONTENT
    }

    /**
     * A request whose route is known.
     *
     * @param headers by name in any case; null where absent
     */
    record Call(Function<String, String> headers, Map<String, String> parameters, byte[] body) {

        Optional<String> header(String name) {
            return Optional.ofNullable(headers.apply(name));
        }
    }
}
