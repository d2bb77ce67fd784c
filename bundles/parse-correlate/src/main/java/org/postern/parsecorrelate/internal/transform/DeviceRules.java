package org.postern.parsecorrelate.internal.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.inventory.DeviceFacts;

/** The facts of the inventory that the rules use, with the defaults for facts that the inventory does not have. */
final class DeviceRules {

    private DeviceRules() {}

    /**
     * The attribute {@code target} (GSME or GPF) if the inventory has it, otherwise the device type; empty if it has
     * neither.
     */
    static List<String> types(DeviceFacts device) {
        return Stream.concat(fact(device, "target").stream(), device.deviceType().map(DeviceType::name).stream())
                .distinct()
                .toList();
    }

    /**
     * The variant of the meter; single-element if the inventory does not state it (no Service Request of DUIS states a
     * meter's variant).
     */
    static String variant(DeviceFacts device) {
        return device.variant().name().toLowerCase(java.util.Locale.ROOT);
    }

    /**
     * Every combination of device facts that the rules distinguish, without facts that have an unlimited number of
     * values.
     */
    static List<DeviceFacts> possible(Eui64 device) {
        List<DeviceFacts> all = new ArrayList<>();
        for (DeviceFacts.Variant variant : DeviceFacts.Variant.values()) {
            for (Map<String, String> attributes :
                    List.of(Map.<String, String>of(), Map.of("originatorRole", "NetworkOperator"))) {
                all.add(new DeviceFacts(device, Optional.empty(), variant, attributes));
            }
        }
        return all;
    }

    static Optional<String> fact(DeviceFacts device, String key) {
        return Optional.ofNullable(device.attributes().get(key)).filter(value -> !value.isBlank());
    }
}
