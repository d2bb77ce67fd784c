package org.postern.parsecorrelate.internal.transform;

import java.util.Optional;
import org.postern.catalogue.DeviceType;
import org.postern.inventory.DeviceFacts;

/** Readings of the inventory that the rules use; where the inventory may be silent, the default is given here. */
final class DeviceRules {

    private DeviceRules() { }

    /** {@code target} (GSME or GPF) where given, else the type; empty where the inventory does not know the device. */
    static String type(DeviceFacts device) {
        Optional<String> target = fact(device, "target");
        if (target.isPresent()) {
            return target.get();
        }
        return device == null ? "" : device.deviceType().map(DeviceType::name).orElse("");
    }

    /** A meter is taken as single-element unless the inventory says otherwise (issue 4 item 8). */
    static String variant(DeviceFacts device) {
        return device == null ? "single" : device.variant().name().toLowerCase(java.util.Locale.ROOT);
    }

    static Optional<String> fact(DeviceFacts device, String key) {
        return device == null ? Optional.empty() : Optional.ofNullable(device.attributes().get(key)).filter(value -> !value.isBlank());
    }
}
