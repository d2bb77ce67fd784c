package org.postern.parsecorrelate;

import java.util.Objects;

/**
 * One difference between the received Pre-Command and the one that corresponds to the request.
 *
 * @param path DUIS path of the field from the body's element down, or {@code Header/...}; for a field that is constant
 *     in the use case: the body's element, {@code #} and the position in the message
 * @param expected bytes that Postern's own transform produces, in hex, or a description if the item is not expected at
 *     all
 * @param got bytes received, in hex, or a description if the item is missing
 * @param rule use case, position in the message and the check that failed
 */
public record Difference(String path, String expected, String got, String rule) {

    /** No component may be null. */
    public Difference {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(expected, "expected");
        Objects.requireNonNull(got, "got");
        Objects.requireNonNull(rule, "rule");
    }
}
