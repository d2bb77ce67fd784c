package org.postern.simulator.devices.internal.electricity.values;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postern.catalogue.Eui64;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsDateTime;
import org.postern.simulator.devices.internal.dlms.CompactRows;
import org.postern.simulator.devices.internal.electricity.ElectricityRead;
import org.postern.simulator.devices.internal.events.EventLog;
import org.postern.simulator.devices.internal.measure.SeededRandom;
import org.postern.simulator.devices.internal.measure.Series;

/** What a communications hub knows of its network. */
public final class HubValues {

    /** Event code of a change of channel. */
    public static final int CHANNEL_CHANGED = 0x8F26;

    private static final int CHANNELS = 27;

    private HubValues() {}

    /** The rules of this part, by the names that the table uses. */
    static Map<String, ValueRule> rules() {
        Map<String, ValueRule> rules = new HashMap<>();
        rules.put("device-log", (read, a) -> deviceLog(read));
        rules.put("connected", (read, a) -> connected(read, 2));
        rules.put("formerly-connected", (read, a) -> connected(read, 4));
        rules.put("channel", (read, a) -> channel(operating(read)));
        rules.put("channel-log", (read, a) -> channelLog(read));
        return rules;
    }

    /**
     * Link quality, signal strength and the time of the last message per device; flags and counts as reference messages
     * have them.
     */
    private static DlmsData deviceLog(ElectricityRead read) {
        List<DlmsData> rows = new ArrayList<>();
        for (Eui64 id : read.meter().log().devices()) {
            long seed = SeededRandom.seed(read.uses().seed(), id.value());
            Instant last =
                    read.now().minusSeconds(SeededRandom.below(seed, read.now().getEpochSecond() / 600, 600));
            rows.add(DlmsData.structure(
                    DlmsData.octets(ElectricityRead.eui(id)),
                    DlmsData.bits("11001000"),
                    DlmsData.i8(-30 - SeededRandom.below(seed, 1, 20)),
                    DlmsData.i8(-45 - SeededRandom.below(seed, 2, 30)),
                    DlmsData.i8(-100),
                    DlmsData.u8(1),
                    DlmsData.u8(SeededRandom.below(seed, 3, 100)),
                    DlmsData.u8(200 + SeededRandom.below(seed, 4, 55)),
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
    private static DlmsData connected(ElectricityRead read, int former) {
        List<Eui64> ids =
                former == 2 ? read.meter().log().devices() : List.of(read.neighbour(0x0D), read.neighbour(0x0E));
        List<DlmsData> rows = ids.stream()
                .map(id -> {
                    long seed = SeededRandom.seed(read.uses().seed(), id.value());
                    return (DlmsData) DlmsData.structure(
                            DlmsData.octets(ElectricityRead.eui(id)),
                            DlmsData.octetsHex(String.format("%016X%016X", seed, SeededRandom.seed(seed, 1))));
                })
                .toList();
        return DlmsData.structure(
                DlmsData.date(DlmsDateTime.of(read.now(), false)),
                DlmsData.octetsHex(
                        String.format("%016X", SeededRandom.seed(read.uses().seed(), "network"))),
                new DlmsData.Array(rows));
    }

    /** When the hub went to another channel, and why. */
    private static List<EventLog.Event> channelChanges(ElectricityRead read) {
        return EventLog.entries(
                read.uses().seed(),
                "channel",
                read.state().events().of("channel"),
                read.state().reset("channel"),
                read.now());
    }

    private static int channelNumber(ElectricityRead read, Instant change) {
        return SeededRandom.below(read.uses().seed(), change.getEpochSecond(), CHANNELS);
    }

    /** The channel that the last change went to. */
    private static int operating(ElectricityRead read) {
        List<EventLog.Event> changes = channelChanges(read);
        return channelNumber(
                read,
                changes.isEmpty()
                        ? Series.START
                        : changes.get(changes.size() - 1).time());
    }

    /** Channel of the lowest page: five bits of page number, then one bit per channel. */
    private static DlmsData channel(int number) {
        return new DlmsData.BitString(32, Bytes.ofHex(String.format("%08X", 0xE000_0000L | 1L << number)));
    }

    private static DlmsData channelLog(ElectricityRead read) {
        return CompactRows.of(
                channelEvent(read, new EventLog.Event(Series.START, 0, "00")),
                channelChanges(read).stream()
                        .filter(e -> read.wants(e.time()))
                        .map(e -> channelEvent(read, e))
                        .toList());
    }

    /** Channel mask, two bytes as reference messages have them, and what triggered the scan. */
    private static DlmsData channelEvent(ElectricityRead read, EventLog.Event e) {
        return DlmsData.structure(
                DlmsData.u32(ElectricityRead.seconds(e.time())),
                DlmsData.u16(CHANNEL_CHANGED),
                DlmsData.octetsHex(String.format(
                        "%08X0901%s", 0xE000_0000L | 1L << channelNumber(read, e.time()), e.other())));
    }
}
