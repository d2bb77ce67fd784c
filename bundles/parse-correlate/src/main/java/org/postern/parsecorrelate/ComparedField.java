package org.postern.parsecorrelate;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One run of bytes of a Pre-Command as it was compared. The fields of a message in sequence cover the whole message:
 * each byte belongs to exactly one field.
 *
 * @param path DUIS paths that the bytes are derived from; for a constant: the body's element, {@code #} and the
 *     position in the message
 * @param position position in the message: item and field
 * @param expected bytes that Postern's own transform produces, upper-case hex
 * @param got bytes received, upper-case hex; equal to {@code expected} unless the outcome is {@link Outcome#DIFFERENT}
 * @param rule the check that was made
 * @param outcome result of the check
 * @param time time in an excused field; empty for any other field
 */
public record ComparedField(
        String path,
        String position,
        String expected,
        String got,
        String rule,
        Outcome outcome,
        Optional<Instant> time) {

    /** Result of the comparison of one field. */
    public enum Outcome {
        /** The same bytes. */
        EQUAL,
        /** The DCC may choose the value, and the value passed the check that replaces the check for equality. */
        EXCUSED,
        /** Not the expected bytes. */
        DIFFERENT
    }

    /** No component may be null. */
    public ComparedField {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(position, "position");
        Objects.requireNonNull(expected, "expected");
        Objects.requireNonNull(got, "got");
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(time, "time");
    }
}
