package org.postern.parsecorrelate.internal.transform;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.CancellationTime;
import org.postern.parsecorrelate.internal.transform.Functions.Fn;

/**
 * Functions that convert dates and times from DUIS to GBCS. DUIS has XML dates in UTC, or {@code Date} elements with
 * wildcards; GBCS has DLMS date-times of 12 bytes, seconds since 2000, or GeneralizedTime.
 */
final class DateFunctions {

    /** Seconds from the Unix epoch to 2000-01-01T00:00:00Z. */
    static final long EPOCH_2000 = 946_684_800L;
    /** The date with which DUIS cancels a future-dated command. */
    /** Number of seconds that cancels a ZigBee command, the smaller of two such numbers. */
    private static final long LEAST_CANCEL = 0xFFFFFFFEL;
    /** Last second of GeneralizedTime: it cancels a command, so no date may be converted to it. */
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Pattern MIDNIGHT = Pattern.compile("(.*)T24:00:00(?:\\.0+)?(.*)");
    /** Longer than any fraction of a second that Java parses. */
    private static final Pattern LONG_FRACTION = Pattern.compile("(.*\\.\\d{9})\\d+(.*)");

    private static final Pattern PLAIN_DATE = Pattern.compile("(-?\\d{4,6})-(\\d\\d)-(\\d\\d)(Z|[+-]\\d\\d:\\d\\d)?");
    private static final Pattern PLAIN_TIME =
            Pattern.compile("(\\d\\d):(\\d\\d):(\\d\\d)(?:\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)?");
    private static final DateTimeFormatter GENERALIZED =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final byte NONE = (byte) 0xFF;
    private static final int DAY = 86_400;
    /** FFFF means every year. */
    private static final int MAX_YEAR = 0xFFFE;

    private DateFunctions() {}

    static void addTo(Map<String, Fn> all) {
        all.put(
                "date5",
                new Fn(
                        "date:node",
                        (scope, args, place) -> date5(Values.node(args.get(0).eval(scope)), scope)));
        all.put(
                "gasdate4",
                new Fn(
                        "date:node",
                        (scope, args, place) -> gasDate(Values.node(args.get(0).eval(scope)), scope)));
        all.put(
                "plaindate5",
                new Fn(
                        "date:text",
                        (scope, args, place) -> plainDate(args.get(0).eval(scope), scope)));
        all.put("time4", new Fn("time:text", (scope, args, place) -> {
            int[] time = time(args.get(0).eval(scope), scope);
            return new byte[] {(byte) time[0], (byte) time[1], (byte) time[2], 0};
        }));
        all.put("minutes", new Fn("time:text", (scope, args, place) -> {
            int[] time = time(args.get(0).eval(scope), scope);
            return BigDecimal.valueOf(time[0] * 60L + time[1]);
        }));
        all.put(
                "seconds",
                new Fn(
                        "time:text",
                        (scope, args, place) -> BigDecimal.valueOf(
                                instant(args.get(0).eval(scope), scope).getEpochSecond() - EPOCH_2000)));
        // a period whose end does not fit into 32 bits has no end
        all.put(
                "secondsorend",
                new Fn(
                        "time:text",
                        (scope, args, place) -> BigDecimal.valueOf(Math.min(
                                0xFFFFFFFEL,
                                Math.max(
                                        0,
                                        instant(args.get(0).eval(scope), scope).getEpochSecond() - EPOCH_2000)))));
        // number of samples between two times, both included
        all.put("steps", new Fn("from:text to:text width:number max:number", (scope, args, place) -> {
            long from = instant(args.get(0).eval(scope), scope).getEpochSecond();
            long to = instant(args.get(1).eval(scope), scope).getEpochSecond();
            long width = Values.whole(args.get(2).eval(scope)).longValue();
            long max = Values.whole(args.get(3).eval(scope)).longValue();
            return BigDecimal.valueOf(Math.max(1, Math.min(max, (to - from) / width + 1)));
        }));
        all.put("dt12", new Fn("time:text [later:number]", (scope, args, place) -> dt12(later(scope, args))));
        // when a change takes effect: at once, at a date, or never (a cancellation)
        all.put("activation12", new Fn("", (scope, args, place) -> {
            DuisNode date = executionDate(scope);
            if (date == null) {
                return immediate12();
            }
            Instant time = instant(date, scope);
            return time.equals(CancellationTime.INSTANT) ? never12() : dt12(written(time, scope));
        }));
        all.put("cancels", new Fn("", (scope, args, place) -> {
            DuisNode date = executionDate(scope);
            return date != null && instant(date, scope).equals(CancellationTime.INSTANT);
        }));
        all.put("activationsec", new Fn("cancel:number", (scope, args, place) -> {
            DuisNode date = executionDate(scope);
            if (date == null) {
                return BigDecimal.ZERO;
            }
            Instant time = instant(date, scope);
            if (time.equals(CancellationTime.INSTANT)) {
                return Values.number(args.get(0).eval(scope));
            }
            long seconds = time.getEpochSecond() - EPOCH_2000;
            if (seconds <= 0 || seconds >= LEAST_CANCEL) {
                throw Values.refused(
                        date.path(),
                        "after 2000-01-01 and before 2136-02-07: the seconds outside mean at once " + "and never",
                        "another date");
            }
            return BigDecimal.valueOf(seconds);
        }));
        all.put("activationtime", new Fn("", (scope, args, place) -> {
            DuisNode date = executionDate(scope);
            Instant time = instant(date == null ? List.of() : date, scope);
            return time.equals(CancellationTime.INSTANT) ? "99991231235959Z" : GENERALIZED.format(written(time, scope));
        }));
        all.put(
                "gtime",
                new Fn("time:text [later:number]", (scope, args, place) -> GENERALIZED.format(later(scope, args))));
    }

