package org.postern.parsecorrelate.internal.mmc;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HexFormat;

/** Hex and clock digits without a format string, which would take longer than the rest of a row. */
final class Digits {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final int SECONDS_IN_DAY = 86_400;

    private Digits() {}

    /** Four upper-case hex digits. */
    static String hex4(int value) {
        return HEX.toHexDigits((short) value);
    }

    /** Two upper-case hex digits. */
    static String hex2(int value) {
        return HEX.toHexDigits((byte) value);
    }

    /**
     * The form of {@link Instant#toString}, but without its formatter if the time has whole seconds and a year of four
     * digits.
     */
    static String instant(Instant instant) {
        long day = Math.floorDiv(instant.getEpochSecond(), SECONDS_IN_DAY);
        LocalDate date = LocalDate.ofEpochDay(day);
        if (instant.getNano() != 0 || date.getYear() < 1 || date.getYear() > 9999) {
            return instant.toString();
        }
        int second = (int) (instant.getEpochSecond() - day * SECONDS_IN_DAY);
        byte[] text = "yyyy-mm-ddThh:mm:ssZ".getBytes(StandardCharsets.ISO_8859_1);
        two(text, 0, date.getYear() / 100);
        two(text, 2, date.getYear() % 100);
        two(text, 5, date.getMonthValue());
        two(text, 8, date.getDayOfMonth());
        clock(text, 11, second / 3600, second / 60 % 60, second % 60);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    /** {@code hh:mm:ss}. */
    static String clock(int hour, int minute, int second) {
        byte[] text = "hh:mm:ss".getBytes(StandardCharsets.ISO_8859_1);
        clock(text, 0, hour, minute, second);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static void clock(byte[] text, int at, int hour, int minute, int second) {
        two(text, at, hour);
        two(text, at + 3, minute);
        two(text, at + 6, second);
    }

    private static void two(byte[] text, int at, int value) {
        text[at] = (byte) ('0' + value / 10);
        text[at + 1] = (byte) ('0' + value % 10);
    }

    /** {@code 0702/0000}: how a mapping names an attribute of a cluster. */
    static String attribute(int cluster, int id) {
        byte[] text = "cccc/aaaa".getBytes(StandardCharsets.ISO_8859_1);
        hex(text, 4, cluster);
        hex(text, 9, id);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    /** {@code 0702:06}: how a mapping names a command of a cluster. */
    static String command(int cluster, int id) {
        byte[] text = "cccc:ii".getBytes(StandardCharsets.ISO_8859_1);
        hex(text, 4, cluster);
        text[5] = (byte) HEX.toHighHexDigit(id);
        text[6] = (byte) HEX.toLowHexDigit(id);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    /** Writes four digits that end at the position. */
    private static void hex(byte[] text, int end, int value) {
        for (int i = 1; i <= 4; i++) {
            text[end - i] = (byte) HEX.toLowHexDigit(value >> 4 * (i - 1));
        }
    }
}
