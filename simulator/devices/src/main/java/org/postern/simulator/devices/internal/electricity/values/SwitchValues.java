package org.postern.simulator.devices.internal.electricity.values;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsDateTime;
import org.postern.simulator.devices.internal.dlms.CompactRows;
import org.postern.simulator.devices.internal.electricity.ElectricityRead;
import org.postern.simulator.devices.internal.measure.SeededRandom;
import org.postern.simulator.devices.internal.measure.Series;

/** Load switches, boosts and auxiliary controllers. */
final class SwitchValues {

    private static final int SWITCH_ENTRIES = 100;
    private static final int BOOSTS = 25;
    private static final int DAYS_BACK = 40;

    private SwitchValues() {}

    /** The rules of this part, by the names that the table uses. */
    static Map<String, ValueRule> rules() {
        Map<String, ValueRule> rules = new HashMap<>();
        rules.put("switch-state", (read, a) -> DlmsData.bool(on(read, Integer.parseInt(a))));
        rules.put("switch-log", (read, a) -> switchLog(read, false));
        rules.put("own-switch-log", (read, a) -> switchLog(read, true));
        rules.put("boosts", (read, a) -> boosts(read));
        rules.put("hcalcs", (read, a) -> DlmsData.octets(ElectricityRead.eui(loadController(read))));
        rules.put("controller-state", (read, a) -> controllerState(read, Integer.parseInt(a)));
        return rules;
    }

    /**
     * The load controller of the home, or one that is in no list. The ids of the population contain the device type.
     */
    private static Eui64 loadController(ElectricityRead read) {
        return read.meter().log().devices().stream()
                .filter(id -> (id.value() >> 24 & 0xFF) == 0xE0 + DeviceType.HCALCS.ordinal())
                .findFirst()
                .orElseGet(() -> read.neighbour(0x0A));
    }

    /** Whether the switch is on: by a command, else by its calendar. */
    private static boolean on(ElectricityRead read, int number) {
        Optional<Boolean> commanded = read.state().held().switched(number);
        if (commanded.isPresent()) {
            return commanded.get();
        }
        int slot = Series.slotOf(read.now());
        boolean on = false;
        int latest = -1;
        for (DlmsData entry : read.settings().switchCalendar()) {
            int selector = (int) entry.at(3).asLong();
            Bytes time = entry.at(4).asBytes();
            int begins = time.at(0) * 2 + time.at(1) / 30;
            if ((selector >> 8 & 0xF) == number && begins <= slot && begins > latest) {
                latest = begins;
                on = (selector & 0xFF) == 1;
            }
        }
        return on;
    }

    private static DlmsData switchEvent(Instant time, int action, int outcome, long command) {
        return DlmsData.structure(
                DlmsData.u32(ElectricityRead.seconds(time)),
                DlmsData.u16(action),
                DlmsData.enumeration(outcome),
                DlmsData.u32(command));
    }

    /** Switch 1, wired to the meter, is switched every night; switch 2, over the air, answers some seconds later. */
    private static DlmsData switchLog(ElectricityRead read, boolean own) {
        List<DlmsData> rows = new ArrayList<>();
        Instant since = read.state().reset("7/0-17:99.98.2.255").orElse(Series.START);
        for (long day = Series.dayOf(read.now()) - DAYS_BACK; day <= Series.dayOf(read.now()); day++) {
            Instant night = Series.midnight(day).plusSeconds(1800);
            Instant morning = Series.midnight(day).plusSeconds(7 * 3600);
            if (own || day % 3 != 0) {
                add(read, since, rows, night, 0x0111, 1, 0);
                add(read, since, rows, morning, 0x0112, 1, 0);
            } else {
                add(read, since, rows, night, 0x0211, 0, night.getEpochSecond());
                add(read, since, rows, night.plusSeconds(5), 0x0200, 1, night.getEpochSecond());
            }
        }
        List<DlmsData> newest = rows.subList(Math.max(0, rows.size() - SWITCH_ENTRIES), rows.size());
        return CompactRows.of(switchEvent(Series.START, 0, 0, 0), newest);
    }

    private static void add(
            ElectricityRead read,
            Instant since,
            List<DlmsData> rows,
            Instant time,
            int action,
            int outcome,
            long command) {
        if (read.wants(time) && !time.isBefore(since)) {
            rows.add(switchEvent(time, action, outcome, command));
        }
    }

    /** The boost button is pressed every other day or so, for half an hour to two hours. */
    private static DlmsData boosts(ElectricityRead read) {
        List<DlmsData> rows = new ArrayList<>();
        for (long day = Series.dayOf(read.now()); day > 0 && rows.size() < BOOSTS; day--) {
            if (SeededRandom.below(read.uses().seed(), day, 2) == 0) {
                Instant begin = Series.midnight(day)
                        .plusSeconds(61_200 + SeededRandom.below(read.uses().seed(), ~day, 7200));
                Instant end =
                        begin.plusSeconds(1800 + SeededRandom.below(read.uses().seed(), day * 5, 5400));
                if (!end.isAfter(read.now())) {
                    rows.add(0, LogRows.row(begin, ElectricityRead.seconds(end)));
                }
            }
        }
        return CompactRows.of(
                LogRows.row(Series.START, 0),
                rows.stream()
                        .filter(r -> read.wants(Instant.ofEpochSecond(
                                DlmsDateTime.EPOCH_2000 + r.at(0).asLong())))
                        .toList());
    }

    /**
     * State of an auxiliary controller as JSON; a switch is fully on or off, a proportional controller anywhere
     * between.
     */
    private static DlmsData controllerState(ElectricityRead read, int number) {
        long output = read.state()
                .held()
                .level(number)
                .orElseGet(() -> read.settings().proportional(number)
                        ? SeededRandom.below(
                                read.uses().seed(), Series.dayOf(read.now()) * 48 + Series.slotOf(read.now()), 101)
                        : on(read, number) ? 100 : 0);
        return DlmsData.utf8("{\"outputState\": " + output + ", \"inputState\": 0}");
    }
}