    /** The date-time of the first argument plus the seconds of the second. */
    private static Instant later(Scope scope, List<Expr> args) {
        return written(
                instant(args.get(0).eval(scope), scope)
                        .plusSeconds(
                                args.size() > 1
                                        ? Values.whole(args.get(1).eval(scope)).longValue()
                                        : 0),
                scope);
    }

    /** A time whose year has four digits and that is not the time that means "never". */
    private static Instant written(Instant time, Scope scope) {
        if (time.isBefore(FIRST) || !time.isBefore(LAST)) {
            throw Values.refused(scope.node.path(), "from year 1 to year 9999", "another year");
        }
        return time;
    }

    private static @Nullable DuisNode executionDate(Scope scope) {
        List<DuisNode> found = scope.request.body().children("ExecutionDateTime");
        scope.touch(scope.request.body().path() + "/ExecutionDateTime");
        return found.isEmpty() ? null : found.get(0);
    }

    static Instant instant(Object value, Scope scope) {
        String text = Values.text(value).strip();
        Matcher fraction = LONG_FRACTION.matcher(text);
        if (fraction.matches()) {
            text = fraction.group(1) + fraction.group(2);
        }
        Matcher midnight = MIDNIGHT.matcher(text);
        try {
            if (midnight.matches()) {
                // 24:00 of a day is 00:00 of the next
                return instant(midnight.group(1) + "T00:00:00" + midnight.group(2), scope)
                        .plusSeconds(DAY);
            }
            if (text.endsWith("Z") || text.matches(".*[+-]\\d\\d:\\d\\d")) {
                return OffsetDateTime.parse(text).toInstant();
            }
            return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException notADate) {
            throw Values.refused(
                    where(value, scope), "a date-time of the form 2015-12-25T09:30:10.00Z", "not a date-time");
        }
    }

    private static String where(Object value, Scope scope) {
        return value instanceof List<?>
                ? Values.node(value).path()
                : value instanceof DuisNode node ? node.path() : scope.node.path();
    }

    private static int[] time(Object value, Scope scope) {
        Matcher matcher = PLAIN_TIME.matcher(Values.text(value));
        if (!matcher.matches()) {
            throw Values.refused(where(value, scope), "a time of the form 09:30:00.00Z", "not a time");
        }
        int[] time = {
            Integer.parseInt(matcher.group(1)) % 24,
            Integer.parseInt(matcher.group(2)),
            Integer.parseInt(matcher.group(3))
        };
        String zone = matcher.group(4);
        if (zone != null && !zone.equals("Z")) {
            int shift = ZoneOffset.of(zone).getTotalSeconds();
            int seconds = Math.floorMod(time[0] * 3600 + time[1] * 60 + time[2] - shift, DAY);
            return new int[] {seconds / 3600, seconds / 60 % 60, seconds % 60};
        }
        return time;
    }

