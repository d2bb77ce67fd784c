package org.postern.simulator.devices.internal.electricity;

import java.time.Instant;
import org.postern.catalogue.Eui64;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsDateTime;
import org.postern.inventory.DeviceFacts;
import org.postern.simulator.devices.internal.measure.Consumption;
import org.postern.simulator.devices.internal.state.DeviceState;
import org.postern.simulator.devices.internal.tariff.TariffRegisters;
import org.postern.simulator.pki.SimulatedDevice;

/**
 * What is asked of an electricity meter or another COSEM device, and all that the answer is made of.
 *
 * @param meter the device
 * @param state what it remembers
 * @param settings what it is set to
 * @param now the time
 * @param from beginning of the period asked for; the start of all time where none is
 * @param to its end, itself inside
 */
public record ElectricityRead(
        DeviceState meter, ElectricityState state, CosemSettings settings, Instant now, Instant from, Instant to) {

    /** Which device it is. */
    public SimulatedDevice device() {
        return meter.device();
    }

    /** True for a meter with two elements. */
    public boolean twin() {
        return device().variant() == DeviceFacts.Variant.TWIN;
    }

    /** The tariff registers of the primary element (0) or the secondary (1). */
    public TariffRegisters registers(int element) {
        return state.registers(settings, meter.consumption(), element);
    }

    /** A device of the same home that is in no list of the simulator: a switch, or one that left. */
    public Eui64 neighbour(int number) {
        return new Eui64(device().deviceId().value() & 0xFFFF_FFFF_00FF_FFFFL | 0xD000_0000L | (long) number << 24);
    }

    /** The eight bytes of a device's id. */
    public static Bytes eui(Eui64 id) {
        return Bytes.of(id.toBytes());
    }

    /** What the device measures. */
    public Consumption uses() {
        return meter.consumption();
    }

    /** True where the instant is inside the period and not in the future. */
    public boolean wants(Instant time) {
        return !time.isBefore(from) && !time.isAfter(to) && !time.isAfter(now);
    }

    /** The end of the period, or now where that is earlier. */
    Instant end() {
        return to.isBefore(now) ? to : now;
    }

    /** The same for another period. */
    public ElectricityRead during(Instant begin, Instant end) {
        return new ElectricityRead(meter, state, settings, now, begin, end);
    }

    /** Seconds since 2000. */
    public static long seconds(Instant time) {
        return time.getEpochSecond() - DlmsDateTime.EPOCH_2000;
    }
}
