package org.postern.benchmarks.appliance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * The result of one load on one stand.
 *
 * @param series its windows
 * @param ledgerBytes of the ledger on disk for each request
 * @param processors of this machine
 */
record Result(Series series, double ledgerBytes, int processors) {

    /**
     * Adds the figures.
     *
     * @param floorsMillis null where they were not measured
     */
    ObjectNode json(ObjectNode node, Double floorsMillis) {
        double appliance = series.median(Window::applianceMillis);
        node.put("applianceCpuMillis", rounded(appliance, 3));
        if (floorsMillis != null) {
            node.put("floorsCpuMillis", rounded(floorsMillis, 3)).put("ratio", rounded(appliance / floorsMillis, 2));
        }
        return node.put("requestsPerSecond", rounded(series.perSecondOf(processors), 0))
                .put("requestsPerSecondMeasured", rounded(series.median(Window::perSecond), 0))
                .put("requestsPerSecondAlone", rounded(series.alonePerSecondOf(processors), 0))
                .put("ledgerBytesPerRequest", rounded(ledgerBytes, 0))
                .put("kernelCpuMillis", rounded(series.median(Window::kernelMillis), 3))
                .put("simulatorCpuMillis", rounded(series.median(Window::simulatorMillis), 3))
                .put("driverCpuMillis", rounded(series.median(Window::driverMillis), 3))
                .put("spread", rounded(series.spread(), 2))
                .put("processors", processors)
                .put("windows", series.size())
                .put("requests", series.requests())
                .put("otherProcesses", rounded(series.median(Window::othersShare), 2));
    }

    /**
     * Adds what the second takes of the first's: its throughput as a part of the first's, by the clock and by CPU time,
     * and its CPU.
     */
    static ObjectNode compared(Result first, Result second, ObjectNode node) {
        return node.put(
                        "throughputRatio",
                        rounded(second.series.median(Window::perSecond) / first.series.median(Window::perSecond), 3))
                .put("throughputRatioByCpu", rounded(second.series.perSecondOf(1) / first.series.perSecondOf(1), 3))
                .put(
                        "applianceCpuRatio",
                        rounded(
                                second.series.median(Window::applianceMillis)
                                        / first.series.median(Window::applianceMillis),
                                3));
    }

    private static BigDecimal rounded(double value, int places) {
        return BigDecimal.valueOf(value).setScale(places, RoundingMode.HALF_UP);
    }
}
