package org.postern.simulator.devices.internal.gas;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.postern.catalogue.Table;
import org.postern.gbcs.Bytes;
import org.postern.simulator.devices.internal.tariff.SwitchingTable;
import org.postern.simulator.devices.internal.tariff.TariffRegisters;

/**
 * A calendar of a gas meter as ZigBee commands publish it: of the tariff, or of the times in which supply is not
 * disabled. Filled command by command.
 */
public final class GasCalendar {

    /** Type of a tariff calendar: received gas. */
    public static final int TARIFF = 0;
    /** Type of a calendar of friendly credit. */
    public static final int NON_DISABLEMENT = 3;

    private static final int YEAR_BASE = 1900;

    /** Four bytes of date with wildcards, and what it refers to. */
    public record DatedEntry(Bytes date, int id) {}

    private final int type;
    private final long id;
    private final Map<Integer, List<SwitchingTable.Switch>> days = new TreeMap<>();
    private final Map<Integer, Bytes> weeks = new TreeMap<>();
    private final List<DatedEntry> seasons = new ArrayList<>();
    private final List<DatedEntry> specialDays = new ArrayList<>();

    public GasCalendar(int type, long id) {
        this.type = type;
        this.id = id;
    }

    /** A calendar of this bundle's table. */
    static GasCalendar byTable(int type, long id) {
        GasCalendar calendar = new GasCalendar(type, id);
        for (Table.Row row : Table.resource(GasCalendar.class, "gas-calendars.tsv", "type", "kind", "id", "content")
                .rows()) {
            if (row.number("type", 0, 255) != type) {
                continue;
            }
            int number = row.number("id", 0, 255);
            switch (row.text("kind")) {
                case "day" ->
                    row.list("content").forEach(entry -> {
                        String[] parts = entry.split("=", -1);
                        row.require("content", parts.length == 2, "entries of minute=action");
                        calendar.day(number, minute(row, parts[0]), minute(row, parts[1]));
                    });
                case "week" -> calendar.weeks.put(number, row.parsed("content", "hex digits", Bytes::ofHex));
                case "season" ->
                    calendar.seasons.add(new DatedEntry(row.parsed("content", "hex digits", Bytes::ofHex), number));
                case "special" ->
                    calendar.specialDays.add(new DatedEntry(row.parsed("content", "hex digits", Bytes::ofHex), number));
                default -> throw row.broken("kind", "day, week, season or special");
            }
        }
        return calendar;
    }

    private static int minute(Table.Row row, String digits) {
        row.require("content", digits.matches("[0-9]{1,4}"), "entries of minute=action");
        return Integer.parseInt(digits);
    }

    public int type() {
        return type;
    }

    /** Issuer calendar id. */
    public long id() {
        return id;
    }

    public Map<Integer, List<SwitchingTable.Switch>> days() {
        return days;
    }

    public Map<Integer, Bytes> weeks() {
        return weeks;
    }

    public List<DatedEntry> seasons() {
        return seasons;
    }

    public List<DatedEntry> specialDays() {
        return specialDays;
    }

    /** One more switching time of a day. */
    public void day(int day, int minute, int action) {
        days.computeIfAbsent(day, d -> new ArrayList<>()).add(new SwitchingTable.Switch(minute, action));
    }

    public void week(int week, Bytes dayIds) {
        weeks.put(week, dayIds);
    }

    /** The same as a switching table; action 0 stands for consumption blocks. */
    SwitchingTable table() {
        Map<Integer, int[]> byWeek = new HashMap<>();
        weeks.forEach((week, ids) -> {
            int[] all = new int[7];
            for (int i = 0; i < all.length; i++) {
                all[i] = ids.at(i);
            }
            byWeek.put(week, all);
        });
        Map<Integer, List<SwitchingTable.Switch>> byDay = new HashMap<>();
        days.forEach((day, switches) -> byDay.put(
                day,
                switches.stream()
                        .map(s -> new SwitchingTable.Switch(
                                s.minute(), s.action() == 0 ? TariffRegisters.BLOCK_ACTION + 1 : s.action()))
                        .toList()));
        return new SwitchingTable(
                seasons.stream()
                        .map(s -> new SwitchingTable.Season(date(s.date()), s.id()))
                        .toList(),
                byWeek,
                byDay,
                specialDays.stream()
                        .map(d -> new SwitchingTable.SpecialDay(date(d.date()), d.id()))
                        .toList());
    }

    private static SwitchingTable.Date date(Bytes b) {
        return new SwitchingTable.Date(
                b.at(0) == 0xFF ? SwitchingTable.ANY : YEAR_BASE + b.at(0),
                b.at(1) < 1 || b.at(1) > 12 ? SwitchingTable.ANY : b.at(1),
                b.at(2) == 0xFF ? SwitchingTable.ANY : b.at(2),
                b.at(3) == 0xFF ? SwitchingTable.ANY : b.at(3));
    }
}
