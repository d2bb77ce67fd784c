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
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.UserRole;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatedDevice;
import org.postern.simulator.pki.SimulatorPki;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The demonstration, from an unpacked distribution to a table; exit code 0 only where every outcome is the expected
 * one.
 */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Starts Postern with a simulated DCC and sends requests through it.")
public final class Demo implements Callable<Integer> {

    private static final Duration READY = Duration.ofMinutes(5);
    private static final Duration DONE = Duration.ofSeconds(90);
    private static final int DEVICE_ALERTS = 6;
    /** The altered one, the top-up and the dated one. */
    private static final int MORE = 3;

    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(names = "--archive", required = true, description = "The distribution, a .tar.gz.")
    private Path archive;

    @Option(
            names = "--work",
            required = true,
            description = "Folder to work in; what an earlier run left there is removed.")
    private Path work;

    @Option(names = "--keep", description = "Leave everything running at the end, and say how to reach it.")
    private boolean keep;

    @Option(
            names = "--premises",
            defaultValue = "50",
            description = "Homes of the simulated population (default ${DEFAULT-VALUE}).")
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
        // a second run would delete what the first works in
        try (FileChannel lock =
                FileChannel.open(work.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (lock.tryLock() == null) {
                say("another demonstration is at work in %s", work);
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
            boolean right = run(appliance, population);
            say(
                    "%s; %.1f s in all",
                    right ? "everything ended as expected" : "NOT everything ended as expected",
                    Duration.between(start, Instant.now()).toMillis() / 1000.0);
            if (keep) {
                sayWhere(appliance);
                new CountDownLatch(1).await();
            }
            return right ? 0 : 1;
        } catch (DemoFailure e) {
            say("FAILED: %s", e.getMessage());
            return 1;
        } catch (Exception e) {
            // whatever went wrong between two processes: the appliance's last words tell more than our stack
            say("FAILED: %s%n%s", e, appliance.lastWords());
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
            List<Ask> plan = Ask.plan(population);
            Map<String, Ask> byHttp = handIn(supplier, plan);
            JsonNode altered = JSON.readTree(
                    supplier.http("application/json", new Ask(Ask.Door.HTTP, "7.1", UserRole.IS, victim).json())
                            .body());
            JsonNode token = supplier.topUp(
                    "till-1", Ask.topUp(population.devices(DeviceType.ESME).get(1), 1250));
            supplier.http(
                    "application/json",
                    Ask.dated(
                            population.devices(DeviceType.ESME).get(2),
                            Instant.now().plusSeconds(5)));
            HttpResponse<String> byWrongRole =
                    supplier.http("application/json", new Ask(Ask.Door.HTTP, "7.1", UserRole.ED, victim).json());
            HttpResponse<String> malformed = supplier.http("application/xml", "<Request><Header>");
            alerts(dcc, population);
            Ledger ledger = watch(console, supplier, plan.size() + MORE);
            JsonNode show = console.json("dcc:show " + altered.path("id").asText());
            JsonNode log = console.json("audit:verify");
            JsonNode counts = dcc.get("/counts");
            return report(supplier, plan, ledger, counts, byHttp, byWrongRole, malformed, show, log, token);
        }
    }

    /** The ssh door opens a moment after the ready marker on a slow machine. */
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

    /** Hands everything in over its door; gives the ids of those that went by HTTP. */
    private Map<String, Ask> handIn(Supplier supplier, List<Ask> plan) throws Exception {
        Instant before = Instant.now();
        List<String> lines = new ArrayList<>();
        Map<String, Ask> byHttp = new LinkedHashMap<>();
        int number = 0;
        for (Ask ask : plan) {
            switch (ask.door()) {
                case JMS -> supplier.jms("demo-" + number++, ask.json());
                case FILE -> lines.add(ask.json());
                default -> {
                    HttpResponse<String> answer = supplier.http("application/json", ask.json());
                    if (answer.statusCode() != 202) {
                        throw new DemoFailure(
                                "POST /service-requests answered " + answer.statusCode() + " " + answer.body());
                    }
                    byHttp.put(JSON.readTree(answer.body()).path("id").asText(), ask);
                }
            }
        }
        supplier.file("demo.jsonl", lines);
        say(
                "%d requests handed in by JMS, HTTP and file in %d ms",
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

    /** Results of what was handed in by JMS; the queue has copies of the others' too. */
    private static long byJms(Supplier supplier) {
        return supplier.jmsOutcomes.keySet().stream()
                .filter(id -> id.startsWith("demo-"))
                .count();
    }

    private boolean report(
            Supplier supplier,
            List<Ask> plan,
            Ledger ledger,
            JsonNode counts,
            Map<String, Ask> byHttp,
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

        Verdicts sides = new Verdicts();
        for (String service : List.of("4.1.1", "11.2", "7.1", "8.2")) {
            sides.expect(
                    "requests " + service + " answered / carried out",
                    ledger.count(service, "DELIVERED"),
                    counts.path("accepted." + service).asLong());
        }
        long dated = ledger.count("1.6", "ACTIONED");
        sides.expect(
                "Pre-Commands received / given",
                ledger.count("7.1", "DELIVERED") + ledger.count("7.1", "NOT_CORRELATED") + dated,
                counts.path("pre-command").asLong());
        sides.expect(
                "Pre-Commands refused / altered",
                ledger.count("7.1", "NOT_CORRELATED"),
                counts.path("pre-command.altered").asLong());
        sides.expect(
                "Pre-Commands signed / seen signed",
                ledger.count("7.1", "DELIVERED") + dated,
                counts.path("signed-pre-command").asLong());
        sides.expect(
                "top-ups delivered / accepted by the meter",
                ledger.count("2.2", "DELIVERED"),
                counts.path("top-up.accepted").asLong());
        sides.expect(
                "alerts delivered / raised",
                supplier.alerts.size(),
                counts.path("device-alert").asLong() + counts.path("dcc-alert").asLong());
        sides.print(out, "ledger", "simulator");
        out.println();

        Verdicts verdicts = new Verdicts();
        for (String service : List.of("4.1.1", "11.2", "7.1", "8.2")) {
            verdicts.expect(
                    "requests " + service + " delivered",
                    plan.stream().filter(a -> a.service().equals(service)).count(),
                    ledger.count(service, "DELIVERED"));
        }
        verdicts.expect(
                "results by JMS",
                plan.stream().filter(a -> a.door() == Ask.Door.JMS).count(),
                byJms(supplier));
        verdicts.expect(
                "results in files",
                plan.stream().filter(a -> a.door() == Ask.Door.FILE).count(),
                supplier.fileResults().size());
        verdicts.expect("results by HTTP", byHttp.size(), httpDelivered(supplier, byHttp));
        verdicts.expect("the dated command was carried out by the meter", 1L, dated);
        verdicts.expect("the altered Pre-Command ended", "NOT_CORRELATED", find(show, "state"));
        verdicts.expect("a request by a role that may not send it: HTTP", 422, byWrongRole.statusCode());
        verdicts.expect("a malformed request: HTTP", 422, malformed.statusCode());
        verdicts.expect(
                "counters used twice, by the simulator's record",
                0,
                counts.path("counter-reused").asLong());
        verdicts.expect("security log intact", "true", find(log, "intact"));
        verdicts.print(out, "expected", "got");
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
        return sides.allRight() && verdicts.allRight() && reading;
    }

    private static long httpDelivered(Supplier supplier, Map<String, Ask> byHttp) throws Exception {
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
        return text.isEmpty() ? "no difference was told" : text.toString();
    }

    /** The first value of that name, anywhere. */
    private static String find(JsonNode tree, String name) {
        return tree.findPath(name).asText("missing");
    }

    /** Prints the parsed reading of the first electricity meter that was read by HTTP. */
    private boolean reading(Supplier supplier, Map<String, Ask> byHttp) throws Exception {
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

    private void sayWhere(Appliance appliance) throws IOException {
        Ports p = appliance.ports();
        say("left running; ends with ctrl-C. How to reach it:");
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
