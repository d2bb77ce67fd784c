package org.postern.itests.survival;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.UserRole;
import org.postern.inventory.DeviceFacts;
import org.postern.inventory.InventoryCsv;
import org.postern.simulator.examples.ExampleFiller;
import org.postern.simulator.examples.ExampleRequest;
import org.postern.simulator.examples.ExampleRequests;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatedDevice;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.testkit.Await;
import org.postern.testkitprocess.LedgerFile;
import org.postern.testkitprocess.SimulatorProcess;
import org.postern.testkitprocess.SupplierSystem;

/** Addresses every example request to a suitable device, submits it, and follows it in the ledger to its end. */
final class ExampleRuns {

    /**
     * One submitted example.
     *
     * @param correlation the supplier's own id
     * @param id durable id
     * @param requestId RequestID
     * @param end the state in which it must end
     */
    record Run(
            ExampleRequest example,
            SimulatedDevice device,
            String correlation,
            String id,
            String requestId,
            String end) {}

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration READY = Duration.ofSeconds(30);
    private static final Pattern CERTIFICATION_REQUEST = Pattern.compile("CertificationRequest>([^<]+)<");
    private static final int MOST_SERVICES = 3;
    private static final String ALONE = "alone";

    private final ExampleRequests examples = ExampleRequests.load();
    private final Map<ExampleRequest, SimulatedDevice> devices = new LinkedHashMap<>();
    private final SimulatorPki pki;
    private final ExampleFiller filler;

