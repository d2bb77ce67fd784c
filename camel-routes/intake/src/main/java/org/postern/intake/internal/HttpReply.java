package org.postern.intake.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** An answer of the HTTP interface. The headers do not include content type and length. */
record HttpReply(int status, String contentType, byte[] body, Map<String, String> headers) {

    static final String JSON = "application/json";
    static final String PROBLEM = "application/problem+json";
    static final String RETRY_AFTER = "Retry-After";
    static final String RETRY_SECONDS = "5";

    private static final int ERRORS = 400;

    /** The body: a document, or a problem in the form of RFC 9457. */
    static HttpReply of(int status, ObjectNode body) {
        return of(status, status >= ERRORS ? PROBLEM : JSON, body.toString());
    }

    static HttpReply of(int status, String contentType, String body) {
        return of(status, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    static HttpReply of(int status, String contentType, byte[] body) {
        return new HttpReply(status, contentType, body, Map.of());
    }

    HttpReply with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new HttpReply(status, contentType, body, more);
    }

    /** Asks the client to send the same again soon. */
    HttpReply retry() {
        return with(RETRY_AFTER, RETRY_SECONDS);
    }
}
