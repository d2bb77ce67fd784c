package org.postern.simulator.dcc.internal.gateway;

/**
 * What goes back in an HTTP exchange.
 *
 * @param status HTTP status; {@link #CLOSE} to close the connection without an answer
 * @param body XML, or whatever else; may be empty
 * @param retryAfter seconds of a Retry-After header, or -1 for none
 */
public record Reply(int status, byte[] body, long retryAfter) {

    static final int CLOSE = -1;

    static Reply xml(byte[] document) {
        return new Reply(200, document, -1);
    }

    static Reply status(int status) {
        return new Reply(status, new byte[0], -1);
    }

    static Reply close() {
        return new Reply(CLOSE, new byte[0], -1);
    }
}
