package org.postern.benchmarks.appliance;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.UserRole;
import org.postern.simulator.examples.SupplierRequest;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatedDevice;

/**
 * The requests of a load, one after another: services by their shares, devices in turn. Their JSON forms are made once,
 * so that the driver spends its time on nothing but handing in.
 */
final class Requests {

    private final List<List<byte[]>> bodies = new ArrayList<>();
    private long next;

    Requests(Load load, Population population) {
        for (String service : load.cycle()) {
            List<byte[]> ofService = new ArrayList<>();
            for (SimulatedDevice device : population.devices(DeviceType.ESME)) {
                ofService.add(new SupplierRequest("", service, UserRole.IS, device)
                        .json()
                        .getBytes(StandardCharsets.UTF_8));
            }
            bodies.add(ofService);
        }
    }

    private Requests(List<byte[]> ofOneKind) {
        bodies.add(ofOneKind);
    }

    /** Top-ups of a pound, meter by meter. */
    static Requests topUps(Population population) {
        return new Requests(population.devices(DeviceType.ESME).stream()
                .map(device -> ("{\"device\":\"" + device.deviceId().dashed()
                                + "\",\"role\":\"IS\",\"topUp\":{\"pence\":100}}")
                        .getBytes(StandardCharsets.UTF_8))
                .toList());
    }

    /** The JSON form of the next one. */
    byte[] next() {
        List<byte[]> ofService = bodies.get((int) (next % bodies.size()));
        byte[] body = ofService.get((int) (next / bodies.size() % ofService.size()));
        next++;
        return body;
    }
}
