package org.postern.parsecorrelate.internal.transform;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.postern.catalogue.DeviceType;
import org.postern.inventory.DeviceFacts;

/** Readings of the inventory that the rules use; where the inventory may be silent, the default is given here. */
final class DeviceRules {

    private DeviceRules() { }

    /** {@code target} (GSME or GPF) where given, then the type; empty where the inventory knows neither. */
    static List<String> types(DeviceFacts device) {
        return Stream.concat(fact(device, "target").stream(), device.deviceType().map(DeviceType::name).stream()).distinct().toList();
    }

    /** A meter is taken as single-element unless the inventory says otherwise (issue 4 item 8). */
    static String variant(DeviceFacts device) {
        return device.variant().name().toLowerCase(java.util.Locale.ROOT);
    }

    static Optional<String> fact(DeviceFacts device, String key) {
        return Optional.ofNullable(device.attributes().get(key)).filter(value -> !value.isBlank());
    }
}