    ExampleRuns(SimulatorPki pki, Population population) {
        this.pki = pki;
        this.filler = new ExampleFiller(pki, Clock.systemUTC());
        Map<Eui64, Set<String>> taken = new HashMap<>();
        // examples that need other devices in the same home choose first
        for (ExampleRequest example : examples.all().stream()
                .sorted(Comparator.comparing(e -> -e.companions().size()))
                .toList()) {
            SimulatedDevice device = population.devices().stream()
                    .filter(d -> example.fits(d, population))
                    .filter(d -> free(example, taken.computeIfAbsent(d.deviceId(), id -> new HashSet<>())))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("the population is too small for " + example.name()));
            taken.get(device.deviceId()).add(alone(example) ? ALONE : example.service());
            devices.put(example, device);
        }
    }

    /** True if the device has had no request of the same service and none that interferes with this one. */
    private static boolean free(ExampleRequest example, Set<String> services) {
        return services.isEmpty()
                || !alone(example)
                        && !services.contains(ALONE)
                        && services.size() < MOST_SERVICES
                        && !services.contains(example.service());
    }

    private static boolean alone(ExampleRequest example) {
        return example.execution() != ExampleRequest.Execution.NOW
                || !example.attributes().isEmpty()
                || List.of("6.15.1", "6.15.2", "6.17", "6.21", "6.23", "11.3").contains(example.service());
    }

    List<ExampleRequest> all() {
        return examples.all();
    }

    ExampleRequest named(String name) {
        return examples.require(name);
    }

    /** The document of an example that is not future-dated. */
    byte[] document(ExampleRequest example) {
        return filler.document(example, device(example), Instant.EPOCH);
    }

    SimulatedDevice device(ExampleRequest example) {
        return devices.get(example);
    }

    /** The same request with the time to which a cancellation refers. */
    ExampleRequest dated(ExampleRequest cancellation) {
        return examples.require(cancellation.name().replace("-cancel", "-dated"));
    }

    /** Writes into the appliance's inventory what each example requires to be known of its device. */
    void completeInventory(Path file) throws Exception {
        Map<Eui64, DeviceFacts> facts = new LinkedHashMap<>(InventoryCsv.read(file));
        devices.forEach((example, device) -> {
            Map<String, String> attributes =
                    new LinkedHashMap<>(facts.get(device.deviceId()).attributes());
            attributes.putAll(filler.facts(example, device).attributes());
            facts.put(
                    device.deviceId(),
                    new DeviceFacts(
                            device.deviceId(),
                            facts.get(device.deviceId()).deviceType(),
                            device.variant(),
                            attributes));
        });
        List<String> lines = new ArrayList<>(List.of("deviceId,deviceType,variant,attributes"));
        for (DeviceFacts one : facts.values()) {
            boolean electricity =
                    one.deviceType().filter(DeviceType.ESME::equals).isPresent();
            lines.add(String.join(
                    ",",
                    one.deviceId().hex(),
                    one.deviceType().orElseThrow().name(),
                    electricity ? one.variant().name().toLowerCase(Locale.ROOT) : "",
                    String.join(
                            ";",
                            one.attributes().entrySet().stream()
                                    .map(a -> a.getKey() + "=" + a.getValue())
                                    .toList())));
        }
        Files.write(file, lines);
    }

    /**
     * Writes for the simulated DCC what it cannot derive from the population; it derives the joins of devices itself.
     */
    void completeDcc(Path file) throws Exception {
        List<String> lines = new ArrayList<>(List.of("deviceId,deviceType,variant,attributes"));
        devices.forEach((example, device) -> {
            String generation = filler.facts(example, device).attributes().get("generation");
            if (generation != null) {
                lines.add(String.join(
                        ",", device.deviceId().hex(), device.type().name(), "", "generation=" + generation));
            }
        });
        Files.write(file, lines);
    }

    /**
     * Prepares the devices for the examples: those that will activate firmware receive it (11.1), those that will
     * receive a certificate create a key for it (6.17).
     */
    void prepare(SupplierSystem supplier, LedgerFile ledger, SimulatorProcess dcc) throws Exception {
        List<Run> made = new ArrayList<>();
        for (ExampleRequest example : examples.all()) {
            if (example.body().contains("{issued:")) {
                SimulatedDevice device = devices.get(example);
                String type = kind(example).equals("ds") ? "Digital Signature" : "Key Agreement";
                ExampleRequest issue = examples.all().stream()
                        .filter(e -> e.service().equals("6.17")
                                && e.role().equals(example.role())
                                && e.deviceType() == device.type()
                                && e.body().contains(type))
                        .findFirst()
                        .orElseThrow();
                made.add(submit(
                        supplier, ledger, "prepare-" + example.name(), issue, device, Instant.EPOCH, "DELIVERED"));
            }
        }
        for (UserRole role : List.of(UserRole.IS, UserRole.GS)) {
            distribute(
                    supplier,
                    role,
                    devices.entrySet().stream()
                            .filter(e -> e.getKey().service().equals("11.3")
                                    && e.getKey().role().equals(Optional.of(role)))
                            .map(Map.Entry::getValue)
                            .distinct()
                            .toList());
        }
        Map<Run, String> open = await(ledger, made, READY);
        if (!open.isEmpty()) {
            throw new AssertionError("keys that were not made: " + open);
        }
        Iterator<Run> runs = made.iterator();
        for (ExampleRequest example : examples.all()) {
            if (example.body().contains("{issued:")) {
                Run run = runs.next();
                Await.until(
                        () -> "the key made for " + example.name(),
                        READY,
                        () -> !supplier.results(run.correlation()).isEmpty());
                Matcher request = CERTIFICATION_REQUEST.matcher(
                        supplier.results(run.correlation()).get(0).text());
                if (!request.find()) {
                    throw new AssertionError("no certification request in "
                            + supplier.results(run.correlation()).get(0));
                }
                byte[] certificate = pki.issueDevice(
                                Base64.getMimeDecoder().decode(request.group(1)),
                                run.device().deviceId(),
                                kind(example).equals("ds"),
                                Clock.systemUTC())
                        .getEncoded();
                filler.issued(run.device(), kind(example), Base64.getEncoder().encodeToString(certificate));
                // the device uses the new key from its answer on, so its certificate has to be in the inventory before
                Files.writeString(
                        pki.certificates().resolve(run.device().deviceId().fileName() + "-" + kind(example) + ".pem"),
                        "-----BEGIN CERTIFICATE-----\n"
                                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate)
                                + "\n-----END CERTIFICATE-----\n");
            }
        }
        long holders = devices.entrySet().stream()
                .filter(e -> e.getKey().service().equals("11.3"))
                .map(Map.Entry::getValue)
                .distinct()
                .count();
        Await.until("the devices hold their firmware", READY, () -> dcc.count("firmware.delivered") >= holders);
    }

    private static String kind(ExampleRequest example) {
        return example.body().contains("{issued:ds}") ? "ds" : "ka";
    }

    private static void distribute(SupplierSystem supplier, UserRole role, List<SimulatedDevice> devices)
            throws Exception {
        ObjectNode request = JSON.createObjectNode().put("service", "11.1").put("role", role.name());
        request.putObject("body")
                .put("FirmwareImage", Base64.getEncoder().encodeToString(ExampleFiller.firmwareImage()))
                .put("FirmwareVersion", "0A0B0C0D")
                .put(
                        "DeviceIDList",
                        String.join(
                                ",",
                                devices.stream().map(d -> d.deviceId().dashed()).toList()));
        HttpResponse<String> answer = supplier.post("application/json", request.toString(), "prepare-firmware-" + role);
        if (answer.statusCode() != 202) {
            throw new AssertionError("11.1 was not accepted: " + answer.statusCode() + " " + answer.body());
        }
    }

    /** Submits it by HTTP, as the XML document of the table. */
    Run submit(
            SupplierSystem supplier,
            LedgerFile ledger,
            String round,
            ExampleRequest example,
            SimulatedDevice device,
            Instant executionTime,
            String end)
            throws Exception {
        String correlation = round + "-" + example.name();
        HttpResponse<String> answer = post(supplier, example, device, executionTime, correlation);
        if (answer.statusCode() != 202) {
            throw new AssertionError(
                    example.name() + " was not accepted: " + answer.statusCode() + " " + answer.body());
        }
        String id = JSON.readTree(answer.body()).path("id").asText();
        String requestId = String.valueOf(ledger.rows("SELECT request_id FROM requests WHERE id = ?", id)
                .get(0)
                .get("request_id"));
        return new Run(example, device, correlation, id, requestId, end);
    }

    HttpResponse<String> post(
            SupplierSystem supplier,
            ExampleRequest example,
            SimulatedDevice device,
            Instant executionTime,
            String correlation)
            throws Exception {
        String document = new String(filler.document(example, device, executionTime), StandardCharsets.UTF_8);
        return supplier.post("application/xml", document, correlation);
    }

    /**
     * Waits until each is in its expected final state, or the time is over; returns a description of those that are
     * not.
     */
    static Map<Run, String> await(LedgerFile ledger, List<Run> runs, Duration most) throws Exception {
        Map<Run, String> open = new LinkedHashMap<>();
        try {
            Await.until("their ends", most, () -> {
                open.clear();
                Map<String, Map<String, Object>> now = new LinkedHashMap<>();
                ledger.rows("SELECT id, state, cause, success FROM requests")
                        .forEach(row -> now.put(String.valueOf(row.get("id")), row));
                for (Run run : runs) {
                    Map<String, Object> row = now.getOrDefault(run.id(), Map.of());
                    if (!run.end().equals(row.get("state"))) {
                        open.put(
                                run,
                                "should be " + run.end() + ", is " + row.get("state") + " (" + row.get("cause") + ")");
                    }
                }
                return open.isEmpty();
            });
        } catch (AssertionError e) {
            return open;
        }
        return open;
    }

    /** The simulator's events of that kind for one request. */
    static List<JsonNode> events(List<JsonNode> all, String what) {
        return all.stream()
                .filter(event -> event.path("what").asText().startsWith(what))
                .toList();
    }
}
