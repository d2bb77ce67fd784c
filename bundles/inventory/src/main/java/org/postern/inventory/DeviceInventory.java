package org.postern.inventory;

import java.util.Optional;
import org.postern.catalogue.Eui64;

/** The known devices. Thread-safe; a look-up never waits for a file. */
public interface DeviceInventory {

    /** Facts of the device; empty where the inventory does not list it. */
    Optional<DeviceFacts> find(Eui64 deviceId);

    /** Number of devices listed. */
    int size();

    /**
     * The path of the list of devices if it has not been found since the start; a device that is not listed may then
     * exist nevertheless. Empty when a list has been read; if the file is deleted later, the last list stays in use.
     */
    default Optional<String> missing() {
        return Optional.empty();
    }

    /**
     * The firmware images that may be activated; empty where no list is configured, in which case every image is
     * permitted.
     */
    default Optional<FirmwareList> firmware() {
        return Optional.empty();
    }

    /** Facts of the device, or {@link DeviceFacts#unknown(Eui64)} where the inventory does not list it. */
    default DeviceFacts factsOrUnknown(Eui64 deviceId) {
        return find(deviceId).orElseGet(() -> DeviceFacts.unknown(deviceId));
    }
}
