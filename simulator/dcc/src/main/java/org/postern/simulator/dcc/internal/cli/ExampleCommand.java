package org.postern.simulator.dcc.internal.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.simulator.examples.ExampleFiller;
import org.postern.simulator.examples.ExampleRequest;
import org.postern.simulator.examples.ExampleRequests;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatedDevice;
import org.postern.simulator.pki.SimulatorFault;
import org.postern.simulator.pki.SimulatorPki;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * An example request as an unsigned DUIS document, ready for one of Postern's interfaces; without a name, the list of
 * examples.
 */
@Command(
        name = "example",
        mixinStandardHelpOptions = true,
        description =
                "Lists the example requests, or makes one: an unsigned DUIS document for dcc:submit or another interface.")
final class ExampleCommand implements Callable<Integer> {

    private static final Duration LATER = Duration.ofMinutes(10);

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NAME",
            description = "Name in the list; without it the list is printed.")
    private String name;

    @Option(names = "--folder", description = "Folder of the throwaway PKI.")
    private Path folder;

    @Option(names = "--device", description = "Device ID (default: the first of the population that fits).")
    private String device;

    @Option(names = "--at", description = "Execution time of a dated request, ISO-8601 (default: in ten minutes).")
    private Instant at;

    @Option(names = "--out", description = "File to write to (default: standard output).")
    private Path out;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter output = spec.commandLine().getOut();
        if (name == null) {
            ExampleRequests.load()
                    .all()
                    .forEach(e -> output.printf(
                            "%-38s %-7s %-2s %-6s %-9s %-6s %s %04X %s%n",
                            e.name(),
                            e.service(),
                            e.role().map(Enum::name).orElse("-"),
                            e.deviceType(),
                            e.variant().name().toLowerCase(java.util.Locale.ROOT),
                            e.execution().name().toLowerCase(java.util.Locale.ROOT),
                            e.useCase(),
                            e.code(),
                            e.attributes()));
            output.flush();
            return 0;
        }
        ExampleRequest example = ExampleRequests.load().require(name);
        if (folder == null) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--folder is needed to fill in devices and certificates");
        }
        SimulatorPki pki = new SimulatorPki(folder);
        byte[] document = new ExampleFiller(pki, Clock.systemUTC())
                .document(
                        example,
                        device(example, pki.population()),
                        at == null ? Instant.now().plus(LATER).truncatedTo(ChronoUnit.SECONDS) : at);
        if (out == null) {
            output.print(new String(document, StandardCharsets.UTF_8));
            output.flush();
        } else {
            Files.write(out, document);
        }
        return 0;
    }

    private SimulatedDevice device(ExampleRequest example, Population population) {
        return population.devices().stream()
                .filter(d -> device == null || d.deviceId().equals(Eui64.parse(device)))
                .filter(d -> example.fits(d, population))
                .findFirst()
                .orElseThrow(() -> new PosternException(SimulatorFault.EXAMPLE.fault(
                        name,
                        "a " + example.deviceType() + " " + example.variant() + " in a home with "
                                + example.companions(),
                        "none in the population",
                        "choose another device, or make the PKI with more premises")));
    }
}
