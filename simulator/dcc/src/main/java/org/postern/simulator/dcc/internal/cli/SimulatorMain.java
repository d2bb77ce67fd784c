package org.postern.simulator.dcc.internal.cli;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.postern.catalogue.PosternException;
import org.postern.ecprovider.EcProvider;
import org.postern.simulator.dcc.FaultRule;
import org.postern.simulator.dcc.Simulator;
import org.postern.simulator.dcc.SimulatorSettings;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatorPki;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The simulator as a process of its own. */
@Command(
        name = "dcc-simulator",
        mixinStandardHelpOptions = true,
        description = "Plays the DCC and its meters.",
        subcommands = {SimulatorMain.Pki.class, SimulatorMain.Run.class, ExampleCommand.class})
public final class SimulatorMain {

    private SimulatorMain() {}

    /** Exit codes: 0 done, 1 a fault, which is printed, 2 wrong usage. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new SimulatorMain())
                .setExecutionExceptionHandler((e, line, result) -> {
                    line.getErr()
                            .println(e instanceof PosternException p ? p.fault().toString() : e.toString());
                    return 1;
                })
                .execute(arguments));
    }

    /** Makes a throwaway PKI. */
    @Command(
            name = "pki",
            mixinStandardHelpOptions = true,
            description = "Makes a throwaway PKI, an inventory and a population.")
    static final class Pki implements Callable<Integer> {

        @Option(
                names = "--folder",
                required = true,
                description = "Where to; what Postern imports comes under postern/.")
        private Path folder;

        @Option(names = "--seed", defaultValue = "1", description = "Which population (default ${DEFAULT-VALUE}).")
        private long seed;

        @Option(names = "--premises", defaultValue = "60", description = "Number of homes (default ${DEFAULT-VALUE}).")
        private int premises;

        @CommandLine.Spec
        private CommandLine.Model.CommandSpec spec;

        @Override
        public Integer call() {
            Instant start = Instant.now();
            Population population = new Population(seed, premises);
            SimulatorPki.create(folder, population, Clock.systemUTC());
            spec.commandLine()
                    .getOut()
                    .printf(
                            "throwaway PKI for %d devices in %d ms%n",
                            population.devices().size(),
                            Duration.between(start, Instant.now()).toMillis());
            return 0;
        }
    }

    /** Runs until it is killed. */
    @Command(
            name = "run",
            mixinStandardHelpOptions = true,
            description = "Runs the three services, callbacks and control service.")
    static final class Run implements Callable<Integer> {

        @Option(names = "--folder", required = true, description = "Folder of the throwaway PKI.")
        private Path folder;

        @Option(
                names = "--port",
                defaultValue = "8079",
                description = "Port of the three services (default ${DEFAULT-VALUE}; 0: any).")
        private int port;

        @Option(
                names = "--control-port",
                defaultValue = "8078",
                description = "Port of the control service (default ${DEFAULT-VALUE}).")
        private int controlPort;

        @Option(
                names = "--callback",
                defaultValue = "https://127.0.0.1:8443/smartdcc/duis",
                description = "The User's Receive Response service (default ${DEFAULT-VALUE}).")
        private URI callback;

        @Option(
                names = "--answer-delay",
                defaultValue = "40",
                description = "Milliseconds a device takes (default ${DEFAULT-VALUE}).")
        private long answerDelay;

        @Option(
                names = "--retry-first",
                defaultValue = "1000",
                description = "Milliseconds until a callback is sent again, doubling.")
        private long retryFirst;

        @Option(
                names = {"--retry-max", "--retry-most"},
                defaultValue = "300000",
                description = "The longest of these waits in milliseconds; --retry-most is the former name.")
        private long retryMax;

        @Option(
                names = {"--event-file", "--witness"},
                description = "File of events as JSON lines (default: simulator/witness.jsonl in the folder);"
                        + " --witness is the former name.")
        private Path events;

        @Option(names = "--fault", description = "A line of the fault menu, for example: 'drop-answer times=3'.")
        private List<String> faults = List.of();

        @CommandLine.Spec
        private CommandLine.Model.CommandSpec spec;

        @Override
        public Integer call() throws InterruptedException {
            SimulatorSettings settings = SimulatorSettings.of(folder, callback)
                    .withPorts(port, controlPort)
                    .withPace(
                            Duration.ofMillis(answerDelay), Duration.ofMillis(retryFirst), Duration.ofMillis(retryMax));
            if (events != null) {
                settings = settings.withEventFile(events);
            }
            CountDownLatch stop = new CountDownLatch(1);
            Simulator simulator = new Simulator(settings, EcProvider.fastest(), Clock.systemUTC());
            faults.forEach(line -> simulator.faults().add(FaultRule.parse(line)));
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(
                            () -> {
                                simulator.close();
                                stop.countDown();
                            },
                            "simulator-stop"));
            spec.commandLine()
                    .getOut()
                    .printf(
                            "simulator ready: services %d, control %d, devices %d%n",
                            simulator.servicesPort(),
                            simulator.controlPort(),
                            simulator.population().devices().size());
            spec.commandLine().getOut().flush();
            stop.await();
            return 0;
        }
    }
}
