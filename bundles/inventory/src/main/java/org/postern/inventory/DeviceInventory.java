package org.postern.inventory;

import java.util.Optional;
import org.postern.catalogue.Eui64;

/** What we know of devices. Safe between threads; a look-up never waits for a file. */
public interface DeviceInventory {

    /** Facts of the device; empty where the inventory does not list it. */
    Optional<DeviceFacts> find(Eui64 deviceId);

    /** Number of devices listed. */
    int size();

    /**
     * Where the list of devices is expected and was never found since the start: what is not listed then is not known
     * to be absent. Empty once a list was read; one that goes missing later stays in use as it was.
     */
    default Optional<String> missing() {
        return Optional.empty();
    }

    /** The firmware images that may be activated; empty where no list is kept, and then any may. */
    default Optional<FirmwareList> firmware() {
        return Optional.empty();
    }

    /** Facts of the device, or {@link DeviceFacts#unknown(Eui64)} where the inventory does not list it. */
    default DeviceFacts factsOrUnknown(Eui64 deviceId) {
        return find(deviceId).orElseGet(() -> DeviceFacts.unknown(deviceId));
    }
}
