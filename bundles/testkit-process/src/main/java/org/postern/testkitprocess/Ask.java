package org.postern.testkitprocess;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.UserRole;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatedDevice;

/**
 * One request that a supplier hands in.
 *
 * @param correlation the supplier's own name for it, the same at every try
 * @param service Service Reference Variant
 * @param role User Role
 * @param device the device asked, or about which the DCC is asked
 */
public record Ask(String correlation, String service, UserRole role, SimulatedDevice device) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The JSON form. */
    public String json() {
        ObjectNode request = JSON.createObjectNode().put("service", service).put("role", role.name());
        if (service.equals("8.2")) {
            request.putObject("body").put("DeviceID", device.deviceId().dashed());
        } else {
            request.put("device", device.deviceId().dashed());
        }
        return request.toString();
    }

    /** That many of all services, in an order that the seed decides. */
    public static List<Ask> mix(String name, int count, Population population, Random random) {
        List<Ask> asks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String correlation = name + "-" + i;
            switch (random.nextInt(10)) {
                case 0, 1, 2 ->
                    asks.add(new Ask(correlation, "4.1.1", UserRole.IS, any(population, DeviceType.ESME, random)));
                case 3, 4 ->
                    asks.add(new Ask(correlation, "4.1.1", UserRole.GS, any(population, DeviceType.GPF, random)));
                case 5 -> asks.add(new Ask(correlation, "11.2", UserRole.IS, any(population, DeviceType.ESME, random)));
                case 6 -> asks.add(new Ask(correlation, "11.2", UserRole.GS, any(population, DeviceType.GSME, random)));
                case 7, 8 ->
                    asks.add(new Ask(correlation, "7.1", UserRole.IS, any(population, DeviceType.ESME, random)));
                default -> asks.add(new Ask(correlation, "8.2", UserRole.IS, any(population, DeviceType.ESME, random)));
            }
        }
        return asks;
    }

    private static SimulatedDevice any(Population population, DeviceType type, Random random) {
        List<SimulatedDevice> devices = population.devices(type);
        return devices.get(random.nextInt(devices.size()));
    }
}
