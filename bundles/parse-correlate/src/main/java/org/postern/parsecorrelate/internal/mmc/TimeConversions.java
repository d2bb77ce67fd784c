package org.postern.parsecorrelate.internal.mmc;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsDateTime;
import org.postern.parsecorrelate.MmcElement;

/** Conversions of times and dates. */
final class TimeConversions {

    private static final int DAY = 86_400;
    private static final int MINUTES_IN_DAY = 1440;
    /** Number that means an interval of a day. */
    private static final int DAILY = 0xFFFF;
    /** Seconds that mean "no time". */
    private static final long NO_TIME = 0xFFFF_FFFFL;

    private TimeConversions() {}

    static void addTo(Map<String, Conversions.Kind> all) {
        all.put(
                "time2000",
                new Conversions.Kind("", a -> time2000(a.tables().reserved().set("time"))));
        all.put(
                "sample-time",
                new Conversions.Kind(
                        "start:path interval:path",
                        a -> sampleTime(
                                a.path(0), a.path(1), a.tables().reserved().set("time"))));
        all.put("datetime", new Conversions.Kind("", a -> (s, c) -> Conversion.Result.of(dateTime(s.bytes()))));
        all.put("gentime", new Conversions.Kind("", a -> (s, c) -> Conversion.Result.of(generalizedTime(s.bytes()))));
        all.put("time4", new Conversions.Kind("", a -> (s, c) -> Conversion.Result.of(time(s.bytes()))));
        all.put(
                "minutes",
                new Conversions.Kind(
                        "",
                        a -> (s, c) -> Conversion.Result.of(
                                text(LocalTime.ofSecondOfDay(Math.floorMod(s.small(), MINUTES_IN_DAY) * 60L)))));
        all.put("date5", new Conversions.Kind("", a -> (s, c) -> Conversion.Result.of(plainDate(s.bytes()))));
        all.put("date", new Conversions.Kind("", a -> (s, c) -> Conversion.Result.of(date(s.bytes()))));
        all.put("gas-date", new Conversions.Kind("", a -> (s, c) -> Conversion.Result.of(gasDate(s.bytes()))));
    }

    private static Conversion time2000(ReservedValues.Numbers reserved) {
        return (s, c) -> Conversions.noValue(s, reserved, c) ? Conversion.Result.NOTHING : time2000(s.whole());
    }

    private static Conversion.Result time2000(long seconds) {
        return seconds == NO_TIME
                ? Conversion.Result.NOTHING
                : Conversion.Result.of(Digits.instant(Instant.ofEpochSecond(DlmsDateTime.EPOCH_2000 + seconds)));
    }

    /** Time of a sample: start plus the counter from 0 times the interval, both from the paths in the arguments. */
    private static Conversion sampleTime(Row.Path from, Row.Path every, ReservedValues.Numbers reserved) {
        return (s, c) -> {
            Source start = c.at(from);
            Source interval = c.at(every);
            if (start == null || interval == null) {
                throw new UnexpectedValueException("start or interval of the samples is missing");
            }
            if (Conversions.noValue(start, reserved, c)) {
                return Conversion.Result.NOTHING;
            }
            c.remark("times of samples are counted from the start of sampling, oldest first (unverified)");
            long step = interval.small() == DAILY ? DAY : interval.small();
            return time2000(start.whole() + (c.counter() - 1) * step);
        };
    }

    /** The XML form; empty if a field is not specified or XML has no such year. */
    static Optional<String> instant(DlmsDateTime time) {
        return time.year() < 1 || time.year() > 9998
                ? Optional.empty()
                : time.instant().map(Digits::instant);
    }

    static String dateTime(Bytes bytes) {
        if (bytes.length() != DlmsDateTime.LENGTH) {
            throw new UnexpectedValueException("a date-time of twelve bytes is expected");
        }
        return instant(DlmsDateTime.of(bytes))
                .orElseThrow(() -> new UnexpectedValueException("the date-time is not specified"));
    }

