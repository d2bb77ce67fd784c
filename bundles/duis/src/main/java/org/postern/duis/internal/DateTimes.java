package org.postern.duis.internal;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;

/** Date-times as documents of DUIS carry them. */
final class DateTimes {

    private static final String FORM = "0000-00-00T00:00:00.00Z";
    private static final int SECONDS_IN_DAY = 86_400;
    private static final long SECONDS_IN_HOUR = 3600;
    private static final int NANOS_IN_HUNDREDTH = 10_000_000;

    private DateTimes() {}

    /**
     * Any date-time of ISO 8601 with an offset; the one form that nearly every document has, UTC to hundredths of a
     * second, at a fraction of the cost.
     *
     * @throws DateTimeParseException where it is none
     */
    static Instant parse(String text) {
        if (!ofForm(text)) {
            return OffsetDateTime.parse(text).toInstant();
        }
        int year = two(text, 0) * 100 + two(text, 2);
        int month = two(text, 5);
        int day = two(text, 8);
        int hour = two(text, 11);
        int minute = two(text, 14);
        int second = two(text, 17);
        boolean possible =
                month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour < 24 && minute < 60 && second < 60;
        if (!possible || day > 28 && day > LocalDate.of(year, month, 1).lengthOfMonth()) {
            return OffsetDateTime.parse(text).toInstant();
        }
        return Instant.ofEpochSecond(
                LocalDate.of(year, month, day).toEpochDay() * SECONDS_IN_DAY
                        + hour * SECONDS_IN_HOUR
                        + minute * 60L
                        + second,
                (long) two(text, 20) * NANOS_IN_HUNDREDTH);
    }

    private static boolean ofForm(String text) {
        if (text.length() != FORM.length()) {
            return false;
        }
        for (int i = 0; i < FORM.length(); i++) {
            char c = text.charAt(i);
            char form = FORM.charAt(i);
            if (form == '0' ? c < '0' || c > '9' : c != form) {
                return false;
            }
        }
        return true;
    }

    private static int two(String text, int at) {
        return (text.charAt(at) - '0') * 10 + text.charAt(at + 1) - '0';
    }
}
