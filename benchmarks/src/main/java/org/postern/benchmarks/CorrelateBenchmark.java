package org.postern.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.PosternException;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisRequest;
import org.postern.inventory.DeviceFacts;
import org.postern.parsecorrelate.Correlation;
import org.postern.parsecorrelate.Correlator;
import org.postern.parsecorrelate.Transformer;

/**
 * Transforms, and transforms with correlation, per CPU-second, one thread, warm: every critical request of the
 * reference data that needs no facts of an inventory but the type of meter.
 *
 * <p>{@code java -cp benchmarks/target/benchmarks.jar org.postern.benchmarks.CorrelateBenchmark ../shared/rtds
 * [ROUNDS]} prints one JSON object: the median over the rounds, both stages interleaved, the requests read beforehand.
 */
public final class CorrelateBenchmark {

    private static final Instant BUILT = Instant.parse("2015-01-01T00:00:00Z");
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int WARM_UP = 20;
    private static final double NANOS = 1e9;

    /** A request, its device and the Pre-Command it stands for. */
    private record Case(DuisRequest request, DeviceFacts device, byte[] preCommand) {}

    private CorrelateBenchmark() {}

    /** Runs it. */
    public static void main(String[] arguments) throws IOException {
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 30;
        Transformer transformer = Transformer.fromTables();
        Correlator correlator = Correlator.withoutProof(Correlator.DEFAULT_TOLERANCE);
        List<Case> cases = cases(Path.of(arguments[0]).resolve("duis-templates"), transformer);
        List<Double> transforms = new ArrayList<>();
        List<Double> both = new ArrayList<>();
        long sink = 0;
        for (int round = -WARM_UP; round < rounds; round++) {
            long start = THREADS.getCurrentThreadCpuTime();
            for (Case one : cases) {
                sink += transformer.transform(one.request(), one.device(), BUILT).length;
            }
            long middle = THREADS.getCurrentThreadCpuTime();
            for (Case one : cases) {
                byte[] ours = transformer.transform(one.request(), one.device(), BUILT);
                sink += correlator.correlate(one.request(), ours, one.device(), BUILT) instanceof Correlation.Identical
                        ? 1
                        : 0;
            }
            long end = THREADS.getCurrentThreadCpuTime();
            if (round >= 0) {
                transforms.add(cases.size() * NANOS / (middle - start));
                both.add(cases.size() * NANOS / (end - middle));
            }
        }
        System.out.printf(
                Locale.ROOT,
                "{\"requests\":%d,\"rounds\":%d,\"transformsPerCpuSecond\":%.0f,\"transformAndCorrelatePerCpuSecond\":%.0f,\"check\":%d}%n",
                cases.size(),
                rounds,
                median(transforms),
                median(both),
                sink);
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static List<Case> cases(Path folder, Transformer transformer) throws IOException {
        DuisReader reader = new DuisReader(DuisLimits.DEFAULT);
        List<Case> cases = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                DuisRequest request = reader.readRequest(Files.readAllBytes(file));
                DeviceType type = file.getFileName().toString().startsWith("GCS") ? DeviceType.GSME : DeviceType.ESME;
                DeviceFacts device = DeviceFacts.of(request.requestId().target(), type);
                if (request.variant() == CommandVariant.CV4) {
                    try {
                        cases.add(new Case(request, device, transformer.transform(request, device, BUILT)));
                    } catch (PosternException needsAnInventory) {
                        // a join: its method is a fact of the inventory
                    }
                }
            }
        }
        return cases;
    }
}
