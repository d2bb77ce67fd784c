package org.postern.inventory;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;

/**
 * The facts about a device that a Service Request does not state but on which the transform of the request into a
 * Pre-Command depends.
 *
 * <p>Attribute keys: {@code joinMethod} (A, B or C), {@code otherDeviceType}, {@code otherDeviceCertificate} (base64
 * DER) for the join services; {@code target} (GSME or GPF) where a gas request may address either; {@code generation}
 * ({@code earlier} or {@code current}) where GBCS defines two generations of a command, optional;
 * {@code originatorRole} ({@code NetworkOperator} or {@code LoadController}) where a command depends on its sender,
 * optional.
 *
 * @param deviceId EUI-64 of the device
 * @param deviceType type of the device; empty where unknown
 * @param variant kind of electricity meter; {@link Variant#SINGLE} by default
 * @param attributes further facts by key; never null
 */
public record DeviceFacts(
        Eui64 deviceId, Optional<DeviceType> deviceType, Variant variant, Map<String, String> attributes) {

    /** Kinds of electricity meter that GBCS addresses differently. */
    public enum Variant {
        /** One measuring element. */
        SINGLE,
        /** Two measuring elements. */
        TWIN,
        /** Three phases. */
        POLYPHASE
    }

    /** Copies the attributes. */
    public DeviceFacts {
        Objects.requireNonNull(deviceId, "deviceId");
        Objects.requireNonNull(deviceType, "deviceType");
        Objects.requireNonNull(variant, "variant");
        attributes = Map.copyOf(attributes);
    }

    /** A device of which only the identifier is known. */
    public static DeviceFacts unknown(Eui64 deviceId) {
        return new DeviceFacts(deviceId, Optional.empty(), Variant.SINGLE, Map.of());
    }

    /** A device of this type without further facts. */
    public static DeviceFacts of(Eui64 deviceId, DeviceType deviceType) {
        return new DeviceFacts(deviceId, Optional.of(deviceType), Variant.SINGLE, Map.of());
    }
}
