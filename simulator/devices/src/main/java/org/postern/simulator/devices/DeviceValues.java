package org.postern.simulator.devices;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsDateTime;
import org.postern.simulator.devices.CosemValues.Rule;

/** Identity, clock, supply, load switches, event logs, and what a communications hub knows of its network. */
final class DeviceValues {

    static final int CHANNEL_CHANGED = 0x8F26;
    private static final int SUPPLY_OFF = 0;
    private static final int SUPPLY_ON = 1;
    private static final int SUPPLY_ARMED = 2;
    private static final int SWITCHES = 5;
    private static final int SWITCH_ENTRIES = 100;
    private static final int BOOSTS = 25;
    private static final int CHANNELS = 27;
    private static final int OFFSETS = 600;
    private static final int DAYS_BACK = 40;

    private DeviceValues() {}

    static void register(Map<String, Rule> rules, CosemValues values) {
        rules.put("firmware", (ask, a) -> DlmsData.octets(ask.meter().firmware()));
        rules.put("eui", (ask, a) -> DlmsData.octets(eui(ask.meter().device().deviceId())));
        rules.put(
                "model",
                (ask, a) -> DlmsData.octets(
                        Bytes.ofText("PS" + ask.meter().device().type().name())));
        rules.put("now", (ask, a) -> DlmsData.date(DlmsDateTime.of(ask.now(), false)));
        rules.put(
                "mpan",
                (ask, a) -> DlmsData.octets(Bytes.ofText(mpan(ask, 0) + (EnergyValues.twin(ask) ? mpan(ask, 1) : ""))));
        rules.put("export-mpan", (ask, a) -> DlmsData.octets(Bytes.ofText(mpan(ask, 2))));
        rules.put(
                "random-number", (ask, a) -> DlmsData.u16(Dice.below(ask.uses().seed(), 3, 0x10000)));
        rules.put(
                "random-offset",
                (ask, a) -> DlmsData.u16(values.get(ask, "1/0-0:94.44.0.1/2").asLong()
                        * Dice.below(ask.uses().seed(), 3, 0x10000)
                        / 0x10000));
        rules.put(
                "supply",
                (ask, a) -> DlmsData.enumeration(
                        ask.meter().supplyEnabled() ? SUPPLY_ON : ask.state().armed() ? SUPPLY_ARMED : SUPPLY_OFF));
        rules.put("load-limit-count", (ask, a) -> DlmsData.u32(loadLimits(ask)));
        rules.put("events", DeviceValues::events);
        rules.put("switch-state", (ask, a) -> DlmsData.bool(on(ask, values, Integer.parseInt(a))));
        rules.put("switch-log", (ask, a) -> switchLog(ask, false));
        rules.put("own-switch-log", (ask, a) -> switchLog(ask, true));
        rules.put("boosts", (ask, a) -> boosts(ask));
        rules.put("hcalcs", (ask, a) -> DlmsData.octets(eui(loadController(ask))));
        rules.put("controller-state", (ask, a) -> controllerState(ask, values, Integer.parseInt(a)));
        rules.put("device-log", (ask, a) -> deviceLog(ask));
        rules.put("connected", (ask, a) -> connected(ask, 2));
        rules.put("formerly-connected", (ask, a) -> connected(ask, 4));
        rules.put("channel", (ask, a) -> channel(operating(ask)));
        rules.put("channel-log", (ask, a) -> channelLog(ask));
    }

    private static Bytes eui(Eui64 id) {
        return Bytes.of(id.toBytes());
    }

    /** A device of the same home that is in no list of the simulator: a switch, or one that left. */
    private static Eui64 neighbour(Ask ask, int number) {
        return new Eui64(
                ask.meter().device().deviceId().value() & 0xFFFF_FFFF_00FF_FFFFL | 0xD000_0000L | (long) number << 24);
    }

    /** The load controller of the home, or one that is in no list. Device types stand in the ids of the population. */
    private static Eui64 loadController(Ask ask) {
        return ask.meter().log().devices().stream()
                .filter(id -> (id.value() >> 24 & 0xFF) == 0xE0 + DeviceType.HCALCS.ordinal())
                .findFirst()
                .orElseGet(() -> neighbour(ask, 0x0A));
    }

    /** Thirteen digits: that of the home, or one made from it. */
    private static String mpan(Ask ask, int which) {
        String own = ask.meter().device().mpxn();
        return which == 0 && own.length() == 13
                ? own
                : String.format(
                        Locale.ROOT,
                        "1%d%011d",
                        which + 1,
                        Dice.below(ask.uses().seed(), which, Integer.MAX_VALUE));
    }

