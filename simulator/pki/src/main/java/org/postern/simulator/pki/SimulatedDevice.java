package org.postern.simulator.pki;

import java.util.Objects;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.inventory.DeviceFacts;

/**
 * One device of the simulated population.
 *
 * @param deviceId EUI-64
 * @param type device type
 * @param variant single or twin element, three phases; single for anything but an ESME
 * @param premises number of its home, from 0
 * @param mpxn MPAN or MPRN of the meter, empty for devices without one
 */
public record SimulatedDevice(Eui64 deviceId, DeviceType type, DeviceFacts.Variant variant, int premises, String mpxn) {

    public SimulatedDevice {
        Objects.requireNonNull(deviceId, "deviceId");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(variant, "variant");
        Objects.requireNonNull(mpxn, "mpxn");
    }

    /**
     * True where the DCC still has the supplier's and the network operator's place, as before a handover (6.21): gas
     * proxies of every fourth home.
     */
    public boolean heldByDcc() {
        return type == DeviceType.GPF && premises % 4 == 1;
    }
}
