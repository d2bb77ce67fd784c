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
import org.postern.parsecorrelate.internal.transform.Functions.Fn;

/**
 * Dates and times between DUIS and GBCS (facts 3.4, 4.3, 5). DUIS writes XML dates in UTC, or {@code Date} elements
 * with wildcards; GBCS writes DLMS date-times of 12 bytes, seconds since 2000, or GeneralizedTime.
 */
final class DateFunctions {

    /** Seconds from the Unix epoch to 2000-01-01T00:00:00Z. */
    static final long EPOCH_2000 = 946_684_800L;
    /** The date by which DUIS cancels a future-dated command. */
    private static final Instant CANCEL = Instant.parse("3000-12-31T00:00:00Z");
    private static final Pattern PLAIN_DATE = Pattern.compile("(-?\\d{4,6})-(\\d\\d)-(\\d\\d)(Z|[+-]\\d\\d:\\d\\d)?");
    private static final Pattern PLAIN_TIME = Pattern.compile("(\\d\\d):(\\d\\d):(\\d\\d)(?:\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)?");
    private static final DateTimeFormatter GENERALIZED = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final byte NONE = (byte) 0xFF;

    private DateFunctions() { }

    static void addTo(Map<String, Fn> all) {
        all.put("date5", new Fn(1, 1, (scope, args, place) -> date5(Values.node(args.get(0).eval(scope)), scope)));
        all.put("gasdate4", new Fn(1, 1, (scope, args, place) -> gasDate(Values.node(args.get(0).eval(scope)), scope)));
        all.put("plaindate5", new Fn(1, 1, (scope, args, place) -> plainDate(args.get(0).eval(scope), scope)));
        all.put("time4", new Fn(1, 1, (scope, args, place) -> {
            int[] time = time(args.get(0).eval(scope), scope);
            return new byte[] {(byte) time[0], (byte) time[1], (byte) time[2], 0};
        }));
        all.put("minutes", new Fn(1, 1, (scope, args, place) -> {
            int[] time = time(args.get(0).eval(scope), scope);
            return BigDecimal.valueOf(time[0] * 60L + time[1]);
        }));
        all.put("seconds", new Fn(1, 1, (scope, args, place) -> BigDecimal.valueOf(instant(args.get(0).eval(scope), scope).getEpochSecond() - EPOCH_2000)));
        // a period that ends beyond what 32 bits hold has no end
        all.put("secondsorend", new Fn(1, 1, (scope, args, place) -> BigDecimal.valueOf(Math.min(0xFFFFFFFEL,
                Math.max(0, instant(args.get(0).eval(scope), scope).getEpochSecond() - EPOCH_2000)))));
        // how many samples lie between two times, both counted
        all.put("steps", new Fn(4, 4, (scope, args, place) -> {
            long from = instant(args.get(0).eval(scope), scope).getEpochSecond();
            long to = instant(args.get(1).eval(scope), scope).getEpochSecond();
            long width = Values.whole(args.get(2).eval(scope)).longValue();
            long most = Values.whole(args.get(3).eval(scope)).longValue();
            return BigDecimal.valueOf(Math.max(1, Math.min(most, (to - from) / width + 1)));
        }));
        all.put("dt12", new Fn(1, 2, (scope, args, place) -> dt12(instant(args.get(0).eval(scope), scope)
                .plusSeconds(args.size() > 1 ? Values.whole(args.get(1).eval(scope)).longValue() : 0))));
        // when a change takes effect: now, at a date, or never (a cancellation)
        all.put("activation12", new Fn(0, 0, (scope, args, place) -> {
            DuisNode date = executionDate(scope);
            if (date == null) {
                return immediate12();
            }
            Instant time = instant(date, scope);
            return time.equals(CANCEL) ? never12() : dt12(time);
        }));
        all.put("cancels", new Fn(0, 0, (scope, args, place) -> {
            DuisNode date = executionDate(scope);
            return date != null && instant(date, scope).equals(CANCEL);
        }));
        all.put("activationsec", new Fn(1, 1, (scope, args, place) -> {
            DuisNode date = executionDate(scope);
            if (date == null) {
                return BigDecimal.ZERO;
            }
            Instant time = instant(date, scope);
            return time.equals(CANCEL) ? Values.number(args.get(0).eval(scope)) : BigDecimal.valueOf(time.getEpochSecond() - EPOCH_2000);
        }));
        all.put("activationtime", new Fn(0, 0, (scope, args, place) -> {
            Instant time = instant(executionDate(scope), scope);
            return time.equals(CANCEL) ? "99991231235959Z" : GENERALIZED.format(time);
        }));
        all.put("gtime", new Fn(1, 2, (scope, args, place) -> GENERALIZED.format(instant(args.get(0).eval(scope), scope)
                .plusSeconds(args.size() > 1 ? Values.whole(args.get(1).eval(scope)).longValue() : 0))));
    }

    private static DuisNode executionDate(Scope scope) {
        List<DuisNode> found = scope.request.body().children("ExecutionDateTime");
        scope.touch(scope.request.body().path() + "/ExecutionDateTime");
        return found.isEmpty() ? null : found.get(0);
    }

