package org.postern.simulator.devices.internal.measure;

import java.util.Map;
import org.postern.catalogue.DeviceType;
import org.postern.simulator.pki.SimulatedDevice;

/**
 * What goes through one meter: a function of the population's seed and the device. A gas meter and its proxy in the
 * same home measure the same.
 *
 * @param seed from which all else of the device follows
 * @param primary active energy imported (by the primary element), or gas
 * @param secondary active energy imported by the second element of a twin meter
 * @param reactive reactive energy imported
 * @param export active energy exported
 * @param reactiveExport reactive energy exported
 */
public record Consumption(
        long seed, Series primary, Series secondary, Series reactive, Series export, Series reactiveExport) {

    private static final Map<String, Series.Shape> SHAPES = Series.Shape.load();

    /** That of the device. */
    public static Consumption of(SimulatedDevice device, long seed) {
        boolean gas = gas(device.type());
        long own = gas
                ? SeededRandom.seed(SeededRandom.seed(seed, "gas"), device.premises())
                : SeededRandom.seed(seed, device.deviceId().value());
        return new Consumption(
                own,
                gas ? series(own, "gas-heating", 800_000, 900, 2600) : series(own, "household", 1_000_000, 6000, 8000),
                series(own, "storage-heating", 300_000, 3000, 6000),
                series(own, "reactive", 100_000, 600, 900),
                series(own, "solar", 50_000, 800, 6000),
                series(~own, "reactive", 5_000, 40, 120));
    }

    private static Series series(long seed, String shape, int base, int min, int more) {
        long own = SeededRandom.seed(seed, shape);
        return new Series(
                own,
                SHAPES.get(shape),
                base + SeededRandom.below(own, 1, 12 * base),
                min + SeededRandom.below(own, 2, more));
    }

    /** True for the devices that measure gas or show what a gas meter measured. */
    public static boolean gas(DeviceType type) {
        return type == DeviceType.GSME || type == DeviceType.GPF;
    }
}
