package org.postern.parsecorrelate;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One run of bytes of a Pre-Command as it was compared. The fields of a message, one after the other, are the whole
 * message: no byte is in two of them and none in no one.
 *
 * @param path DUIS paths that the bytes follow from; for a constant the body's element, {@code #} and the place
 * @param position place in the message: item and field
 * @param expected what our own transform gives, upper-case hex
 * @param got what was received, upper-case hex; equal to expected but for {@link Outcome#DIFFERENT}
 * @param rule the check that was made
 * @param outcome what it found
 * @param time the time that an excused field carries; empty for any other
 */
public record ComparedField(
        String path,
        String position,
        String expected,
        String got,
        String rule,
        Outcome outcome,
        Optional<Instant> time) {

    /** What a comparison found. */
    public enum Outcome {
        /** The same bytes. */
        EQUAL,
        /** The DCC may choose the value, and it passed the check that stands in for equality. */
        EXCUSED,
        /** Not what it should be. */
        DIFFERENT
    }

    /** All are always said. */
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
