package org.postern.duis.internal;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;

/** Reads date-times of DUIS documents. */
final class DateTimes {

    private static final String FORM = "0000-00-00T00:00:00.00Z";
    private static final int SECONDS_IN_DAY = 86_400;
    private static final long SECONDS_IN_HOUR = 3600;
    private static final int NANOS_IN_HUNDREDTH = 10_000_000;

    private DateTimes() {}

    /**
     * Parses any ISO 8601 date-time with an offset. The format of nearly all documents, UTC with hundredths of a
     * second, is parsed much faster than others.
     *
     * @throws DateTimeParseException where the text is not a date-time
     */
    static Instant parse(String text) {
        if (!hasUsualFormat(text)) {
            return OffsetDateTime.parse(text).toInstant();
        }
        int year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
        int month = twoDigits(text, 5);
        int day = twoDigits(text, 8);
        int hour = twoDigits(text, 11);
        int minute = twoDigits(text, 14);
        int second = twoDigits(text, 17);
        boolean inRange = month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour < 24 && minute < 60 && second < 60;
        if (!inRange || day > 28 && day > LocalDate.of(year, month, 1).lengthOfMonth()) {
            return OffsetDateTime.parse(text).toInstant();
        }
        return Instant.ofEpochSecond(
                LocalDate.of(year, month, day).toEpochDay() * SECONDS_IN_DAY
                        + hour * SECONDS_IN_HOUR
                        + minute * 60L
                        + second,
                (long) twoDigits(text, 20) * NANOS_IN_HUNDREDTH);
    }

    private static boolean hasUsualFormat(String text) {
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

    private static int twoDigits(String text, int at) {
        return (text.charAt(at) - '0') * 10 + text.charAt(at + 1) - '0';
    }
}
