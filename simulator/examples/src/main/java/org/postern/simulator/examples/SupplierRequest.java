package org.postern.simulator.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.UserRole;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatedDevice;

/**
 * One Service Request without parameters, as a supplier's system submits it in the JSON form: a reading (4.1.1), an
 * inventory query (8.2), a firmware version query (11.2) or the critical 7.1.
 *
 * @param correlation the supplier's own identifier of the request, the same at every attempt
 * @param service Service Reference Variant
 * @param role User Role
 * @param device the device that the request is for
 */
public record SupplierRequest(String correlation, String service, UserRole role, SimulatedDevice device) {

    /** The request in the JSON form. */
    public String json() {
        String id = device.deviceId().dashed();
        // 8.2 is for the DCC, which is queried about the device
        String target = service.equals("8.2") ? "\"body\":{\"DeviceID\":\"" + id + "\"}" : "\"device\":\"" + id + "\"";
        return "{\"service\":\"" + service + "\",\"role\":\"" + role.name() + "\"," + target + "}";
    }

    /**
     * A random mixture of requests.
     *
     * @param name the first part of every correlation id; the number of the request follows
     * @param random decides services and devices, so that the same seed gives the same requests
     */
    public static List<SupplierRequest> mix(String name, int count, Population population, Random random) {
        List<SupplierRequest> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String correlation = name + "-" + i;
            requests.add(
                    switch (random.nextInt(10)) {
                        case 0, 1, 2 -> any(correlation, "4.1.1", UserRole.IS, population, DeviceType.ESME, random);
                        case 3, 4 -> any(correlation, "4.1.1", UserRole.GS, population, DeviceType.GPF, random);
                        case 5 -> any(correlation, "11.2", UserRole.IS, population, DeviceType.ESME, random);
                        case 6 -> any(correlation, "11.2", UserRole.GS, population, DeviceType.GSME, random);
                        case 7, 8 -> any(correlation, "7.1", UserRole.IS, population, DeviceType.ESME, random);
                        default -> any(correlation, "8.2", UserRole.IS, population, DeviceType.ESME, random);
                    });
        }
        return requests;
    }

    private static SupplierRequest any(
            String correlation, String service, UserRole role, Population population, DeviceType type, Random random) {
        List<SimulatedDevice> devices = population.devices(type);
        return new SupplierRequest(correlation, service, role, devices.get(random.nextInt(devices.size())));
    }
}
