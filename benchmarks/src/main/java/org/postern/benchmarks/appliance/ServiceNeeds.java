package org.postern.benchmarks.appliance;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.postern.catalogue.Table;

/**
 * How many of each operation one request of a service needs, and how large its documents are: the table
 * {@code operations.tsv} beside this class, which explains its columns.
 */
final class ServiceNeeds {

    /**
     * One row, or the mean of several.
     *
     * @param counts how many of each operation
     * @param sentBytes of the largest document that is sent for it
     * @param answerBytes of the largest that comes back
     * @param keptBytes of all that is evidence, uncompressed
     */
    record Needs(Map<Operation, Double> counts, double sentBytes, double answerBytes, double keptBytes) {}

    private static final String FILE = "operations.tsv";
    private static final String SERVICE = "service";
    private static final List<String> SIZES = List.of("sentBytes", "answerBytes", "keptBytes");
    private static final int MAX_COUNT = 99;
    private static final int MAX_BYTES = 999_999_999;

    private final Map<String, Needs> rows = new TreeMap<>();

    private ServiceNeeds() {}

    /** The table of this bundle. */
    static ServiceNeeds load() {
        ServiceNeeds needs = new ServiceNeeds();
        List<String> columns = new ArrayList<>(List.of(SERVICE));
        for (Operation operation : Operation.values()) {
            columns.add(operation.word());
        }
        columns.addAll(SIZES);
        Table.resource(ServiceNeeds.class, FILE, columns.toArray(new String[0]))
                .rows()
                .forEach(needs::add);
        return needs;
    }

    private void add(Table.Row row) {
        Map<Operation, Double> counts = new EnumMap<>(Operation.class);
        for (Operation operation : Operation.values()) {
            counts.put(operation, (double) row.number(operation.word(), 0, MAX_COUNT));
        }
        List<Double> sizes = SIZES.stream()
                .map(size -> (double) row.number(size, 0, MAX_BYTES))
                .toList();
        rows.put(row.text(SERVICE), new Needs(counts, sizes.get(0), sizes.get(1), sizes.get(2)));
    }

    /**
     * What one request of a load needs in the mean.
     *
     * @throws IllegalArgumentException where the table does not have one of its services
     */
    Needs of(Load load) {
        Map<Operation, Double> counts = new EnumMap<>(Operation.class);
        double[] sizes = new double[SIZES.size()];
        load.shares().forEach((service, share) -> {
            Needs row = rows.get(service);
            if (row == null) {
                throw new IllegalArgumentException(FILE + " has no service " + service + ", only " + rows.keySet());
            }
            double part = share / (double) Load.WHOLE;
            row.counts().forEach((operation, count) -> counts.merge(operation, count * part, Double::sum));
            sizes[0] += row.sentBytes() * part;
            sizes[1] += row.answerBytes() * part;
            sizes[2] += row.keptBytes() * part;
        });
        return new Needs(counts, sizes[0], sizes[1], sizes[2]);
    }

    /** Services of the table. */
    List<String> services() {
        return List.copyOf(rows.keySet());
    }
}
