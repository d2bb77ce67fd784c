package org.postern.benchmarks.appliance;

import java.util.Locale;

/**
 * What lay between two readings, for each request that had its result in it.
 *
 * @param requests how many
 * @param seconds how long it was
 * @param applianceMillis CPU of the appliance for each request
 * @param kernelMillis of it inside the kernel
 * @param simulatorMillis CPU of the simulated DCC for each
 * @param driverMillis CPU of the driver for each
 * @param othersShare part (0 to 1) of the machine that other processes had
 */
record Window(
        long requests,
        double seconds,
        double applianceMillis,
        double kernelMillis,
        double simulatorMillis,
        double driverMillis,
        double othersShare) {

    /** @throws IllegalArgumentException where no request had its result in it */
    static Window between(Reading from, Reading to) {
        long requests = to.finished() - from.finished();
        if (requests <= 0) {
            throw new IllegalArgumentException(
                    "no request was finished in " + (to.nanos() - from.nanos()) / 1_000_000 + " ms");
        }
        CpuTime appliance = to.appliance().since(from.appliance());
        double simulator = to.simulator().since(from.simulator()).millis();
        double driver = to.driver().since(from.driver()).millis();
        MachineTime machine = to.machine().since(from.machine());
        double others = machine.busyMillis() - appliance.millis() - simulator - driver;
        return new Window(
                requests,
                (to.nanos() - from.nanos()) / 1e9,
                appliance.millis() / (double) requests,
                appliance.kernelMillis() / (double) requests,
                simulator / requests,
                driver / requests,
                machine.totalMillis() == 0 ? 0 : Math.max(0, others / machine.totalMillis()));
    }

    double perSecond() {
        return requests / seconds;
    }

    /** CPU of all three for each request. */
    double allMillis() {
        return applianceMillis + simulatorMillis + driverMillis;
    }

    String line() {
        return String.format(
                Locale.ROOT,
                "%6d requests in %5.1f s (%5.0f/s)  appliance %6.3f (kernel %5.3f)  simulator %6.3f  driver %6.3f ms each"
                        + "  other processes %2.0f %%",
                requests,
                seconds,
                perSecond(),
                applianceMillis,
                kernelMillis,
                simulatorMillis,
                driverMillis,
                othersShare * 100);
    }
}
