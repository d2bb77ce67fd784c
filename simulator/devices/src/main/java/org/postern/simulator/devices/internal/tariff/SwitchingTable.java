package org.postern.simulator.devices.internal.tariff;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.postern.simulator.devices.internal.measure.Series;

/**
 * A tariff's calendar: which register the energy of a half-hour goes to. Electricity and gas calendars have the same
 * content in different encodings.
 *
 * @param seasons in any order
 * @param weeks day ids of Monday to Sunday, by week id
 * @param days switching times by day id, in order of time
 * @param specialDays dates that have a day of their own
 */
public record SwitchingTable(
        List<Season> seasons,
        Map<Integer, int[]> weeks,
        Map<Integer, List<Switch>> days,
        List<SpecialDay> specialDays) {

    /** Any value, where a field of a date is not specified. */
    public static final int ANY = -1;
    /** The last day of the month. */
    public static final int LAST = -2;
    /** The register where the calendar has no entry. */
    private static final int FIRST_PERIOD = 1;

    /** A date with wildcards. */
    public record Date(int year, int month, int day, int weekday) {

        public boolean matches(LocalDate date) {
            return (year == ANY || year == date.getYear())
                    && (month == ANY || month == date.getMonthValue())
                    && (day == ANY
                            || day == date.getDayOfMonth()
                            || day == LAST && date.getDayOfMonth() == date.lengthOfMonth())
                    && (weekday == ANY || weekday == date.getDayOfWeek().getValue());
        }

        /** The latest of such dates up to that one, as the start of a season; null where there is none. */
        LocalDate latest(LocalDate upTo) {
            for (int y = year == ANY ? upTo.getYear() : year; y >= (year == ANY ? upTo.getYear() - 1 : year); y--) {
                YearMonth ym = YearMonth.of(y, month == ANY ? 1 : month);
                LocalDate date =
                        ym.atDay(day == LAST ? ym.lengthOfMonth() : Math.max(1, Math.min(day, ym.lengthOfMonth())));
                if (!date.isAfter(upTo)) {
                    return date;
                }
            }
            return null;
        }
    }

    /** From a date on, a week. */
    public record Season(Date start, int week) {}

    /** From a minute of the day on, an action. */
    public record Switch(int minute, int action) {}

    /** A date and the day that goes for it. */
    public record SpecialDay(Date date, int day) {}

    /** The switching times of that date; empty where the calendar has none. */
    List<Switch> day(LocalDate date) {
        for (SpecialDay special : specialDays) {
            if (special.date().matches(date)) {
                return days.getOrDefault(special.day(), List.of());
            }
        }
        Season season = null;
        LocalDate since = null;
        for (Season s : seasons) {
            LocalDate start = s.start().latest(date);
            if (start != null && (since == null || start.isAfter(since))) {
                season = s;
                since = start;
            }
        }
        if (season == null && !seasons.isEmpty()) {
            season = seasons.get(0);
        }
        int[] week = season == null ? null : weeks.get(season.week());
        return week == null
                ? List.of()
                : days.getOrDefault(week[date.getDayOfWeek().getValue() - 1], List.of());
    }

    /**
     * The action in force at each half-hour's beginning. Before the first switching time of a day its last action
     * holds.
     */
    int[] actions(LocalDate date) {
        List<Switch> switches = day(date);
        int[] actions = new int[Series.SLOTS];
        int next = 0;
        int action = switches.isEmpty()
                ? FIRST_PERIOD
                : switches.get(switches.size() - 1).action();
        for (int slot = 0; slot < actions.length; slot++) {
            while (next < switches.size() && switches.get(next).minute() <= slot * 30) {
                action = switches.get(next++).action();
            }
            actions[slot] = action;
        }
        return actions;
    }

    /** The action in force at the instant, by its half-hour. */
    public int action(Instant time) {
        return actions(time.atZone(ZoneOffset.UTC).toLocalDate())[Series.slotOf(time)];
    }
}
