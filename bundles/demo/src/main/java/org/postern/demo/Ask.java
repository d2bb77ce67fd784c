package org.postern.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.UserRole;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatedDevice;

/**
 * One request of the demonstration.
 *
 * @param door where it is handed in
 * @param service Service Reference Variant
 * @param role User Role
 * @param device the device asked, or about which the DCC is asked
 */
record Ask(Door door, String service, UserRole role, SimulatedDevice device) {

    /** The three doors. */
    enum Door {
        JMS,
        HTTP,
        FILE
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The JSON form. */
    String json() {
        ObjectNode request = JSON.createObjectNode().put("service", service).put("role", role.name());
        if (service.equals("8.2")) {
            request.putObject("body").put("DeviceID", device.deviceId().dashed());
        } else {
            request.put("device", device.deviceId().dashed());
        }
        return request.toString();
    }

    /** A critical request that the meter carries out by itself at that time: payment by credit. */
    static String dated(SimulatedDevice meter, Instant time) {
        ObjectNode request = JSON.createObjectNode()
                .put("service", "1.6")
                .put("role", UserRole.IS.name())
                .put("device", meter.deviceId().dashed());
        request.putObject("body")
                .put("ExecutionDateTime", time.truncatedTo(ChronoUnit.SECONDS).toString())
                .putObject("Credit");
        return request.toString();
    }

    /** A top-up of that many pence. */
    static String topUp(SimulatedDevice meter, int pence) {
        ObjectNode request = JSON.createObjectNode()
                .put("service", "2.2")
                .put("role", UserRole.IS.name())
                .put("device", meter.deviceId().dashed());
        request.putObject("topUp").put("pence", pence);
        return request.toString();
    }

    /** All ordinary requests: every service over every door, spread over the population. */
    static List<Ask> plan(Population population) {
        List<Ask> plan = new ArrayList<>();
        int home = 0;
        for (Door door : Door.values()) {
            home = add(plan, door, "4.1.1", UserRole.IS, population.devices(DeviceType.ESME), 20, home);
            home = add(plan, door, "4.1.1", UserRole.ED, population.devices(DeviceType.ESME), 5, home);
            home = add(plan, door, "4.1.1", UserRole.GS, population.devices(DeviceType.GPF), 15, home);
            home = add(plan, door, "11.2", UserRole.IS, population.devices(DeviceType.ESME), 10, home);
            home = add(plan, door, "11.2", UserRole.GS, population.devices(DeviceType.GSME), 8, home);
            home = add(plan, door, "7.1", UserRole.IS, population.devices(DeviceType.ESME), 12, home);
            home = add(plan, door, "8.2", UserRole.IS, population.devices(DeviceType.ESME), 5, home);
        }
        return plan;
    }

    /** The first ESME is left out: it is kept for the request whose Pre-Command is altered. */
    private static int add(
            List<Ask> plan,
            Door door,
            String service,
            UserRole role,
            List<SimulatedDevice> devices,
            int count,
            int home) {
        for (int i = 0; i < count; i++) {
            plan.add(new Ask(door, service, role, devices.get(1 + (home + i) % (devices.size() - 1))));
        }
        return home + count;
    }
}