    static String generalizedTime(Bytes bytes) {
        String t = bytes.text(StandardCharsets.US_ASCII);
        try {
            if (t.length() != 15 || t.charAt(14) != 'Z') {
                throw new UnexpectedValueException("a GeneralizedTime is expected");
            }
            LocalDateTime time = LocalDateTime.of(
                    digits(t, 0, 4),
                    digits(t, 4, 6),
                    digits(t, 6, 8),
                    digits(t, 8, 10),
                    digits(t, 10, 12),
                    digits(t, 12, 14));
            return Digits.instant(time.toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            throw new UnexpectedValueException("a GeneralizedTime is expected");
        }
    }

    private static int digits(String text, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new UnexpectedValueException("a GeneralizedTime is expected");
            }
            value = value * 10 + digit;
        }
        return value;
    }

    static String time(Bytes bytes) {
        if (bytes.length() != 4) {
            throw new UnexpectedValueException("a time of four bytes is expected");
        }
        try {
            return text(LocalTime.of(bytes.at(0), bytes.at(1), bytes.at(2)));
        } catch (DateTimeException e) {
            throw new UnexpectedValueException("the time is not specified");
        }
    }

    private static String text(LocalTime time) {
        return Digits.clock(time.getHour(), time.getMinute(), time.getSecond());
    }

    private static String plainDate(Bytes bytes) {
        if (bytes.length() != 5) {
            throw new UnexpectedValueException("a date of five bytes is expected");
        }
        try {
            int year = (int) bytes.number(0, 2);
            if (year < 1 || year > 9999) {
                throw new UnexpectedValueException("the date is not specified in full");
            }
            return LocalDate.of(year, bytes.at(2), bytes.at(3)).toString();
        } catch (DateTimeException e) {
            throw new UnexpectedValueException("the date is not specified in full");
        }
    }

    static MmcElement field(int value, int low, int high, String specified) {
        if (value < low || value > high) {
            throw new UnexpectedValueException("a date field is out of range");
        }
        return MmcElement.text(specified, Integer.toString(value));
    }

    /** Five bytes of date with wildcards. */
    private static List<MmcElement> date(Bytes b) {
        if (b.length() != 5) {
            // a season starts at a date-time of which only the date is used
            if (b.length() != 12) {
                throw new UnexpectedValueException("a date of five bytes is expected");
            }
        }
        int year = (int) b.number(0, 2);
        int day = b.at(3);
        MmcElement dayOfMonth = day == 0xFF
                ? empty("NonSpecifiedDayOfMonth")
                : day == 0xFE
                        ? empty("LastDayOfMonth")
                        : day == 0xFD ? empty("SecondLastDayOfMonth") : field(day, 1, 31, "SpecifiedDayOfMonth");
        return List.of(
                part("Year", year == 0xFFFF ? empty("NonSpecifiedYear") : field(year, 2014, 9999, "SpecifiedYear")),
                part("Month", b.at(2) == 0xFF ? empty("NonSpecifiedMonth") : field(b.at(2), 1, 12, "SpecifiedMonth")),
                part("DayOfMonth", dayOfMonth),
                part(
                        "DayOfWeek",
                        b.at(4) == 0xFF ? empty("NonSpecifiedDayOfWeek") : field(b.at(4), 1, 7, "SpecifiedDayOfWeek")));
    }

    /** Four bytes of ZigBee date with wildcards: year from 1900, month, day, day of week. */
    private static List<MmcElement> gasDate(Bytes b) {
        if (b.length() != 4) {
            throw new UnexpectedValueException("a date of four bytes is expected");
        }
        return List.of(
                part(
                        "GasYearWithWildcards",
                        b.at(0) == 0xFF
                                ? empty("NonSpecifiedYear")
                                : field(b.at(0) + 1900, 2014, 2154, "SpecifiedYear")),
                part(
                        "GasMonthWithWildcards",
                        b.at(1) == 0xFF ? empty("NonSpecifiedMonth") : field(b.at(1), 1, 12, "SpecifiedMonth")),
                part(
                        "GasDayOfMonthWithWildcards",
                        b.at(2) == 0xFF
                                ? empty("GasNonSpecifiedDayOfMonth")
                                : field(b.at(2), 1, 31, "SpecifiedDayOfMonth")),
                part(
                        "GasDayOfWeekWithWildcards",
                        b.at(3) == 0xFF ? empty("NonSpecifiedDayOfWeek") : field(b.at(3), 1, 7, "SpecifiedDayOfWeek")));
    }

    private static MmcElement part(String name, MmcElement child) {
        return MmcElement.of(name, List.of(child));
    }

    static MmcElement empty(String name) {
        return MmcElement.text(name, "");
    }
}
