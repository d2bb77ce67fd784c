package org.postern.simulator.devices.internal.electricity;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;
import org.postern.simulator.devices.internal.tariff.SwitchingTable;

/** A switching table from the attributes of a COSEM activity calendar and its special days (GBCS Use Case ECS01a). */
final class CosemCalendar {

    private CosemCalendar() {}

    /**
     * @param seasons array of name, start as date-time, week id
     * @param weeks array of id and seven day ids
     * @param days array of day id and array of time, script table, selector
     * @param specialDays array of index, date, day id
     * @param base what the selectors have above the number of the register
     */
    static SwitchingTable read(DlmsData seasons, DlmsData weeks, DlmsData days, DlmsData specialDays, int base) {
        List<SwitchingTable.Season> all = seasons.elements().stream()
                .map(s -> new SwitchingTable.Season(date(s.at(1).asBytes()), id(s.at(2))))
                .toList();
        Map<Integer, int[]> byWeek = new HashMap<>();
        for (DlmsData week : weeks.elements()) {
            int[] ids = new int[7];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = (int) week.at(i + 1).asLong();
            }
            byWeek.put(id(week.at(0)), ids);
        }
        Map<Integer, List<SwitchingTable.Switch>> byDay = new HashMap<>();
        for (DlmsData day : days.elements()) {
            List<SwitchingTable.Switch> switches = new ArrayList<>();
            for (DlmsData s : day.at(1).elements()) {
                Bytes time = s.at(0).asBytes();
                switches.add(new SwitchingTable.Switch(
                        time.at(0) * 60 + time.at(1), (int) s.at(2).asLong() - base));
            }
            byDay.put((int) day.at(0).asLong(), List.copyOf(switches));
        }
        List<SwitchingTable.SpecialDay> special = specialDays.elements().stream()
                .map(d -> new SwitchingTable.SpecialDay(
                        date(d.at(1).asBytes()), (int) d.at(2).asLong()))
                .toList();
        return new SwitchingTable(all, Map.copyOf(byWeek), Map.copyOf(byDay), special);
    }

    private static int id(DlmsData octets) {
        return (int) octets.asBytes().number(0, octets.asBytes().length());
    }

    /** The first five bytes: year, month, day, day of week. */
    static SwitchingTable.Date date(Bytes b) {
        return new SwitchingTable.Date(
                b.number(0, 2) == 0xFFFF ? SwitchingTable.ANY : (int) b.number(0, 2),
                b.at(2) < 1 || b.at(2) > 12 ? SwitchingTable.ANY : b.at(2),
                b.at(3) == 0xFE || b.at(3) == 0xFD
                        ? SwitchingTable.LAST
                        : b.at(3) == 0xFF ? SwitchingTable.ANY : b.at(3),
                b.at(4) == 0xFF ? SwitchingTable.ANY : b.at(4));
    }
}