    /** One a quarter since the last reset. */
    private static long loadLimits(Ask ask) {
        Instant since = ask.state().reset("3/0-0:94.44.42.255").orElse(Series.START);
        return Math.max(0, ask.now().getEpochSecond() - since.getEpochSecond()) / (91L * Series.DAY_SECONDS);
    }

    private static DlmsData events(Ask ask, String log) {
        List<DlmsData> rows = EventLog.entries(
                        ask.uses().seed(),
                        log,
                        ask.state().happenings(log),
                        ask.state().reset(log),
                        ask.now())
                .stream()
                .filter(e -> ask.wants(e.time()))
                .map(e -> event(log, e))
                .toList();
        return CompactRows.of(event(log, new EventLog.Event(Series.START, 0, "")), rows);
    }

    /** Security logs hold time and code, power logs a number besides, other logs further data. */
    private static DlmsData event(String log, EventLog.Event e) {
        List<DlmsData> cells = new ArrayList<>(List.of(DlmsData.u32(Ask.seconds(e.time())), DlmsData.u16(e.code())));
        if (log.startsWith("power")) {
            cells.add(DlmsData.u32(e.other().isEmpty() ? 0 : Long.parseLong(e.other(), 16)));
        } else if (!log.endsWith("security")) {
            cells.add(DlmsData.octetsHex(e.other()));
        }
        return new DlmsData.Structure(cells);
    }

    /** Whether the switch is on: by a command, else by its calendar. */
    private static boolean on(Ask ask, CosemValues values, int number) {
        DlmsData commanded = ask.meter().stored("switch " + number);
        if (commanded != null) {
            return commanded.asLong() == 1;
        }
        int slot = Series.slotOf(ask.now());
        boolean on = false;
        int latest = -1;
        for (DlmsData entry : values.list(ask, "10/0-0:12.0.2.255/2")) {
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
                DlmsData.u32(Ask.seconds(time)),
                DlmsData.u16(action),
                DlmsData.enumeration(outcome),
                DlmsData.u32(command));
    }

    /** Switch 1, wired to the meter, is switched every night; switch 2, over the air, answers some seconds later. */
    private static DlmsData switchLog(Ask ask, boolean own) {
        List<DlmsData> rows = new ArrayList<>();
        Instant since = ask.state().reset("7/0-17:99.98.2.255").orElse(Series.START);
        for (long day = Series.dayOf(ask.now()) - DAYS_BACK; day <= Series.dayOf(ask.now()); day++) {
            Instant night = Series.midnight(day).plusSeconds(1800);
            Instant morning = Series.midnight(day).plusSeconds(7 * 3600);
            if (own || day % 3 != 0) {
                add(ask, since, rows, night, 0x0111, 1, 0);
                add(ask, since, rows, morning, 0x0112, 1, 0);
            } else {
                add(ask, since, rows, night, 0x0211, 0, night.getEpochSecond());
                add(ask, since, rows, night.plusSeconds(5), 0x0200, 1, night.getEpochSecond());
            }
        }
        List<DlmsData> newest = rows.subList(Math.max(0, rows.size() - SWITCH_ENTRIES), rows.size());
        return CompactRows.of(switchEvent(Series.START, 0, 0, 0), newest);
    }

    private static void add(
            Ask ask, Instant since, List<DlmsData> rows, Instant time, int action, int outcome, long command) {
        if (ask.wants(time) && !time.isBefore(since)) {
            rows.add(switchEvent(time, action, outcome, command));
        }
    }

    /** The boost button is pressed every other day or so, for half an hour to two hours. */
    private static DlmsData boosts(Ask ask) {
        List<DlmsData> rows = new ArrayList<>();
        for (long day = Series.dayOf(ask.now()); day > 0 && rows.size() < BOOSTS; day--) {
            if (Dice.below(ask.uses().seed(), day, 2) == 0) {
                Instant begin = Series.midnight(day)
                        .plusSeconds(61_200 + Dice.below(ask.uses().seed(), ~day, 7200));
                Instant end = begin.plusSeconds(1800 + Dice.below(ask.uses().seed(), day * 5, 5400));
                if (!end.isAfter(ask.now())) {
                    rows.add(0, LogValues.row(begin, Ask.seconds(end)));
                }
            }
        }
        return CompactRows.of(
                LogValues.row(Series.START, 0),
                rows.stream()
                        .filter(r -> ask.wants(Instant.ofEpochSecond(
                                DlmsDateTime.EPOCH_2000 + r.at(0).asLong())))
                        .toList());
    }

