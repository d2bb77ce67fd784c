package org.postern.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.UserRole;
import org.postern.simulator.examples.SupplierRequest;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatedDevice;
import org.postern.simulator.pki.SimulatorPki;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The demonstration: unpacks and starts the distribution, sends requests through it, and prints a table of the
 * outcomes. The exit code is 0 only if every outcome is as expected.
 */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Starts Postern with a simulated DCC and sends requests through it.")
public final class Demo implements Callable<Integer> {

    private static final Duration READY = Duration.ofMinutes(5);
    private static final Duration DONE = Duration.ofSeconds(90);
    private static final int DEVICE_ALERTS = 6;
    /** The altered request, the top-up and the future-dated request. */
    private static final int MORE = 3;

    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(names = "--archive", required = true, description = "The distribution, a .tar.gz.")
    private Path archive;

    @Option(
            names = "--work",
            required = true,
            description = "Working folder; files of an earlier run in it are deleted.")
    private Path work;

    @Option(names = "--keep", description = "Leave everything running at the end, and print how to reach it.")
    private boolean keep;

    @Option(
            names = "--premises",
            defaultValue = "50",
            description = "Number of homes in the simulated population (default ${DEFAULT-VALUE}).")
    private int premises;

    private final PrintStream out = System.out;

    private Demo() {}

