package org.postern.simulator.examples;

import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.UserRole;
import org.postern.inventory.DeviceFacts;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatedDevice;

/**
 * One row of the table of example requests, see {@link ExampleRequests}.
 *
 * @param name unique, for people
 * @param service Service Reference Variant
 * @param role User Role that sends it; empty where no role of DUIS 5.4 may
 * @param deviceType type of the device that it is addressed to
 * @param variant kind of electricity meter; {@link DeviceFacts.Variant#SINGLE} for anything else
 * @param execution when it is to be carried out
 * @param useCase GBCS use case of it, for example {@code ECS42}
 * @param code GBCS message code of that use case, 0 to FFFF
 * @param attributes what the device inventory must say beside type and variant: {@code key=value} joined by {@code ;},
 *     with placeholders; empty for nothing
 * @param alteration one field of its Pre-Command in the words of the fault {@code alter-pre-command}; empty where the
 *     service is not critical
 * @param body request element as XML, with placeholders and without ExecutionDateTime
 */
public record ExampleRequest(
        String name,
        String service,
        Optional<UserRole> role,
        DeviceType deviceType,
        DeviceFacts.Variant variant,
        Execution execution,
        String useCase,
        int code,
        String attributes,
        String alteration,
        String body) {

    /** When a request is to be carried out. */
    public enum Execution {
        /** At once: no ExecutionDateTime. */
        NOW,
        /** At a time to come. */
        DATED,
        /** It cancels a future-dated request: the same request with the time that stands for never. */
        CANCEL
    }

    private static final String HANDOVER = "6.21";
    /** The text in braces: a name, and after a colon a kind of certificate. */
    static final Pattern PLACEHOLDER = Pattern.compile("\\{([A-Za-z-]+)(?::([a-z-]+))?(?:\\+(PT?[0-9DHMS]+))?}");

    public ExampleRequest {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(deviceType, "deviceType");
        Objects.requireNonNull(variant, "variant");
        Objects.requireNonNull(execution, "execution");
        Objects.requireNonNull(useCase, "useCase");
        Objects.requireNonNull(attributes, "attributes");
        Objects.requireNonNull(alteration, "alteration");
        Objects.requireNonNull(body, "body");
    }

    /** True where there is a Pre-Command, which can be altered. */
    public boolean critical() {
        return !alteration.isEmpty();
    }

    /** Types of device that must be in the same home, because the request names them. */
    public Set<DeviceType> companions() {
        Set<DeviceType> types = EnumSet.noneOf(DeviceType.class);
        Matcher matcher = PLACEHOLDER.matcher(body + attributes);
        while (matcher.find()) {
            companion(matcher.group(1)).ifPresent(types::add);
        }
        return types;
    }

    static Optional<DeviceType> companion(String placeholder) {
        for (DeviceType type : DeviceType.values()) {
            if (type.name().equals(placeholder)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** True where it can be addressed to that device: type, kind and holder are right, and its home has the others. */
    public boolean fits(SimulatedDevice device, Population population) {
        return device.type() == deviceType
                && (deviceType != DeviceType.ESME || device.variant() == variant)
                && device.heldByDcc() == service.equals(HANDOVER)
                && companions().stream()
                        .allMatch(type ->
                                population.home(device.premises()).stream().anyMatch(d -> d.type() == type));
    }
}