    /**
     * State of an auxiliary controller as JSON; a switch is fully on or off, a proportional controller anywhere
     * between.
     */
    private static DlmsData controllerState(Ask ask, CosemValues values, int number) {
        DlmsData level = ask.meter().stored("level " + number);
        boolean proportional = values.get(ask, "1/0-0:94.44.0." + (20 + number) + "/2")
                        .asBytes()
                        .length()
                == 1;
        long output = level != null
                ? level.asLong()
                : proportional
                        ? Dice.below(ask.uses().seed(), Series.dayOf(ask.now()) * 48 + Series.slotOf(ask.now()), 101)
                        : on(ask, values, number) ? 100 : 0;
        return DlmsData.utf8("{\"outputState\": " + output + ", \"inputState\": 0}");
    }

    /**
     * Link quality, signal strength and the time of the last message per device; flags and counts as reference messages
     * have them.
     */
    private static DlmsData deviceLog(Ask ask) {
        List<DlmsData> rows = new ArrayList<>();
        for (Eui64 id : ask.meter().log().devices()) {
            long seed = Dice.seed(ask.uses().seed(), id.value());
            Instant last = ask.now().minusSeconds(Dice.below(seed, ask.now().getEpochSecond() / 600, 600));
            rows.add(DlmsData.structure(
                    DlmsData.octets(eui(id)),
                    DlmsData.bits("11001000"),
                    DlmsData.i8(-30 - Dice.below(seed, 1, 20)),
                    DlmsData.i8(-45 - Dice.below(seed, 2, 30)),
                    DlmsData.i8(-100),
                    DlmsData.u8(1),
                    DlmsData.u8(Dice.below(seed, 3, 100)),
                    DlmsData.u8(200 + Dice.below(seed, 4, 55)),
                    DlmsData.date(DlmsDateTime.of(last, true)),
                    DlmsData.u8(1),
                    DlmsData.u8(0),
                    DlmsData.u8(100),
                    DlmsData.u8(1),
                    DlmsData.u8(1)));
        }
        return new DlmsData.Array(rows);
    }

    /** Time, network and devices with the hash of their install codes or keys. */
    private static DlmsData connected(Ask ask, int former) {
        List<Eui64> ids =
                former == 2 ? ask.meter().log().devices() : List.of(neighbour(ask, 0x0D), neighbour(ask, 0x0E));
        List<DlmsData> rows = ids.stream()
                .map(id -> {
                    long seed = Dice.seed(ask.uses().seed(), id.value());
                    return (DlmsData) DlmsData.structure(
                            DlmsData.octets(eui(id)),
                            DlmsData.octetsHex(String.format("%016X%016X", seed, Dice.seed(seed, 1))));
                })
                .toList();
        return DlmsData.structure(
                DlmsData.date(DlmsDateTime.of(ask.now(), false)),
                DlmsData.octetsHex(String.format("%016X", Dice.seed(ask.uses().seed(), "network"))),
                new DlmsData.Array(rows));
    }

    /** When the hub went to another channel, and why. */
    private static List<EventLog.Event> channelChanges(Ask ask) {
        return EventLog.entries(
                ask.uses().seed(),
                "channel",
                ask.state().happenings("channel"),
                ask.state().reset("channel"),
                ask.now());
    }

    private static int channelNumber(Ask ask, Instant change) {
        return Dice.below(ask.uses().seed(), change.getEpochSecond(), CHANNELS);
    }

    /** The channel that the last change went to. */
    private static int operating(Ask ask) {
        List<EventLog.Event> changes = channelChanges(ask);
        return channelNumber(
                ask,
                changes.isEmpty()
                        ? Series.START
                        : changes.get(changes.size() - 1).time());
    }

    /** Channel of the lowest page: five bits of page number, then one bit per channel. */
    private static DlmsData channel(int number) {
        return new DlmsData.BitString(32, Bytes.ofHex(String.format("%08X", 0xE000_0000L | 1L << number)));
    }

    private static DlmsData channelLog(Ask ask) {
        return CompactRows.of(
                channelEvent(ask, new EventLog.Event(Series.START, 0, "00")),
                channelChanges(ask).stream()
                        .filter(e -> ask.wants(e.time()))
                        .map(e -> channelEvent(ask, e))
                        .toList());
    }

    /** Channel mask, two bytes as reference messages have them, and what triggered the scan. */
    private static DlmsData channelEvent(Ask ask, EventLog.Event e) {
        return DlmsData.structure(
                DlmsData.u32(Ask.seconds(e.time())),
                DlmsData.u16(CHANNEL_CHANGED),
                DlmsData.octetsHex(String.format(
                        "%08X0901%s", 0xE000_0000L | 1L << channelNumber(ask, e.time()), e.other())));
    }
}
