package org.postern.testkitservices;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.inventory.DeviceFacts;
import org.postern.inventory.DeviceInventory;

/** An inventory that a test fills. */
public final class Devices implements DeviceInventory {

    private final Map<Eui64, DeviceFacts> devices = new LinkedHashMap<>();

    /** An inventory without a device. */
    public static Devices none() {
        return new Devices();
    }

    /** Adds a device of which only the type is known. */
    public Devices with(Eui64 id, DeviceType type) {
        return with(DeviceFacts.of(id, type));
    }

    /** Adds a device. */
    public Devices with(DeviceFacts device) {
        devices.put(device.deviceId(), device);
        return this;
    }

    /** Removes a device. */
    public Devices without(Eui64 id) {
        devices.remove(id);
        return this;
    }

    @Override
    public Optional<DeviceFacts> find(Eui64 deviceId) {
        return Optional.ofNullable(devices.get(deviceId));
    }

    @Override
    public int size() {
        return devices.size();
    }
}
