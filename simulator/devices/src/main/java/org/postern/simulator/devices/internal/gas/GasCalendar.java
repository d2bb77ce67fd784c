package org.postern.simulator.devices.internal.gas;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.postern.gbcs.Bytes;
import org.postern.simulator.devices.internal.tariff.SwitchingTable;
import org.postern.simulator.devices.internal.tariff.TariffRegisters;
import org.postern.simulator.pki.SimulatorTable;

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
        for (String[] row : SimulatorTable.rows(GasCalendar.class, "gas-calendars.tsv")) {
            if (Integer.parseInt(row[0]) != type) {
                continue;
            }
            switch (row[1]) {
                case "day" -> {
                    for (String entry : row[3].split(",")) {
                        String[] parts = entry.split("=");
                        calendar.day(Integer.parseInt(row[2]), Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
                    }
                }
                case "week" -> calendar.weeks.put(Integer.parseInt(row[2]), Bytes.ofHex(row[3]));
                case "season" -> calendar.seasons.add(new DatedEntry(Bytes.ofHex(row[3]), Integer.parseInt(row[2])));
                default -> calendar.specialDays.add(new DatedEntry(Bytes.ofHex(row[3]), Integer.parseInt(row[2])));
            }
        }
        return calendar;
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
