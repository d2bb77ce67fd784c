package org.postern.benchmarks.appliance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.postern.testkitprocess.PosternProcess;

/** CPU time of each operation by itself: the least of several processes that did nothing else. */
final class Floors {

    private final Map<Operation, Double> micros = new EnumMap<>(Operation.class);

    /** @param micros CPU microseconds of one operation */
    Floors(Map<Operation, Double> micros) {
        this.micros.putAll(micros);
    }

    /**
     * Measures each.
     *
     * @param pki     folder with the keys for TLS
     * @param work    folder for what is written
     * @param needs   says how large the documents are
     * @param rounds  processes for each operation, one after another
     * @param seconds that each of them measures, after as long a warm-up
     */
    static Floors measure(Path pki, Path work, ServiceNeeds.Needs needs, int rounds, double seconds) throws IOException, InterruptedException {
        Map<Operation, Double> least = new EnumMap<>(Operation.class);
        for (int round = 0; round < rounds; round++) {
            for (Operation operation : Operation.values()) {
                for (String way : operation.ways()) {
                    least.merge(operation, one(operation, way, pki, work.resolve("floor-" + operation.word() + way + "-" + round), needs, seconds),
                            Math::min);
                }
            }
        }
        return new Floors(least);
    }

    private static double one(Operation operation, String way, Path pki, Path work, ServiceNeeds.Needs needs, double seconds)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-cp",
                System.getProperty("java.class.path"), FloorProcess.class.getName(), operation.word(), pki.toString(), work.toString(),
                Double.toString(seconds), Long.toString(Math.round(needs.sentBytes())), Long.toString(Math.round(needs.answerBytes())),
                Long.toString(Math.round(needs.keptBytes())), way));
        PosternProcess.delete(work);
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("the floor of " + operation.word() + " was not measured: " + said);
        }
        PosternProcess.delete(work);
        return Double.parseDouble(said.lines().reduce((first, last) -> last).orElseThrow());
    }

    double micros(Operation operation) {
        return micros.get(operation);
    }

    /** Milliseconds of CPU that a request of those needs costs at least; an operation that is not wanted is left out. */
    double millis(ServiceNeeds.Needs needs, boolean withHandIn) {
        return needs.counts().entrySet().stream().filter(need -> withHandIn || need.getKey() != Operation.HTTP_SERVER)
                .mapToDouble(need -> need.getValue() * micros.get(need.getKey())).sum() / 1000;
    }

    /** The table of one load: each operation, what it costs, how many a request needs, and the product. */
    String table(Load load, ServiceNeeds.Needs needs) {
        StringBuilder table = new StringBuilder(String.format(Locale.ROOT, "floors of %s: %.0f bytes sent, %.0f answered, %.0f kept%n", load.name(),
                needs.sentBytes(), needs.answerBytes(), needs.keptBytes()));
        needs.counts().forEach((operation, count) -> table.append(String.format(Locale.ROOT, "  %-44s %8.1f us x %4.1f = %8.1f us%n", operation.title(),
                micros.get(operation), count, micros.get(operation) * count)));
        return table.append(String.format(Locale.ROOT, "  %-44s %31.1f us; without the hand-in by HTTP %.1f us", "sum", millis(needs, true) * 1000,
                millis(needs, false) * 1000)).toString();
    }
}
