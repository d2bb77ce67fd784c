package org.postern.benchmarks.appliance;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Windows of one load on one stand, one after another. */
final class Series {

    /** Windows whose spread shows whether the state is steady. */
    static final int LOOKED_AT = 3;
    /** Appliance CPU per request of these may differ so much, from the least to the most, and count as steady. */
    static final double STEADY = 0.10;

    private final List<Window> windows = new ArrayList<>();

    void add(Window window) {
        windows.add(window);
    }

    int size() {
        return windows.size();
    }

    /** Whether the last windows differ by no more than {@link #STEADY}. */
    boolean steady() {
        return windows.size() >= LOOKED_AT
                && spread(windows.subList(windows.size() - LOOKED_AT, windows.size())) <= STEADY;
    }

    /** (most - least) / least of the appliance's CPU per request. */
    double spread() {
        return spread(windows);
    }

    private static double spread(List<Window> some) {
        double least = some.stream().mapToDouble(Window::applianceMillis).min().orElseThrow();
        return some.stream().mapToDouble(Window::applianceMillis).max().orElseThrow() / least - 1;
    }

    /** The middle value over the windows of what the function reads from each. */
    double median(ToDoubleFunction<Window> what) {
        return median(windows.stream().map(what::applyAsDouble).toList());
    }

    /** The middle value; of an even number, the mean of the two in the middle. */
    static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    long requests() {
        return windows.stream().mapToLong(Window::requests).sum();
    }

    /** Requests a second if the machine did nothing else, by the CPU time of all three processes. */
    double perSecondOf(int processors) {
        return processors * 1000 / median(Window::allMillis);
    }

    /** The same if driver and simulator were elsewhere. */
    double alonePerSecondOf(int processors) {
        return processors * 1000 / median(Window::applianceMillis);
    }

    String line(int processors) {
        return String.format(
                Locale.ROOT,
                "median of %d windows, %d requests: appliance %.3f (kernel %.3f), simulator %.3f, driver %.3f ms CPU each;"
                        + " spread %.0f %%; measured %.0f/s; by CPU time %.0f/s on %d processors with simulator and driver, %.0f/s without",
                size(),
                requests(),
                median(Window::applianceMillis),
                median(Window::kernelMillis),
                median(Window::simulatorMillis),
                median(Window::driverMillis),
                spread() * 100,
                median(Window::perSecond),
                perSecondOf(processors),
                processors,
                alonePerSecondOf(processors));
    }
}
