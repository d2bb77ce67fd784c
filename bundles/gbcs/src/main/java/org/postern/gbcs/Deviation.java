package org.postern.gbcs;

import java.util.Objects;

/**
 * One respect in which the content of a response or alert is not what its use case lays down. The message may be
 * authentic all the same: this says how far its content can be used.
 *
 * @param kind what is wrong
 * @param where the part of the message, such as {@code result 3}, {@code attribute 0702/0000} or {@code item[0]}; empty
 *     where it is the message as a whole
 * @param text one sentence without any value of the message that is personal data
 */
public record Deviation(Kind kind, String where, String text) {

    /** Kinds of deviations. */
    public enum Kind {
        /** Fewer results than the command has items (GBCS section 7.2.7, 20.2; DLMS Green Book access-response). */
        RESULTS_MISSING(true),
        /** More results than the command has items. */
        RESULTS_SURPLUS(true),
        /** A result that answers another item than the one at its place, or answers it in another way. */
        RESULT_OF_OTHER_KIND(true),
        /** Data of another type than the use case lays down. */
        RESULT_OF_OTHER_TYPE(true),
        /** A result says success and carries none of the data that was read. */
        NO_DATA(true),
        /** A field whose value the use case fixes has another one. */
        OTHER_CONTENT(true),
        /** Bytes that do not decode, among them plain text that was decrypted with a valid tag. */
        UNREADABLE(true),
        /** An encrypted part whose tag is wrong. */
        NOT_AUTHENTIC(true),
        /** Data came in the clear that the use case encrypts (GBCS section 8). */
        NOT_PROTECTED(true),
        /**
         * A scaler, unit, multiplier, divisor or trailing digit other than the use case's: the reading is not given.
         */
        OTHER_SCALE(true),
        /** A value that the standard reserves for overflow, invalid or not available: the reading is not given. */
        NO_VALUE(false),
        /** A message code, alert code, command, attribute or element that no table knows: kept as it came. */
        UNKNOWN(false);

        private final boolean unsuccessful;

        Kind(boolean unsuccessful) {
            this.unsuccessful = unsuccessful;
        }

        /** True where a response with such a deviation is no success, whatever its result codes say. */
        public boolean unsuccessful() {
            return unsuccessful;
        }
    }

    public Deviation {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(where, "where");
        Objects.requireNonNull(text, "text");
    }

    /** {@code where: text}. */
    @Override
    public String toString() {
        return where.isEmpty() ? text : where + ": " + text;
    }
}
