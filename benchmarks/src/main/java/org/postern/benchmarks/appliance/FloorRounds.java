package org.postern.benchmarks.appliance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postern.testkitprocess.PosternProcess;

/**
 * Measures the floors in rounds that are spread over the windows of the first load, so that they meet the machine as
 * the windows do: each operation by a process that does nothing else, while nothing is handed in. The median of the
 * rounds counts, and the cheapest way.
 */
final class FloorRounds implements Measuring.Between {

    private final Path pki;
    private final Path work;
    private final ServiceNeeds.Needs needs;
    private final int rounds;
    private final double seconds;
    private final Map<Operation, Map<String, List<Double>>> micros = new EnumMap<>(Operation.class);
    private int done;

    /**
     * @param pki folder with the keys for TLS
     * @param work folder for what is written
     * @param needs sizes of the documents
     * @param rounds processes for each operation
     * @param seconds of CPU that each of them measures, after as long a warm-up
     */
    FloorRounds(Path pki, Path work, ServiceNeeds.Needs needs, int rounds, double seconds) {
        this.pki = pki;
        this.work = work;
        this.needs = needs;
        this.rounds = rounds;
        this.seconds = seconds;
    }

    /** As many rounds as fall on so many of all windows. */
    @Override
    public void after(int windows, int all) throws IOException, InterruptedException {
        while (done < rounds * windows / all) {
            round();
        }
    }

    private void round() throws IOException, InterruptedException {
        for (Operation operation : Operation.values()) {
            for (String way : operation.ways()) {
                double one = one(operation, way, work.resolve("floor-" + operation.word() + way + "-" + done));
                micros.computeIfAbsent(operation, o -> new LinkedHashMap<>())
                        .computeIfAbsent(way, w -> new ArrayList<>())
                        .add(one);
            }
        }
        done++;
        System.out.println("floors measured, round " + done + " of " + rounds);
    }

    /** What they came to. */
    Floors floors() {
        Map<Operation, Double> floors = new EnumMap<>(Operation.class);
        micros.forEach((operation, ways) -> floors.put(
                operation,
                ways.values().stream().mapToDouble(Series::median).min().orElseThrow()));
        return new Floors(floors);
    }

    private double one(Operation operation, String way, Path folder) throws IOException, InterruptedException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                FloorProcess.class.getName(),
                operation.word(),
                pki.toString(),
                folder.toString(),
                Double.toString(seconds),
                Long.toString(Math.round(needs.sentBytes())),
                Long.toString(Math.round(needs.answerBytes())),
                Long.toString(Math.round(needs.keptBytes())),
                way);
        PosternProcess.delete(folder);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("the floor of " + operation.word() + " was not measured: " + said);
        }
        PosternProcess.delete(folder);
        return Double.parseDouble(said.lines().reduce((first, last) -> last).orElseThrow());
    }
}
