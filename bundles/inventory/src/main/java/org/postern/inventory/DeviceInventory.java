package org.postern.inventory;

import java.util.Optional;
import org.postern.catalogue.Eui64;

/** What we know of devices. Safe between threads; a look-up never waits for a file. */
public interface DeviceInventory {

    /** Facts of the device; empty where the inventory does not list it. */
    Optional<DeviceFacts> find(Eui64 deviceId);

    /** Number of devices listed. */
    int size();

    /** The firmware images that may be activated; empty where no list is kept, and then any may. */
    default Optional<FirmwareList> firmware() {
        return Optional.empty();
    }

    /** Facts of the device, or {@link DeviceFacts#unknown(Eui64)} where the inventory does not list it. */
    default DeviceFacts factsOrUnknown(Eui64 deviceId) {
        return find(deviceId).orElseGet(() -> DeviceFacts.unknown(deviceId));
    }
}
