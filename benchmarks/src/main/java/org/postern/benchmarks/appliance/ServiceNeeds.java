package org.postern.benchmarks.appliance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many of each operation one request of a service needs, and how large its documents are: the table
 * {@code operations.tsv} beside this class, which says what its columns mean.
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
    private static final int SIZES = 3;

    private final Map<String, Needs> rows = new TreeMap<>();

    private ServiceNeeds() {}

    /** @throws IllegalStateException where the table has no such form */
    static ServiceNeeds load() {
        ServiceNeeds needs = new ServiceNeeds();
        try (InputStream in = ServiceNeeds.class.getResourceAsStream(FILE);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            List<String> head = null;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("#") || line.isBlank()) {
                    continue;
                }
                List<String> cells = List.of(line.split("\t"));
                if (head == null) {
                    head = cells;
                } else {
                    needs.add(head, cells);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return needs;
    }

    private void add(List<String> head, List<String> cells) {
        if (cells.size() != head.size()) {
            throw new IllegalStateException(
                    FILE + ": " + cells.size() + " cells instead of " + head.size() + ": " + cells);
        }
        Map<Operation, Double> counts = new EnumMap<>(Operation.class);
        for (int i = 1; i < head.size() - SIZES; i++) {
            counts.put(Operation.of(head.get(i)), Double.valueOf(cells.get(i)));
        }
        List<Double> sizes = new ArrayList<>();
        cells.subList(head.size() - SIZES, head.size()).forEach(cell -> sizes.add(Double.valueOf(cell)));
        rows.put(cells.get(0), new Needs(counts, sizes.get(0), sizes.get(1), sizes.get(2)));
    }

    /**
     * What one request of a load needs in the mean.
     *
     * @throws IllegalArgumentException where the table does not have one of its services
     */
    Needs of(Load load) {
        Map<Operation, Double> counts = new EnumMap<>(Operation.class);
        double[] sizes = new double[SIZES];
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
