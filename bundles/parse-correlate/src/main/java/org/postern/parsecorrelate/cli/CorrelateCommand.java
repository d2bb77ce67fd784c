package org.postern.parsecorrelate.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.PosternException;
import org.postern.duis.DuisRequest;
import org.postern.parsecorrelate.Correlation;
import org.postern.parsecorrelate.Correlator;
import org.postern.parsecorrelate.Difference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code correlate}: prints one JSON line with the verdict. Exit code 0 identical, 1 different, 2 bad input. */
@Command(
        name = "correlate",
        description = "Compare a Pre-Command with its Service Request.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class CorrelateCommand implements Callable<Integer> {

    private static final int DIFFERENT = 1;
    private static final int BAD_INPUT = 2;

    @Spec
    private CommandSpec spec;

    @Option(names = "--inventory", paramLabel = "FILE", description = "CSV: deviceId,deviceType,variant,attributes")
    private @Nullable Path inventory;

    @Option(names = "--at", paramLabel = "ISO-TIME", description = "Time of the exchange; default: now")
    private @Nullable String at;

    @Option(
            names = "--tolerance",
            paramLabel = "SECONDS",
            description =
                    "Largest difference between the build time of a gas message and the time of the exchange; default: ${DEFAULT-VALUE}")
    private long tolerance = Correlator.DEFAULT_TOLERANCE.toSeconds();

    @Option(
            names = "--list",
            paramLabel = "FILE",
            description = "File with many pairs, one per line: request TAB Pre-Command [TAB inventory]")
    private @Nullable Path list;

    @Parameters(arity = "0..2", paramLabel = "DUIS.xml PRECOMMAND.hex")
    private @Nullable List<Path> files;

    private final Clock clock;
    private final RequestSource source = new RequestSource();

    /** Uses the system clock. */
    public CorrelateCommand() {
        this(Clock.systemUTC());
    }

    CorrelateCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try {
            List<Path> given = files == null ? List.of() : files;
            boolean pair = given.size() == 2;
            if (pair == (list != null) || !given.isEmpty() && !pair || tolerance < 0) {
                err.println("give either a request and a Pre-Command, or --list; a tolerance is not negative");
                return BAD_INPUT;
            }
            Instant time = RequestSource.time(at, clock.instant());
            Correlator correlator = Correlator.withoutProof(Duration.ofSeconds(tolerance));
            if (list != null) {
                return many(correlator, list, out, time);
            }
            Correlation verdict = verdict(correlator, given.get(0), given.get(1), inventory, time);
            out.println(written(new JsonLine(), verdict));
            return exit(verdict);
        } catch (PosternException bad) {
            err.println(bad.getMessage());
            return BAD_INPUT;
        } finally {
            out.flush();
            err.flush();
        }
    }

    private int many(Correlator correlator, Path pairs, PrintWriter out, Instant time) {
        int worst = 0;
        for (RequestSource.Entry entry : source.list(pairs, true)) {
            JsonLine line = new JsonLine().add("request", entry.request());
            try {
                Correlation verdict = verdict(
                        correlator,
                        entry.requestFile(),
                        Objects.requireNonNull(entry.preCommandFile(), "required in each line"),
                        entry.inventoryFile() == null ? inventory : entry.inventoryFile(),
                        time);
                worst = Math.max(worst, exit(verdict));
                written(line, verdict);
            } catch (PosternException bad) {
                line.add("error", bad.getMessage());
                worst = BAD_INPUT;
            }
            out.println(line);
        }
        return worst;
    }

    private Correlation verdict(
            Correlator correlator, Path request, Path preCommand, @Nullable Path devices, Instant time) {
        DuisRequest duis = source.request(request);
        return RequestSource.withFaultCode(
                request, () -> correlator.correlate(duis, source.hex(preCommand), source.device(duis, devices), time));
    }

    private static int exit(Correlation verdict) {
        return verdict.fold(identical -> 0, different -> DIFFERENT);
    }

    private static JsonLine written(JsonLine line, Correlation verdict) {
        return verdict.fold(
                identical -> line.add("result", "identical").add("differences", List.of()),
                different -> line.add("result", "different")
                        .add(
                                "differences",
                                different.differences().stream()
                                        .map(CorrelateCommand::json)
                                        .toList()));
    }

    static JsonLine json(Difference difference) {
        return new JsonLine()
                .add("path", difference.path())
                .add("expected", difference.expected())
                .add("got", difference.got())
                .add("rule", difference.rule());
    }
}
