package org.postern.benchmarks.appliance;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * How long the appliance takes from its start until it is ready, the first time and later, and how much memory it
 * occupies at rest.
 */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description = "Start to ready, and memory at rest. The last line is JSON.")
public final class StartBenchmark implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DOOR = "http";
    private static final int IN_FLIGHT = 96;
    private static final long POLL_MILLIS = 200;

    @Mixin
    private final StandOptions options = new StandOptions();

    @Option(names = "--starts", defaultValue = "7", description = "Starts after the first (default ${DEFAULT-VALUE}).")
    private int starts;

    @Option(
            names = "--requests",
            defaultValue = "3000",
            description = "After the first start and after the last (default ${DEFAULT-VALUE}).")
    private long requests;

    @Option(
            names = "--rest",
            defaultValue = "90",
            description =
                    "Seconds between the last request and the measurement of the memory (default ${DEFAULT-VALUE}).")
    private int rest;

    /** Exit codes: 0 measured, 1 not, 2 wrong usage. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new StartBenchmark()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        try (options) {
            double[] seconds = new double[starts];
            double[] cpu = new double[starts];
            Stand stand = options.setUp();
            double first = stand.start(DOOR).toMillis() / 1000.0;
            System.out.printf(Locale.ROOT, "first start: ready after %.2f s%n", first);
            work(stand);
            for (int i = 0; i < starts; i++) {
                stand.stopAppliance();
                seconds[i] = stand.startAppliance().toMillis() / 1000.0;
                long pid = stand.postern().pid();
                cpu[i] = CpuTime.of(pid).millis() / 1000.0;
                System.out.printf(
                        Locale.ROOT,
                        "start %d: ready after %.2f s, %.2f s of CPU, %d MB resident%n",
                        i + 1,
                        seconds[i],
                        cpu[i],
                        Resident.megabytes(pid));
            }
            stand.startDriver(DOOR);
            work(stand);
            long pid = stand.postern().pid();
            long busy = Resident.megabytes(pid);
            TimeUnit.SECONDS.sleep(rest);
            long resting = Resident.megabytes(pid);
            System.out.printf(
                    Locale.ROOT, "%d MB resident after %d requests, %d MB %d s later%n", busy, requests, resting, rest);
            options.close();
            options.delete();
            System.out.println(JSON.createObjectNode()
                    .put("readySeconds", median(seconds))
                    .put("readyCpuSeconds", median(cpu))
                    .put("firstReadySeconds", first)
                    .put("residentMegabytesBusy", busy)
                    .put("residentMegabytes", resting));
        }
        return 0;
    }

    private void work(Stand stand) throws IOException, InterruptedException {
        stand.load(Load.NON_CRITICAL, IN_FLIGHT);
        while (stand.count().path("finished").asLong() < requests) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        stand.drain();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
