package org.postern.simulator.devices.internal.state;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DerNode;
import org.postern.simulator.pki.SimulatedDevice;

/**
 * The other devices that one device communicates with: at first those of its home; join and unjoin commands change it.
 */
public final class DeviceLog {

    static final int MAX_ENTRIES = 16;
    private static final int FULL = 4;
    private static final int NOT_THERE = 1;

    private final Map<Eui64, Integer> entries = new LinkedHashMap<>();

    public DeviceLog(List<SimulatedDevice> others) {
        others.forEach(d -> entries.put(d.deviceId(), number(d.type())));
    }

    /** The devices in it. */
    public synchronized List<Eui64> devices() {
        return List.copyOf(entries.keySet());
    }

    /** Adds a device, or what is newly known of it; returns the join status. */
    public synchronized int add(Eui64 device, int type) {
        if (entries.size() >= MAX_ENTRIES && !entries.containsKey(device)) {
            return FULL;
        }
        entries.put(device, type);
        return 0;
    }

    /** Takes a device out; returns the unjoin status. */
    public synchronized int remove(Eui64 device) {
        return entries.remove(device) == null ? NOT_THERE : 0;
    }

    /** Adds the device to a hub's list, or removes it. */
    public void update(Eui64 device, boolean drop, java.util.Optional<DeviceType> type) {
        if (drop) {
            remove(device);
        } else {
            add(device, number(type.orElse(DeviceType.CAD)));
        }
    }

    /** Entries as ASN.1. */
    public synchronized DerNode entries() {
        return DerNode.sequence(entries.entrySet().stream()
                .map(e ->
                        DerNode.sequence(DerNode.octets(Bytes.of(e.getKey().toBytes())), DerNode.integer(e.getValue())))
                .toList());
    }

    /** The number of a device type (GBCS, ASN.1 payloads). */
    static int number(DeviceType type) {
        return switch (type) {
            case GSME -> 0;
            case ESME -> 1;
            case CHF -> 2;
            case GPF -> 3;
            case HCALCS -> 4;
            case PPMID -> 5;
            default -> 6;
        };
    }
}