    /** See {@code --help}. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Demo()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        work = Files.createDirectories(work).toAbsolutePath();
        // a second run would delete the files of the first
        try (FileChannel lock =
                FileChannel.open(work.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (lock.tryLock() == null) {
                say("another demonstration is running in %s", work);
                return 2;
            }
            return demonstrate();
        }
    }

    private int demonstrate() throws Exception {
        Instant start = Instant.now();
        Population population = new Population(1, premises);
        Appliance.delete(work.resolve("pki"));
        Instant before = Instant.now();
        SimulatorPki pki = SimulatorPki.create(work.resolve("pki"), population, Clock.systemUTC());
        say(
                "throwaway PKI for %d devices in %d ms",
                population.devices().size(),
                Duration.between(before, Instant.now()).toMillis());
        Appliance appliance = Appliance.unpack(archive, work, Ports.free());
        Runtime.getRuntime().addShutdownHook(new Thread(appliance::close, "demo-clean-up"));
        try {
            appliance.configure(pki);
            appliance.start();
            Duration boot = appliance.awaitReady(READY);
            say("Postern is ready after %.1f s", boot.toMillis() / 1000.0);
            boolean asExpected = run(appliance, population);
            say(
                    "%s; %.1f s in all",
                    asExpected ? "everything ended as expected" : "NOT everything ended as expected",
                    Duration.between(start, Instant.now()).toMillis() / 1000.0);
            if (keep) {
                sayHowToReach(appliance);
                new CountDownLatch(1).await();
            }
            return asExpected ? 0 : 1;
        } catch (DemoFailure e) {
            say("FAILED: %s", e.getMessage());
            return 1;
        } catch (Exception e) {
            // an error between two processes: the appliance's log explains more than this stack trace
            say("FAILED: %s%n%s", e, appliance.lastLogLines());
            return 1;
        } finally {
            appliance.close();
        }
    }

    private void say(String format, Object... values) {
        out.printf("[demo] " + format + "%n", values);
        out.flush();
    }

    private boolean run(Appliance appliance, Population population) throws Exception {
        SimulatorControl dcc = new SimulatorControl(appliance.ports().control());
        try (Supplier supplier = new Supplier(appliance);
                Console console = console(appliance)) {
            SimulatedDevice victim = population.devices(DeviceType.ESME).get(0);
            dcc.post(
                    "/faults",
                    "alter-pre-command value times=1 target="
                            + victim.deviceId().hex());
            List<RequestPlan.Planned> plan = RequestPlan.ordinary(population);
            Map<String, SupplierRequest> byHttp = submit(supplier, plan);
            JsonNode altered = JSON.readTree(
                    supplier.http("application/json", new SupplierRequest("", "7.1", UserRole.IS, victim).json())
                            .body());
            JsonNode token = supplier.topUp(
                    "till-1",
                    RequestPlan.topUp(population.devices(DeviceType.ESME).get(1), 1250));
            supplier.http(
                    "application/json",
                    RequestPlan.futureDated(
                            population.devices(DeviceType.ESME).get(2),
                            Instant.now().plusSeconds(5)));
            HttpResponse<String> byWrongRole =
                    supplier.http("application/json", new SupplierRequest("", "7.1", UserRole.ED, victim).json());
            HttpResponse<String> malformed = supplier.http("application/xml", "<Request><Header>");
            alerts(dcc, population);
            Ledger ledger = watch(console, supplier, plan.size() + MORE);
            JsonNode show = console.json("dcc:show " + altered.path("id").asText());
            JsonNode log = console.json("audit:verify");
            JsonNode counts = dcc.get("/counts");
            return report(supplier, plan, ledger, counts, byHttp, byWrongRole, malformed, show, log, token);
        }
    }

    /** Waits for the console: on a slow machine ssh is available shortly after the ready marker. */
    private Console console(Appliance appliance) throws Exception {
        Console console = new Console(appliance.ports().ssh(), appliance.secret("console-admin.password"));
        Instant end = Instant.now().plusSeconds(30);
        while (true) {
            try {
                Ledger.read(console);
                return console;
            } catch (IOException | DemoFailure e) {
                if (Instant.now().isAfter(end)) {
                    console.close();
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(300);
            }
        }
    }

    /** Submits every request by its interface; returns the requests submitted by HTTP, by their ids. */
    private Map<String, SupplierRequest> submit(Supplier supplier, List<RequestPlan.Planned> plan) throws Exception {
        Instant before = Instant.now();
        List<String> lines = new ArrayList<>();
        Map<String, SupplierRequest> byHttp = new LinkedHashMap<>();
        for (RequestPlan.Planned planned : plan) {
            SupplierRequest request = planned.request();
            switch (planned.channel()) {
                case JMS -> supplier.jms(request.correlation(), request.json());
                case FILE -> lines.add(request.json());
                default -> {
                    HttpResponse<String> answer = supplier.http("application/json", request.json());
                    if (answer.statusCode() != 202) {
                        throw new DemoFailure(
                                "POST /service-requests answered " + answer.statusCode() + " " + answer.body());
                    }
                    byHttp.put(JSON.readTree(answer.body()).path("id").asText(), request);
                }
            }
        }
        supplier.file("demo.jsonl", lines);
        say(
                "%d requests submitted by JMS, HTTP and file in %d ms",
                plan.size(), Duration.between(before, Instant.now()).toMillis());
        return byHttp;
    }

    private void alerts(SimulatorControl dcc, Population population) throws Exception {
        List<SimulatedDevice> meters = population.devices(DeviceType.ESME);
        for (int i = 1; i <= 3; i++) {
            dcc.post(
                    "/alerts?critical=true&user=IS&code=8F30&device="
                            + meters.get(i).deviceId().hex(),
                    "");
        }
        for (int i = 4; i <= 5; i++) {
            dcc.post(
                    "/alerts?critical=false&user=IS&code=810E&device="
                            + meters.get(i).deviceId().hex(),
                    "");
        }
        dcc.post(
                "/alerts?critical=true&user=GS&code=8F30&device="
                        + population.devices(DeviceType.GSME).get(0).deviceId().hex(),
                "");
        dcc.post("/dcc-alerts?user=ED&device=" + meters.get(6).deviceId().hex(), "");
    }

    /** Shows progress until every request has ended. */
    private Ledger watch(Console console, Supplier supplier, int expected) throws Exception {
        Instant end = Instant.now().plus(DONE);
        Ledger ledger = Ledger.read(console);
        while (ledger.ended() < expected || supplier.alerts.size() < DEVICE_ALERTS + 1) {
            if (Instant.now().isAfter(end)) {
                say("gave up waiting after %d s", DONE.toSeconds());
                break;
            }
            say(
                    "%d of %d requests ended, %d results by JMS, %d in files, %d alerts",
                    ledger.ended(),
                    expected,
                    byJms(supplier),
                    supplier.fileResults().size(),
                    supplier.alerts.size());
            TimeUnit.MILLISECONDS.sleep(700);
            ledger = Ledger.read(console);
        }
        return ledger;
    }

    /** Number of results of requests submitted by JMS; the queue also has copies of the other results. */
    private static long byJms(Supplier supplier) {
        return supplier.jmsOutcomes.keySet().stream()
                .filter(id -> id.startsWith("demo-"))
                .count();
    }

    private boolean report(
            Supplier supplier,
            List<RequestPlan.Planned> plan,
            Ledger ledger,
            JsonNode counts,
            Map<String, SupplierRequest> byHttp,
            HttpResponse<String> byWrongRole,
            HttpResponse<String> malformed,
            JsonNode show,
            JsonNode log,
            JsonNode token)
            throws Exception {
        out.println();
        out.printf("  %-10s %-18s %8s %12s %12s%n", "service", "ended", "requests", "median ms", "99th pct ms");
        ledger.outcomes()
                .forEach((service, states) -> states.forEach((state, count) -> out.printf(
                        "  %-10s %-18s %8d %12s %12s%n",
                        service,
                        state,
                        count,
                        state.equals("DELIVERED") ? ledger.quantile(service, 0.5) : "",
                        state.equals("DELIVERED") ? ledger.quantile(service, 0.99) : "")));
        out.printf(
                "  %-10s %-18s %8d %12d %12d%n%n",
                "all",
                "DELIVERED",
                ledger.rows().stream()
                        .filter(r -> r.state().equals("DELIVERED"))
                        .count(),
                ledger.quantile("", 0.5),
                ledger.quantile("", 0.99));

        ComparisonTable ledgerAndSimulator = new ComparisonTable();
        for (String service : List.of("4.1.1", "11.2", "7.1", "8.2")) {
            ledgerAndSimulator.expect(
                    "requests " + service + " answered / carried out",
                    ledger.count(service, "DELIVERED"),
                    counts.path("accepted." + service).asLong());
        }
        long dated = ledger.count("1.6", "ACTIONED");
        ledgerAndSimulator.expect(
                "Pre-Commands received / given",
                ledger.count("7.1", "DELIVERED") + ledger.count("7.1", "NOT_CORRELATED") + dated,
                counts.path("pre-command").asLong());
        ledgerAndSimulator.expect(
                "Pre-Commands refused / altered",
                ledger.count("7.1", "NOT_CORRELATED"),
                counts.path("pre-command.altered").asLong());
        ledgerAndSimulator.expect(
                "Pre-Commands signed / seen signed",
                ledger.count("7.1", "DELIVERED") + dated,
                counts.path("signed-pre-command").asLong());
        ledgerAndSimulator.expect(
                "top-ups delivered / accepted by the meter",
                ledger.count("2.2", "DELIVERED"),
                counts.path("top-up.accepted").asLong());
        ledgerAndSimulator.expect(
                "alerts delivered / raised",
                supplier.alerts.size(),
                counts.path("device-alert").asLong() + counts.path("dcc-alert").asLong());
        ledgerAndSimulator.print(out, "ledger", "simulator");
        out.println();

        ComparisonTable expectations = new ComparisonTable();
        for (String service : List.of("4.1.1", "11.2", "7.1", "8.2")) {
            expectations.expect(
                    "requests " + service + " delivered",
                    plan.stream()
                            .filter(a -> a.request().service().equals(service))
                            .count(),
                    ledger.count(service, "DELIVERED"));
        }
        expectations.expect(
                "results by JMS",
                plan.stream().filter(a -> a.channel() == Channel.JMS).count(),
                byJms(supplier));
        expectations.expect(
                "results in files",
                plan.stream().filter(a -> a.channel() == Channel.FILE).count(),
                supplier.fileResults().size());
        expectations.expect("results by HTTP", byHttp.size(), httpDelivered(supplier, byHttp));
        expectations.expect("the future-dated command was carried out by the meter", 1L, dated);
        expectations.expect("the altered Pre-Command ended", "NOT_CORRELATED", find(show, "state"));
        expectations.expect("a request by a role that may not send it: HTTP", 422, byWrongRole.statusCode());
        expectations.expect("a malformed request: HTTP", 422, malformed.statusCode());
        expectations.expect(
                "counters used twice, by the simulator's record",
                0,
                counts.path("counter-reused").asLong());
        expectations.expect("security log intact", "true", find(log, "intact"));
        expectations.print(out, "expected", "got");
        out.println();
        out.println("  wrong role:  "
                + JSON.readTree(byWrongRole.body()).path("title").asText());
        out.println("  malformed:   "
                + JSON.readTree(malformed.body()).path("title").asText());
        out.println("  altered:     " + differences(show));
        out.println(
                "  top-up:      12.50 pounds, key in " + token.path("grouped").asText());
        boolean reading = reading(supplier, byHttp);
        out.println("  security log: " + log);
        out.println();
        return ledgerAndSimulator.allRight() && expectations.allRight() && reading;
    }

    private static long httpDelivered(Supplier supplier, Map<String, SupplierRequest> byHttp) throws Exception {
        long delivered = 0;
        for (String id : byHttp.keySet()) {
            delivered += supplier.get("/service-requests/" + id)
                            .path("state")
                            .asText()
                            .equals("DELIVERED")
                    ? 1
                    : 0;
        }
        return delivered;
    }

    private static String differences(JsonNode show) {
        JsonNode list = show.findPath("differences");
        StringBuilder text = new StringBuilder();
        for (JsonNode difference : list) {
            text.append(difference.path("path").asText())
                    .append(": expected ")
                    .append(difference.path("expected").asText())
                    .append(", got ")
                    .append(difference.path("got").asText())
                    .append(" (")
                    .append(difference.path("rule").asText())
                    .append("); ");
        }
        return text.isEmpty() ? "no difference was reported" : text.toString();
    }

    /** The first value of that name at any depth. */
    private static String find(JsonNode tree, String name) {
        return tree.findPath(name).asText("missing");
    }

    /** Prints the parsed reading of the first electricity meter that was read by HTTP. */
    private boolean reading(Supplier supplier, Map<String, SupplierRequest> byHttp) throws Exception {
        for (var entry : byHttp.entrySet()) {
            if (entry.getValue().service().equals("4.1.1")
                    && entry.getValue().device().type() == DeviceType.ESME) {
                JsonNode register = supplier.get("/service-requests/" + entry.getKey() + "/result")
                        .findPath("ActiveImportRegister");
                out.printf(
                        "  reading:     meter %s, active import %s %s%n",
                        entry.getValue().device().deviceId().dashed(),
                        register.findPath("Value").asText("?"),
                        register.findPath("ActiveEnergyUnit").asText("?"));
                return register.findPath("Value").asLong() > 0;
            }
        }
        return false;
    }

    private void sayHowToReach(Appliance appliance) throws IOException {
        Ports p = appliance.ports();
        say("left running until ctrl-C. How to reach it:");
        out.printf(
                "  console     ssh -p %d admin@127.0.0.1     password: %s%n",
                p.ssh(), appliance.home().resolve("state/secrets/console-admin.password"));
        out.printf(
                "  HTTP        http://127.0.0.1:%d/service-requests     token: %s%n",
                p.http(), appliance.home().resolve("state/secrets/http-door.token"));
        out.printf(
                "  JMS         tcp://127.0.0.1:%d, user supplier     password: %s%n",
                p.broker(), appliance.home().resolve("state/secrets/broker-supplier.password"));
        out.printf("  files       %s%n", appliance.home().resolve("state/intake"));
        out.printf("  simulator   http://127.0.0.1:%d/counts, and sim:fault on the console%n", p.control());
        out.printf("  log         %s%n", appliance.home().resolve("data/log/postern.log"));
        out.flush();
    }
}
