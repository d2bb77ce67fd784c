package org.postern.gbcs;

import java.util.Objects;

/**
 * One difference between the content of a response or alert and its use case. The message may nevertheless be
 * authentic; the deviation states how far its content can be used.
 *
 * @param kind kind of the deviation
 * @param where the part of the message, such as {@code result 3}, {@code attribute 0702/0000} or {@code item[0]}; empty
 *     where it concerns the whole message
 * @param text one sentence, without personal data from the message
 */
public record Deviation(Kind kind, String where, String text) {

    /** Kinds of deviations. */
    public enum Kind {
        /** Fewer results than the command has items (GBCS section 7.2.7, 20.2; DLMS Green Book access-response). */
        RESULTS_MISSING(true),
        /** More results than the command has items. */
        RESULTS_SURPLUS(true),
        /** A result that belongs to another item than the one at its position, or is of another kind. */
        RESULT_OF_OTHER_KIND(true),
        /** Data of another type than the use case specifies. */
        RESULT_OF_OTHER_TYPE(true),
        /** A result states success but contains none of the requested data. */
        NO_DATA(true),
        /** A field for which the use case specifies a fixed value has another one. */
        OTHER_CONTENT(true),
        /** Bytes that cannot be decoded, including plain text that was decrypted with a valid tag. */
        UNREADABLE(true),
        /** An encrypted part whose tag is wrong. */
        NOT_AUTHENTIC(true),
        /** Data was received unencrypted although the use case requires encryption (GBCS section 8). */
        NOT_PROTECTED(true),
        /**
         * A scaler, unit, multiplier, divisor or trailing digit differs from that of the use case: the reading is not
         * delivered.
         */
        OTHER_SCALE(true),
        /** A value that the standard reserves for overflow, invalid or not available: the reading is not delivered. */
        NO_VALUE(false),
        /**
         * A message code, alert code, command, attribute or element that is in no table; it is passed on as received.
         */
        UNKNOWN(false);

        private final boolean unsuccessful;

        Kind(boolean unsuccessful) {
            this.unsuccessful = unsuccessful;
        }

        /**
         * True where a response with such a deviation does not count as successful, whatever its result codes state.
         */
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
