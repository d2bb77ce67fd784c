package org.postern.catalogue;

import java.time.Instant;

/** The execution time that cancels an earlier future-dated request (DUIS, ExecutionDateTime). */
public final class CancellationTime {

    /** Its text in a Service Request. */
    public static final String TEXT = "3000-12-31T00:00:00.00Z";
    /** The time as an instant. */
    public static final Instant INSTANT = Instant.parse(TEXT);

    /**
     * Start of the year 3000. A time in this year or later is used only to cancel; other times of the year are refused.
     */
    private static final Instant YEAR = Instant.parse("3000-01-01T00:00:00Z");

    private CancellationTime() {}

    /** True where the text of an element is on the day that cancels, at any time of that day. */
    public static boolean is(String text) {
        return text.startsWith(TEXT.substring(0, "3000-12-31".length()));
    }

    /** True for the year 3000 and later, when nothing is ever executed. */
    public static boolean isNever(Instant time) {
        return !time.isBefore(YEAR);
    }
}