    /** Year, month, day and weekday; the XML year 65535 means every year. */
    private static byte[] plainDate(Object value, Scope scope) {
        Matcher matcher = PLAIN_DATE.matcher(Values.text(value));
        if (!matcher.matches()) {
            throw Values.refused(where(value, scope), "a date of the form 2015-12-25", "not a date");
        }
        String zone = matcher.group(4);
        if (zone != null && !zone.matches("Z|[+-]00:00")) {
            throw Values.refused(
                    where(value, scope), "a date in UTC: the message has no place for another zone", "another zone");
        }
        int year = Integer.parseInt(matcher.group(1));
        if (year < 0 || year > 0xFFFF) {
            throw Values.refused(where(value, scope), "a year of at most 65535", "another year");
        }
        return new byte[] {
            (byte) (year >> 8),
            (byte) year,
            (byte) Integer.parseInt(matcher.group(2)),
            (byte) Integer.parseInt(matcher.group(3)),
            NONE
        };
    }

    private static byte[] date5(DuisNode date, Scope scope) {
        int year = part(date, "Year", "SpecifiedYear", MAX_YEAR, Map.of("NonSpecifiedYear", 0xFFFF), scope);
        int month = part(date, "Month", "SpecifiedMonth", 12, Map.of("NonSpecifiedMonth", 0xFF), scope);
        int day = part(
                date,
                "DayOfMonth",
                "SpecifiedDayOfMonth",
                31,
                Map.of("LastDayOfMonth", 0xFE, "SecondLastDayOfMonth", 0xFD, "NonSpecifiedDayOfMonth", 0xFF),
                scope);
        int weekday = part(date, "DayOfWeek", "SpecifiedDayOfWeek", 7, Map.of("NonSpecifiedDayOfWeek", 0xFF), scope);
        return new byte[] {(byte) (year >> 8), (byte) year, (byte) month, (byte) day, (byte) weekday};
    }

    private static byte[] gasDate(DuisNode date, Scope scope) {
        int year = part(
                date, "GasYearWithWildcards", "SpecifiedYear", MAX_YEAR, Map.of("NonSpecifiedYear", 0x7FFFFFFF), scope);
        int month = part(date, "GasMonthWithWildcards", "SpecifiedMonth", 12, Map.of("NonSpecifiedMonth", 0xFF), scope);
        int day = part(
                date,
                "GasDayOfMonthWithWildcards",
                "SpecifiedDayOfMonth",
                31,
                Map.of("GasNonSpecifiedDayOfMonth", 0xFF),
                scope);
        int weekday = part(
                date,
                "GasDayOfWeekWithWildcards",
                "SpecifiedDayOfWeek",
                7,
                Map.of("NonSpecifiedDayOfWeek", 0xFF),
                scope);
        int short_ = year == 0x7FFFFFFF ? 0xFF : year - 1900;
        if (short_ < 0 || short_ > 0xFF || short_ == 0xFF && year != 0x7FFFFFFF) {
            throw Values.refused(
                    date.path(),
                    "a year from 1900 to 2154: the message has one byte for it, and FF means every year",
                    "another year");
        }
        return new byte[] {(byte) short_, (byte) month, (byte) day, (byte) weekday};
    }

    private static int part(
            DuisNode date, String group, String given, int max, Map<String, Integer> wildcards, Scope scope) {
        DuisNode choice = Values.node(date.children(group));
        List<DuisNode> number = choice.children(given);
        if (!number.isEmpty()) {
            scope.touch(number.get(0).path());
            int value = Values.small(number);
            if (value < 1 || value > max) {
                throw Values.refused(number.get(0).path(), "1 to " + max, "another number");
            }
            return value;
        }
        for (DuisNode child : choice.children()) {
            Integer wildcard = wildcards.get(child.name());
            if (wildcard != null) {
                scope.touch(child.path());
                return wildcard;
            }
        }
        throw Values.refused(choice.path(), given + " or one of " + wildcards.keySet(), "neither");
    }

    /** Year, month, day, weekday not given, time of day, hundredths 0, deviation unknown, status not given. */
    static byte[] dt12(Instant time) {
        OffsetDateTime utc = time.atOffset(ZoneOffset.UTC);
        return new byte[] {
            (byte) (utc.getYear() >> 8),
            (byte) utc.getYear(),
            (byte) utc.getMonthValue(),
            (byte) utc.getDayOfMonth(),
            NONE,
            (byte) utc.getHour(),
            (byte) utc.getMinute(),
            (byte) utc.getSecond(),
            0,
            (byte) 0x80,
            0,
            NONE
        };
    }

    private static byte[] immediate12() {
        return new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0x80, 0, NONE};
    }

    private static byte[] never12() {
        return new byte[] {NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, (byte) 0x80, 0, NONE};
    }
}
