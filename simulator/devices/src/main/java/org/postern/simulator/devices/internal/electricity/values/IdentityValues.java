package org.postern.simulator.devices.internal.electricity.values;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsDateTime;
import org.postern.simulator.devices.internal.dlms.CompactRows;
import org.postern.simulator.devices.internal.electricity.ElectricityRead;
import org.postern.simulator.devices.internal.events.EventLog;
import org.postern.simulator.devices.internal.measure.SeededRandom;
import org.postern.simulator.devices.internal.measure.Series;

/** Identity, clock, supply, randomised offset and event logs. */
final class IdentityValues {

    private static final int SUPPLY_OFF = 0;
    private static final int SUPPLY_ON = 1;
    private static final int SUPPLY_ARMED = 2;

    private IdentityValues() {}

    /** The rules of this part, by the names that the table uses. */
    static Map<String, ValueRule> rules() {
        Map<String, ValueRule> rules = new HashMap<>();
        rules.put(
                "firmware", (read, a) -> DlmsData.octets(read.meter().firmware().version()));
        rules.put(
                "eui",
                (read, a) -> DlmsData.octets(ElectricityRead.eui(read.device().deviceId())));
        rules.put(
                "model",
                (read, a) ->
                        DlmsData.octets(Bytes.ofText("PS" + read.device().type().name())));
        rules.put("now", (read, a) -> DlmsData.date(DlmsDateTime.of(read.now(), false)));
        rules.put(
                "mpan", (read, a) -> DlmsData.octets(Bytes.ofText(mpan(read, 0) + (read.twin() ? mpan(read, 1) : ""))));
        rules.put("export-mpan", (read, a) -> DlmsData.octets(Bytes.ofText(mpan(read, 2))));
        rules.put(
                "random-number",
                (read, a) -> DlmsData.u16(SeededRandom.below(read.uses().seed(), 3, 0x10000)));
        rules.put(
                "random-offset",
                (read, a) -> DlmsData.u16(read.settings().randomisationLimit()
                        * SeededRandom.below(read.uses().seed(), 3, 0x10000)
                        / 0x10000));
        rules.put(
                "supply",
                (read, a) -> DlmsData.enumeration(
                        read.meter().supplyEnabled() ? SUPPLY_ON : read.state().armed() ? SUPPLY_ARMED : SUPPLY_OFF));
        rules.put("load-limit-count", (read, a) -> DlmsData.u32(loadLimits(read)));
        rules.put("events", IdentityValues::events);
        return rules;
    }

    /** Thirteen digits: that of the home, or one made from it. */
    private static String mpan(ElectricityRead read, int which) {
        String own = read.device().mpxn();
        return which == 0 && own.length() == 13
                ? own
                : String.format(
                        Locale.ROOT,
                        "1%d%011d",
                        which + 1,
                        SeededRandom.below(read.uses().seed(), which, Integer.MAX_VALUE));
    }

    /** One a quarter since the last reset. */
    private static long loadLimits(ElectricityRead read) {
        Instant since = read.state().reset("3/0-0:94.44.42.255").orElse(Series.START);
        return Math.max(0, read.now().getEpochSecond() - since.getEpochSecond()) / (91L * Series.DAY_SECONDS);
    }

    private static DlmsData events(ElectricityRead read, String log) {
        List<DlmsData> rows = EventLog.entries(
                        read.uses().seed(),
                        log,
                        read.state().events().of(log),
                        read.state().reset(log),
                        read.now())
                .stream()
                .filter(e -> read.wants(e.time()))
                .map(e -> event(log, e))
                .toList();
        return CompactRows.of(event(log, new EventLog.Event(Series.START, 0, "")), rows);
    }

    /** Security logs hold time and code, power logs a number besides, other logs further data. */
    private static DlmsData event(String log, EventLog.Event e) {
        List<DlmsData> cells =
                new ArrayList<>(List.of(DlmsData.u32(ElectricityRead.seconds(e.time())), DlmsData.u16(e.code())));
        if (log.startsWith("power")) {
            cells.add(DlmsData.u32(e.other().isEmpty() ? 0 : Long.parseLong(e.other(), 16)));
        } else if (!log.endsWith("security")) {
            cells.add(DlmsData.octetsHex(e.other()));
        }
        return new DlmsData.Structure(cells);
    }
}
