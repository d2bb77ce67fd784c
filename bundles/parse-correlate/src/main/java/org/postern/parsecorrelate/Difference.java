package org.postern.parsecorrelate;

import java.util.Objects;

/**
 * One difference between the Pre-Command that was received and the one that our request stands for.
 *
 * @param path the field in DUIS terms, from the body's element down, or {@code Header/...}; a field that is constant
 *     for the use case is the body's element, {@code #} and the place in the message
 * @param expected what our own transform gives, in hex, or a description where an item is not wanted at all
 * @param got what was received, in hex, or a description where the item is missing
 * @param rule use case, place in the message and the check that failed
 */
public record Difference(String path, String expected, String got, String rule) {

    /** All four are always said. */
    public Difference {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(expected, "expected");
        Objects.requireNonNull(got, "got");
        Objects.requireNonNull(rule, "rule");
    }
}
