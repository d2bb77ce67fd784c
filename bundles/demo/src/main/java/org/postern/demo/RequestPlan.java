package org.postern.demo;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.UserRole;
import org.postern.simulator.examples.SupplierRequest;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatedDevice;

/** The requests of the demonstration. */
final class RequestPlan {

    /** The three interfaces of a supplier's system. */
    static final List<Channel> CHANNELS = List.of(Channel.JMS, Channel.HTTP, Channel.FILE);

    /**
     * One ordinary request, which is expected to be delivered.
     *
     * @param channel the interface by which it is submitted
     */
    record Planned(Channel channel, SupplierRequest request) {}

    private RequestPlan() {}

    /** The JSON form of a future-dated critical request (1.6): the meter switches to payment by credit at that time. */
    static String futureDated(SimulatedDevice meter, Instant time) {
        return "{\"service\":\"1.6\",\"role\":\"IS\",\"device\":\""
                + meter.deviceId().dashed() + "\",\"body\":{\"ExecutionDateTime\":\""
                + time.truncatedTo(ChronoUnit.SECONDS) + "\",\"Credit\":{}}}";
    }

    /** The JSON form of a top-up (2.2). */
    static String topUp(SimulatedDevice meter, int pence) {
        return "{\"service\":\"2.2\",\"role\":\"IS\",\"device\":\""
                + meter.deviceId().dashed() + "\",\"topUp\":{\"pence\":" + pence + "}}";
    }

    /** All ordinary requests: every service by every interface, spread over the population. */
    static List<Planned> ordinary(Population population) {
        List<Planned> plan = new ArrayList<>();
        for (Channel channel : CHANNELS) {
            add(plan, channel, "4.1.1", UserRole.IS, population.devices(DeviceType.ESME), 20);
            add(plan, channel, "4.1.1", UserRole.ED, population.devices(DeviceType.ESME), 5);
            add(plan, channel, "4.1.1", UserRole.GS, population.devices(DeviceType.GPF), 15);
            add(plan, channel, "11.2", UserRole.IS, population.devices(DeviceType.ESME), 10);
            add(plan, channel, "11.2", UserRole.GS, population.devices(DeviceType.GSME), 8);
            add(plan, channel, "7.1", UserRole.IS, population.devices(DeviceType.ESME), 12);
            add(plan, channel, "8.2", UserRole.IS, population.devices(DeviceType.ESME), 5);
        }
        return plan;
    }

    /** Leaves out the first device: the first ESME is used for the request whose Pre-Command is altered. */
    private static void add(
            List<Planned> plan,
            Channel channel,
            String service,
            UserRole role,
            List<SimulatedDevice> devices,
            int count) {
        for (int i = 0; i < count; i++) {
            int number = plan.size();
            SimulatedDevice device = devices.get(1 + number % (devices.size() - 1));
            plan.add(new Planned(channel, new SupplierRequest("demo-" + number, service, role, device)));
        }
    }
}
