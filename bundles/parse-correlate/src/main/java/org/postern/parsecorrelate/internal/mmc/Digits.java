package org.postern.parsecorrelate.internal.mmc;

import java.time.Instant;
import java.time.LocalDate;
import java.util.HexFormat;

/** Hex and clock digits on the hot path, where a format string would cost more than all the rest of a row. */
final class Digits {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final int SECONDS_IN_DAY = 86_400;

    private Digits() {
    }

    /** Four upper-case hex digits. */
    static String hex4(int value) {
        return HEX.toHexDigits((short) value);
    }

    /** Two upper-case hex digits. */
    static String hex2(int value) {
        return HEX.toHexDigits((byte) value);
    }

    /** As {@link Instant#toString} writes it, without its formatter where there are whole seconds and four digits of year. */
    static String instant(Instant instant) {
        long day = Math.floorDiv(instant.getEpochSecond(), SECONDS_IN_DAY);
        LocalDate date = LocalDate.ofEpochDay(day);
        if (instant.getNano() != 0 || date.getYear() < 1 || date.getYear() > 9999) {
            return instant.toString();
        }
        int second = (int) (instant.getEpochSecond() - day * SECONDS_IN_DAY);
        return date + "T" + clock(second / 3600, second / 60 % 60, second % 60) + "Z";
    }

    /** {@code hh:mm:ss}. */
    static String clock(int hour, int minute, int second) {
        return new StringBuilder(8).append((char) ('0' + hour / 10)).append((char) ('0' + hour % 10)).append(':')
                .append((char) ('0' + minute / 10)).append((char) ('0' + minute % 10)).append(':').append((char) ('0' + second / 10))
                .append((char) ('0' + second % 10)).toString();
    }
}
