package org.postern.benchmarks.appliance;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.postern.catalogue.ServiceCatalogue;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** CPU per request of the whole appliance beside the floors, for one distribution or for two in turn. */
@Command(
        name = "appliance",
        mixinStandardHelpOptions = true,
        description =
                "CPU per request of the whole appliance, and what the same operations cost bare. The last line is JSON.")
public final class ApplianceBenchmark implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int THREADS_SHOWN = 24;
    /** Requests that are done before a ledger is filled with their copies. */
    private static final int TEMPLATES = 1000;

    private static final int FLOOR_ROUNDS = 3;
    private static final int PROFILED_GROUPS = 10;
    private static final int PROFILED_METHODS = 40;

    @Spec
    private CommandSpec spec;

    @Mixin
    private final StandOptions options = new StandOptions();

    @Option(names = "--against", description = "Another archive, measured in turn with the first.")
    private Path against;

    @Option(names = "--quick", description = "Short windows: ends within five minutes on a quiet machine.")
    private boolean quick;

    @Option(
            names = "--load",
            split = ",",
            description = "non-critical, mixed or a Service Reference Variant; several with commas.")
    private List<String> loads = List.of("non-critical", "mixed");

    @Option(
            names = "--in-flight",
            defaultValue = "96",
            description = "Requests between hand-in and result (default ${DEFAULT-VALUE}; by file some thousands).")
    private int inFlight;

    @Option(names = "--windows", description = "Measured windows of each load (quick: 4, else 9).")
    private Integer windows;

    @Option(names = "--window-seconds", description = "Length of one (quick: 8, else 30).")
    private Integer windowSeconds;

    @Option(
            names = "--warm-up",
            description =
                    "Requests before the first window of the first load (quick: 5000, else 30000), or 150 s (600 s) of load.")
    private Long warmUp;

    @Option(names = "--no-floors", description = "Leaves the floors out.")
    private boolean noFloors;

    @Option(
            names = "--profile",
            description = "After the windows of each load: CPU by thread, and Java code by package.")
    private boolean profile;

    @Option(
            names = {"--channel", "--door"},
            defaultValue = "http",
            description = "Channel by which requests are submitted: http, jms or file (default ${DEFAULT-VALUE});"
                    + " --door is the former name.")
    private String channel;

    @Option(
            names = "--prefill",
            description =
                    "Measures the distribution a second time, with so many finished requests in its ledger, in turn with the first.")
    private long prefill;

    @Option(
            names = "--heap-requests",
            description = "After the windows: requests over which the heap that is held is watched.")
    private long heapRequests;

    private long fillingSeconds;
    private long filledBytes;

    /** Exit codes: 0 measured, 1 not, 2 wrong usage. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new ApplianceBenchmark()).execute(arguments));
    }

    /** What could not be measured to its end is refused before anything is started. */
    private void check() {
        Measuring.Plan plan = plan();
        if (plan.inFlight() < 1 || plan.windows() < 1 || plan.window().toSeconds() < 1 || plan.warmUpRequests() < 0) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "--in-flight, --windows and --window-seconds are 1 at least, --warm-up is 0 at least");
        }
        Set<String> services =
                new ServiceCatalogue().rows().stream().map(row -> row.variant()).collect(Collectors.toSet());
        for (String name : loads) {
            Load load = Load.named(name);
            if (!services.containsAll(load.shares().keySet())) {
                throw new CommandLine.ParameterException(
                        spec.commandLine(),
                        "--load: " + name + " is neither non-critical nor mixed nor a Service Reference Variant");
            }
            if (!noFloors
                    && !ServiceNeeds.load().services().containsAll(load.shares().keySet())) {
                throw new CommandLine.ParameterException(
                        spec.commandLine(), "--load: there are no floors for " + name + ", give --no-floors");
            }
        }
    }

    @Override
    public Integer call() throws Exception {
        check();
        List<Stand> stands = new ArrayList<>();
        Map<Load, Map<Stand, Result>> results = new LinkedHashMap<>();
        Map<Load, Double> floors = new LinkedHashMap<>();
        Map<String, HeldHeap> heaps = new LinkedHashMap<>();
        FloorRounds rounds = noFloors
                ? null
                : new FloorRounds(
                        options.work().resolve("distribution/pki"),
                        options.work(),
                        ServiceNeeds.load().of(Load.named(loads.get(0))),
                        FLOOR_ROUNDS,
                        quick ? 1.5 : 4);
        try (options) {
            stands.add(options.start(channel));
            if (against != null) {
                stands.add(options.start("against", against, channel));
            }
            for (Stand stand : profile ? stands : List.<Stand>of()) {
                JavaProfile.prepare(stand.postern().pid());
            }
            Measuring measuring = new Measuring(plan());
            if (prefill > 0) {
                stands.add(1, prefilled(measuring));
            }
            for (String name : loads) {
                Load load = Load.named(name);
                results.put(
                        load,
                        measuring.measure(
                                load, stands, rounds != null && results.isEmpty() ? rounds : (windows, all) -> {}));
                if (profile) {
                    profile(load, stands);
                }
                for (Stand stand : heapRequests > 0 ? stands : List.<Stand>of()) {
                    heaps.put(stand.name() + ", " + load.name(), measuring.heap(load, stand, heapRequests));
                }
            }
        }
        if (rounds != null) {
            floors(rounds.floors(), floors, results);
        }
        options.delete();
        ObjectNode json = json(results, floors);
        if (prefill > 0) {
            results.forEach((load, of) -> json.withArrayProperty("prefilled")
                    .add(Result.compared(
                            new ArrayList<>(of.values()).get(0),
                            of.get(stands.get(1)),
                            JSON.createObjectNode()
                                    .put("load", load.name())
                                    .put("requestsBefore", prefill)
                                    .put("fillingSeconds", fillingSeconds)
                                    .put("ledgerBytesBefore", filledBytes))));
        }
        heaps.forEach((name, held) -> json.withArrayProperty("heap")
                .add(held.json(JSON.createObjectNode().put("of", name))));
        System.out.println(json);
        return 0;
    }

    /**
     * The same distribution with a large ledger; what it is filled with are copies of the first requests that it does.
     */
    private Stand prefilled(Measuring measuring) throws Exception {
        Stand stand = options.start("prefilled", channel);
        measuring.run(Load.NON_CRITICAL, stand, TEMPLATES);
        fillingSeconds = stand.prefill(prefill).toSeconds();
        filledBytes = stand.ledgerBytes();
        System.out.printf(
                Locale.ROOT,
                "prefilled: %d requests in %d s, %.1f MiB, %.0f bytes each%n",
                prefill,
                fillingSeconds,
                filledBytes / 1048576.0,
                filledBytes / (double) (prefill + TEMPLATES));
        return stand;
    }

    private Measuring.Plan plan() {
        return new Measuring.Plan(
                inFlight,
                windows != null ? windows : quick ? 4 : 9,
                Duration.ofSeconds(windowSeconds != null ? windowSeconds : quick ? 8 : 30),
                warmUp != null ? warmUp : quick ? 5_000 : 30_000,
                Duration.ofSeconds(quick ? 150 : 600));
    }

    private void profile(Load load, List<Stand> stands) throws Exception {
        for (Stand stand : stands) {
            stand.load(load, inFlight);
            ThreadTimes before = ThreadTimes.of(stand.postern().pid());
            Path file = options.work().resolve(stand.name() + "-" + load.name() + ".jfr");
            JavaProfile.record(stand.postern().pid(), file, Duration.ofSeconds(quick ? 15 : 60));
            ThreadTimes during = ThreadTimes.of(stand.postern().pid()).since(before);
            stand.drain();
            System.out.printf(
                    "%s, %s: CPU by threads%n%s%nJava code by package%n%s%nJava code by thread, and what is on its stacks%n%s%n",
                    stand.name(),
                    load.name(),
                    during.table(THREADS_SHOWN),
                    JavaProfile.table(file),
                    JavaProfile.methods(file, PROFILED_GROUPS, PROFILED_METHODS));
        }
    }

    private static void floors(Floors floors, Map<Load, Double> millis, Map<Load, Map<Stand, Result>> results) {
        ServiceNeeds table = ServiceNeeds.load();
        for (Map.Entry<Load, Map<Stand, Result>> result : results.entrySet()) {
            ServiceNeeds.Needs needs = table.of(result.getKey());
            System.out.println(floors.table(result.getKey(), needs));
            millis.put(result.getKey(), floors.millis(needs, false));
            for (Map.Entry<Stand, Result> one : result.getValue().entrySet()) {
                double appliance = one.getValue().series().median(Window::applianceMillis);
                System.out.printf(
                        Locale.ROOT,
                        "%s, %s: appliance %.3f ms, floors %.3f ms: %.2f times; with the hand-in by HTTP among the floors %.2f times%n",
                        one.getKey().name(),
                        result.getKey().name(),
                        appliance,
                        floors.millis(needs, false),
                        appliance / floors.millis(needs, false),
                        appliance / floors.millis(needs, true));
            }
        }
    }

    /**
     * The first load's figures of the first distribution come first; those of the other loads, and of the other
     * distribution, beside.
     */
    private static ObjectNode json(Map<Load, Map<Stand, Result>> results, Map<Load, Double> floors) {
        ObjectNode json = null;
        for (Map.Entry<Load, Map<Stand, Result>> result : results.entrySet()) {
            for (Map.Entry<Stand, Result> one : result.getValue().entrySet()) {
                ObjectNode node = one.getValue()
                        .json(
                                JSON.createObjectNode()
                                        .put("distribution", one.getKey().name())
                                        .put("load", result.getKey().name()),
                                floors.get(result.getKey()));
                if (json == null) {
                    json = node;
                } else {
                    json.withArrayProperty("beside").add(node);
                }
            }
        }
        return json;
    }
}
