package org.postern.benchmarks.appliance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * How long a top-up takes, from its order to the delivery of the meter's answer, with and without a flood of reads; in
 * turn, in one run.
 */
@Command(
        name = "flood",
        mixinStandardHelpOptions = true,
        description = "Top-ups with and without a flood of reads. The last line is JSON.")
public final class FloodBenchmark implements Callable<Integer> {

    /**
     * Of one round, milliseconds.
     *
     * @param p50 to the delivery, half of them within it
     * @param p99 99 of a hundred
     * @param digits to the digits, 99 of a hundred
     * @param busy of the machine's processors, as a part of one
     * @param topUps how many there were
     */
    private record Round(double p50, double p99, double digits, double busy, long topUps) {}

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Load READS = Load.only("4.1.1");

    @Mixin
    private final StandOptions options = new StandOptions();

    @Option(
            names = "--callers",
            defaultValue = "32",
            description = "Reads between hand-in and result (default ${DEFAULT-VALUE}).")
    private int callers;

    @Option(names = "--tills", defaultValue = "2", description = "Top-ups at the same time (default ${DEFAULT-VALUE}).")
    private int tills;

    @Option(names = "--rounds", defaultValue = "5", description = "With and without, each (default ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "20", description = "Of each round (default ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--warm-up",
            defaultValue = "90",
            description = "Seconds of both before the first round (default ${DEFAULT-VALUE}).")
    private int warmUp;

    /** Exit codes: 0 measured, 1 not, 2 wrong usage. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new FloodBenchmark()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        try (options) {
            Stand stand = options.start("http");
            round(stand, callers, warmUp);
            List<Double> without = new ArrayList<>();
            List<Double> with = new ArrayList<>();
            List<Double> digitsWithout = new ArrayList<>();
            List<Double> digitsWith = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                Round quiet = round(stand, 0, seconds);
                Round flooded = round(stand, callers, seconds);
                without.add(quiet.p99());
                with.add(flooded.p99());
                digitsWithout.add(quiet.digits());
                digitsWith.add(flooded.digits());
            }
            options.close();
            options.delete();
            System.out.println(JSON.createObjectNode()
                    .put("topUpP99Millis", Series.median(without))
                    .put("topUpP99MillisUnderFlood", Series.median(with))
                    .put("ratio", Math.round(Series.median(with) / Series.median(without) * 100) / 100.0)
                    .put("digitsP99Millis", Series.median(digitsWithout))
                    .put("digitsP99MillisUnderFlood", Series.median(digitsWith)));
        }
        return 0;
    }

    private Round round(Stand stand, int reads, int time) throws IOException, InterruptedException {
        if (reads > 0) {
            stand.load(READS, reads);
        }
        long before = stand.countTopUps().path("finished").asLong();
        MachineTime machine = MachineTime.now();
        long readsBefore = stand.count().path("finished").asLong();
        stand.topUps(tills);
        TimeUnit.SECONDS.sleep(time);
        JsonNode counts = stand.countTopUps();
        if (!counts.path("trouble").asText().isEmpty()) {
            throw new IOException(counts.path("trouble").asText());
        }
        long done = stand.count().path("finished").asLong() - readsBefore;
        MachineTime during = MachineTime.now().since(machine);
        stand.drain();
        Round round = new Round(
                counts.path("p50Micros").asDouble() / 1000,
                counts.path("p99Micros").asDouble() / 1000,
                counts.path("answerP99Micros").asDouble() / 1000,
                during.busyMillis() / (double) during.totalMillis(),
                counts.path("finished").asLong() - before);
        System.out.printf(
                Locale.ROOT,
                "%3d callers of reads (%4.0f/s, processors %3.0f %% busy): %5d top-ups, delivered 50 %% within %.0f ms, 99 %% within %.0f ms; digits 99 %% within %.0f ms%n",
                reads,
                done / (double) time,
                round.busy() * 100,
                round.topUps(),
                round.p50(),
                round.p99(),
                round.digits());
        return round;
    }
}