    static Instant instant(Object value, Scope scope) {
        String text = Values.text(value).strip();
        try {
            if (text.endsWith("Z") || text.matches(".*[+-]\\d\\d:\\d\\d")) {
                return OffsetDateTime.parse(text).toInstant();
            }
            return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException notADate) {
            throw Values.refused(where(value, scope), "a date-time of the form 2015-12-25T09:30:10.00Z", "not a date-time");
        }
    }

    private static String where(Object value, Scope scope) {
        return value instanceof List<?> ? Values.node(value).path() : value instanceof DuisNode node ? node.path() : scope.node.path();
    }

    private static int[] time(Object value, Scope scope) {
        Matcher matcher = PLAIN_TIME.matcher(Values.text(value));
        if (!matcher.matches()) {
            throw Values.refused(where(value, scope), "a time of the form 09:30:00.00Z", "not a time");
        }
        int[] time = {Integer.parseInt(matcher.group(1)) % 24, Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(3))};
        String zone = matcher.group(4);
        if (zone != null && !zone.equals("Z")) {
            int shift = ZoneOffset.of(zone).getTotalSeconds();
            int seconds = Math.floorMod(time[0] * 3600 + time[1] * 60 + time[2] - shift, 86_400);
            return new int[] {seconds / 3600, seconds / 60 % 60, seconds % 60};
        }
        return time;
    }

    /** Year, month, day and weekday; the XML year 65535 stands for every year. */
    private static byte[] plainDate(Object value, Scope scope) {
        Matcher matcher = PLAIN_DATE.matcher(Values.text(value));
        if (!matcher.matches()) {
            throw Values.refused(where(value, scope), "a date of the form 2015-12-25", "not a date");
        }
        int year = Integer.parseInt(matcher.group(1));
        if (year < 0 || year > 0xFFFF) {
            throw Values.refused(where(value, scope), "a year of at most 65535", "another year");
        }
        return new byte[] {(byte) (year >> 8), (byte) year, (byte) Integer.parseInt(matcher.group(2)),
            (byte) Integer.parseInt(matcher.group(3)), NONE};
    }

    private static byte[] date5(DuisNode date, Scope scope) {
        int year = part(date, "Year", "SpecifiedYear", Map.of("NonSpecifiedYear", 0xFFFF), scope);
        int month = part(date, "Month", "SpecifiedMonth", Map.of("NonSpecifiedMonth", 0xFF), scope);
        int day = part(date, "DayOfMonth", "SpecifiedDayOfMonth",
                Map.of("LastDayOfMonth", 0xFE, "SecondLastDayOfMonth", 0xFD, "NonSpecifiedDayOfMonth", 0xFF), scope);
        int weekday = part(date, "DayOfWeek", "SpecifiedDayOfWeek", Map.of("NonSpecifiedDayOfWeek", 0xFF), scope);
        return new byte[] {(byte) (year >> 8), (byte) year, (byte) month, (byte) day, (byte) weekday};
    }

    private static byte[] gasDate(DuisNode date, Scope scope) {
        int year = part(date, "GasYearWithWildcards", "SpecifiedYear", Map.of("NonSpecifiedYear", 0x7FFFFFFF), scope);
        int month = part(date, "GasMonthWithWildcards", "SpecifiedMonth", Map.of("NonSpecifiedMonth", 0xFF), scope);
        int day = part(date, "GasDayOfMonthWithWildcards", "SpecifiedDayOfMonth", Map.of("GasNonSpecifiedDayOfMonth", 0xFF), scope);
        int weekday = part(date, "GasDayOfWeekWithWildcards", "SpecifiedDayOfWeek", Map.of("NonSpecifiedDayOfWeek", 0xFF), scope);
        int short_ = year == 0x7FFFFFFF ? 0xFF : year - 1900;
        if (short_ < 0 || short_ > 0xFF) {
            throw Values.refused(date.path(), "a year from 1900 to 2155: one byte carries it", "another year");
        }
        return new byte[] {(byte) short_, (byte) month, (byte) day, (byte) weekday};
    }

    private static int part(DuisNode date, String group, String given, Map<String, Integer> wildcards, Scope scope) {
        DuisNode choice = Values.node(date.children(group));
        List<DuisNode> number = choice.children(given);
        if (!number.isEmpty()) {
            scope.touch(number.get(0).path());
            int value = Values.small(number);
            if (value < 0 || value > 0xFFFF) {
                throw Values.refused(number.get(0).path(), "0 to 65535", "another number");
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
        return new byte[] {(byte) (utc.getYear() >> 8), (byte) utc.getYear(), (byte) utc.getMonthValue(), (byte) utc.getDayOfMonth(), NONE,
            (byte) utc.getHour(), (byte) utc.getMinute(), (byte) utc.getSecond(), 0, (byte) 0x80, 0, NONE};
    }

    private static byte[] immediate12() {
        return new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0x80, 0, NONE};
    }

    private static byte[] never12() {
        return new byte[] {NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, (byte) 0x80, 0, NONE};
    }
}
