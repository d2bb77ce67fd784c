package org.postern.parsecorrelate.internal.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.inventory.DeviceFacts;

/** Readings of the inventory that the rules use; where the inventory may be silent, the default is given here. */
final class DeviceRules {

    private DeviceRules() {}

    /** {@code target} (GSME or GPF) where given, then the type; empty where the inventory knows neither. */
    static List<String> types(DeviceFacts device) {
        return Stream.concat(fact(device, "target").stream(), device.deviceType().map(DeviceType::name).stream())
                .distinct()
                .toList();
    }

    /**
     * A meter is taken as single-element unless the inventory says otherwise (no Service Request of DUIS tells a
     * meter's variant).
     */
    static String variant(DeviceFacts device) {
        return device.variant().name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Every device that the rules tell from others without a fact that has no end of values. */
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
