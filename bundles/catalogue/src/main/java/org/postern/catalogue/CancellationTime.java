package org.postern.catalogue;

import java.time.Instant;

/** The execution time that cancels an earlier future-dated request (DUIS, ExecutionDateTime). */
public final class CancellationTime {

    /** As it is written in a Service Request. */
    public static final String TEXT = "3000-12-31T00:00:00.00Z";
    /** The same as a point in time. */
    public static final Instant INSTANT = Instant.parse(TEXT);

    /** Nothing is dated for this year or later but in order to cancel; other times of the year are not taken. */
    private static final Instant YEAR = Instant.parse("3000-01-01T00:00:00Z");

    private CancellationTime() {}

    /** True where the text of an element is of the day that cancels, at whatever time of it. */
    public static boolean is(String text) {
        return text.startsWith(TEXT.substring(0, "3000-12-31".length()));
    }

    /** True for the year 3000 and everything after it: no time that anything is done at. */
    public static boolean isNever(Instant time) {
        return !time.isBefore(YEAR);
    }
}
