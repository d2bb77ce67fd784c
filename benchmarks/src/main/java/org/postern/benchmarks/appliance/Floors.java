package org.postern.benchmarks.appliance;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** CPU time of each operation by itself. */
final class Floors {

    private final Map<Operation, Double> micros = new EnumMap<>(Operation.class);

    /** @param micros CPU microseconds of one operation */
    Floors(Map<Operation, Double> micros) {
        this.micros.putAll(micros);
    }

    double micros(Operation operation) {
        return micros.get(operation);
    }

    /**
     * Milliseconds of CPU that a request of those needs costs at least; an operation that is not wanted is left out.
     */
    double millis(ServiceNeeds.Needs needs, boolean withHandIn) {
        return needs.counts().entrySet().stream()
                        .filter(need -> withHandIn || need.getKey() != Operation.HTTP_SERVER)
                        .mapToDouble(need -> need.getValue() * micros.get(need.getKey()))
                        .sum()
                / 1000;
    }

    /** The table of one load: each operation, what it costs, how many a request needs, and the product. */
    String table(Load load, ServiceNeeds.Needs needs) {
        StringBuilder table = new StringBuilder(String.format(
                Locale.ROOT,
                "floors of %s: %.0f bytes sent, %.0f answered, %.0f kept%n",
                load.name(),
                needs.sentBytes(),
                needs.answerBytes(),
                needs.keptBytes()));
        needs.counts()
                .forEach((operation, count) -> table.append(String.format(
                        Locale.ROOT,
                        "  %-44s %8.1f us x %4.1f = %8.1f us%n",
                        operation.title(),
                        micros.get(operation),
                        count,
                        micros.get(operation) * count)));
        return table.append(String.format(
                        Locale.ROOT,
                        "  %-44s %31.1f us; without the hand-in by HTTP %.1f us",
                        "sum",
                        millis(needs, true) * 1000,
                        millis(needs, false) * 1000))
                .toString();
    }
}
