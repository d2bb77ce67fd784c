package org.postern.parsecorrelate.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.duis.DuisRequest;
import org.postern.inventory.DeviceFacts;
import org.postern.parsecorrelate.Transformed;
import org.postern.parsecorrelate.Transformer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code transform}: prints the command that corresponds to a Service Request in hex. Exit code 0, or 2 for bad input.
 */
@Command(
        name = "transform",
        description = "Print the GBCS message that corresponds to a Service Request, in hex.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class TransformCommand implements Callable<Integer> {

    private static final int BAD_INPUT = 2;
    private static final String REFERENCE_ACB = "90-B3-D5-1F-30-00-00-02";

    @Spec
    private CommandSpec spec;

    @Option(names = "--inventory", paramLabel = "FILE", description = "CSV: deviceId,deviceType,variant,attributes")
    private @Nullable Path inventory;

    @Option(names = "--at", paramLabel = "ISO-TIME", description = "Build time of gas messages; default: now")
    private @Nullable String at;

    @Option(
            names = "--list",
            paramLabel = "FILE",
            description = "File with many requests, one per line: request [TAB Pre-Command [TAB inventory]]")
    private @Nullable Path list;

    @Option(
            names = {"--acb", "--broker"},
            paramLabel = "EUI-64",
            defaultValue = REFERENCE_ACB,
            description =
                    "EUI-64 of the Access Control Broker, which sends some commands in the User's place; default: that of the "
                            + "DCC's reference data, ${DEFAULT-VALUE}. --broker is its former name")
    private String acb;

    @Option(
            names = {"--acb-counter", "--broker-counter"},
            paramLabel = "NUMBER",
            description =
                    "Originator Counter of the Access Control Broker; default: that of the User. --broker-counter is "
                            + "its former name")
    private @Nullable Long acbCounter;

    @Parameters(arity = "0..1", paramLabel = "DUIS.xml")
    private @Nullable Path request;

    private final Clock clock;
    private final RequestSource source = new RequestSource();

    /** Uses the system clock. */
    public TransformCommand() {
        this(Clock.systemUTC());
    }

    TransformCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try {
            if (request == null ? list == null : list != null) {
                err.println("give either one request or --list");
                return BAD_INPUT;
            }
            Instant time = RequestSource.time(at, clock.instant());
            if (list != null) {
                return many(list, out, time);
            }
            out.println(hexOf(Objects.requireNonNull(request), inventory, time));
            return 0;
        } catch (PosternException bad) {
            err.println(bad.getMessage());
            return BAD_INPUT;
        } finally {
            out.flush();
            err.flush();
        }
    }

    private int many(Path requests, PrintWriter out, Instant time) {
        int exit = 0;
        for (RequestSource.Entry entry : source.list(requests, false)) {
            JsonLine line = new JsonLine().add("request", entry.request());
            try {
                line.add(
                        "hex",
                        hexOf(
                                entry.requestFile(),
                                entry.inventoryFile() == null ? inventory : entry.inventoryFile(),
                                time));
            } catch (PosternException bad) {
                line.add("error", bad.getMessage());
                exit = BAD_INPUT;
            }
            out.println(line);
        }
        return exit;
    }

    private String hexOf(Path file, @Nullable Path devices, Instant time) {
        return RequestSource.withFaultCode(file, () -> hex(file, devices, time));
    }

    private String hex(Path file, @Nullable Path devices, Instant time) {
        DuisRequest duis = source.request(file);
        DeviceFacts device = source.device(duis, devices);
        Transformed made = Shared.TRANSFORMER.explain(duis, device, time);
        if (made.acb()) {
            made = Shared.TRANSFORMER.explainForAcb(
                    duis,
                    device,
                    time,
                    Eui64.parse(acb),
                    acbCounter == null ? duis.requestId().counter() : acbCounter);
        }
        return HexFormat.of().withUpperCase().formatHex(made.bytes());
    }

    /** Loaded at first use, so that the other commands do not wait for the rules. */
    private static final class Shared {

        static final Transformer TRANSFORMER = Transformer.fromTables();
    }
}
