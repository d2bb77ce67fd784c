package org.postern.simulator.devices.internal.events;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.catalogue.Table;
import org.postern.simulator.devices.internal.measure.SeededRandom;
import org.postern.simulator.devices.internal.measure.Series;

/**
 * Events as devices log them, by a table of what happens in which log and how often. A function of seed, log and time;
 * what commands made happen comes on top.
 */
public final class EventLog {

    /** Entries that a log holds. */
    public static final int ENTRIES = 100;

    private static final int WEEK_SECONDS = 7 * 86_400;
    private static final int YEAR_WEEKS = 52;

    /**
     * One event.
     *
     * @param code event code, 0 to FFFF
     * @param other further data, hex digits
     */
    public record Event(Instant time, int code, String other) {}

    private record Kind(int code, String other, int perYear) {}

    private static final Map<String, List<Kind>> KINDS = kinds();

    private EventLog() {}

    private static Map<String, List<Kind>> kinds() {
        Map<String, List<Kind>> all = new HashMap<>();
        for (Table.Row row : Table.resource(EventLog.class, "event-kinds.tsv", "log", "code", "other", "perYear")
                .rows()) {
            all.computeIfAbsent(row.text("log"), l -> new ArrayList<>())
                    .add(new Kind(row.hex("code", 4), row.textOrEmpty("other"), row.number("perYear", 0, 1_000_000)));
        }
        return Map.copyOf(all);
    }

    /**
     * The newest entries of a log up to now, the oldest first.
     *
     * @param seed of the device
     * @param log name of the log in the table
     * @param own what commands made happen, in order of time
     * @param cleared when the log was last emptied
     */
    public static List<Event> entries(long seed, String log, List<Event> own, Optional<Instant> cleared, Instant now) {
        List<Event> events = new ArrayList<>();
        Instant since = cleared.orElse(Series.START);
        own.stream().filter(h -> !h.time().isBefore(since)).forEach(events::add);
        for (long week = Math.floorDiv(now.getEpochSecond(), WEEK_SECONDS);
                events.size() < ENTRIES && (week + 1) * WEEK_SECONDS > since.getEpochSecond();
                week--) {
            List<Event> found = new ArrayList<>();
            week(seed, log, week, found);
            found.stream()
                    .filter(e -> !e.time().isAfter(now) && !e.time().isBefore(since))
                    .forEach(events::add);
        }
        return newest(events.stream().sorted(Comparator.comparing(Event::time)).toList());
    }

    private static List<Event> newest(List<Event> events) {
        return events.subList(Math.max(0, events.size() - ENTRIES), events.size());
    }

    /** Each kind happens in the week with the likelihood that its number a year gives it. */
    private static void week(long seed, String log, long week, List<Event> into) {
        List<Kind> kinds = KINDS.getOrDefault(log, List.of());
        long own = SeededRandom.seed(SeededRandom.seed(seed, log), week);
        for (int i = 0; i < kinds.size(); i++) {
            Kind kind = kinds.get(i);
            for (int n = 0; n < 1 + kind.perYear() / YEAR_WEEKS; n++) {
                if (SeededRandom.below(own, 1000L * i + 2L * n, YEAR_WEEKS * (1 + kind.perYear() / YEAR_WEEKS))
                        < kind.perYear()) {
                    into.add(new Event(
                            Instant.ofEpochSecond(week * WEEK_SECONDS
                                    + SeededRandom.below(own, 1000L * i + 2L * n + 1, WEEK_SECONDS)),
                            kind.code(),
                            kind.other()));
                }
            }
        }
    }
}
