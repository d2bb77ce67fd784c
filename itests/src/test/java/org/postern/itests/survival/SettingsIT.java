package org.postern.itests.survival;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.UserRole;
import org.postern.catalogue.settings.Setting;
import org.postern.catalogue.settings.SettingsTable;
import org.postern.simulator.examples.SupplierRequest;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatedDevice;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.testkit.Await;
import org.postern.testkitprocess.Ports;
import org.postern.testkitprocess.PosternProcess;
import org.postern.testkitprocess.SimulatorProcess;
import org.postern.testkitprocess.SupplierSystem;

/**
 * Writes wrong values of every setting of every bundle into etc/ while requests are processed: nothing is disturbed,
 * each wrong value is reported, and a right value afterwards takes effect.
 */
class SettingsIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    /** One wrong value; null removes the setting. */
    private record Wrong(String key, String value) {}

    /** Submits requests and polls the health all the time; records what was not as it should be. */
    private static final class Traffic implements AutoCloseable {

        private final ConcurrentLinkedQueue<String> disturbed = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<String> submitted = new ConcurrentLinkedQueue<>();
        private final PosternProcess postern;
        private final SupplierSystem supplier;
        private final SimulatedDevice meter;
        private final List<Thread> threads = new ArrayList<>();
        private final CountDownLatch stop = new CountDownLatch(1);

        Traffic(PosternProcess postern, SupplierSystem supplier, SimulatedDevice meter) {
            this.postern = postern;
            this.supplier = supplier;
            this.meter = meter;
            start("traffic", this::submit);
            start("health", this::askHealth);
        }

        private void start(String name, Runnable task) {
            Thread thread = new Thread(task, "settings-" + name);
            threads.add(thread);
            thread.start();
        }

        private void submit() {
            for (int i = 0; stop.getCount() > 0; i++) {
                SupplierRequest request = new SupplierRequest("settings-" + i, "4.1.1", UserRole.IS, meter);
                try {
                    if (i % 2 == 0) {
                        HttpResponse<String> answer =
                                supplier.post("application/json", request.json(), request.correlation());
                        if (answer.statusCode() != 202) {
                            disturbed.add(request.correlation() + " was answered " + answer.statusCode() + " "
                                    + answer.body());
                            continue;
                        }
                    } else {
                        supplier.jms(request);
                    }
                    submitted.add(request.correlation());
                    stop.await(200, TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    return;
                } catch (Exception e) {
                    disturbed.add(request.correlation() + ": " + e);
                }
            }
        }

        private void askHealth() {
            while (stop.getCount() > 0) {
                try {
                    if (!postern.healthy()) {
                        disturbed.add("not ready: " + postern.lastLogLines());
                    }
                    stop.await(100, TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    return;
                }
            }
        }

        @Override
        public void close() throws Exception {
            stop.countDown();
            for (Thread thread : threads) {
                thread.join(30_000);
            }
        }
    }

    private static JsonNode health(PosternProcess postern) {
        try {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + postern.ports().http() + "/health"))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            return JSON.readTree(
                    HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException e) {
            return JSON.createObjectNode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return JSON.createObjectNode();
        }
    }

    private static List<String> remarks(PosternProcess postern) {
        List<String> remarks = new ArrayList<>();
        health(postern).path("remarks").path("settings").forEach(remark -> remarks.add(remark.asText()));
        return remarks;
    }

    /** The metatype of the distribution's own bundles. */
    private static Map<String, SettingsTable> tables(Path home) throws IOException {
        Map<String, SettingsTable> tables = new TreeMap<>();
        try (Stream<Path> files = Files.walk(home.resolve("system/org/postern"))) {
            for (Path jar :
                    files.filter(file -> file.toString().endsWith(".jar")).toList()) {
                try (JarFile open = new JarFile(jar.toFile())) {
                    for (JarEntry entry : open.stream()
                            .filter(each -> each.getName().startsWith(SettingsTable.FOLDER + "/")
                                    && each.getName().endsWith(".xml"))
                            .toList()) {
                        try (InputStream in = open.getInputStream(entry)) {
                            SettingsTable.read(in).forEach(table -> tables.put(table.pid() + ".cfg", table));
                        }
                    }
                }
            }
        }
        return tables;
    }

    /**
     * Values of another type, empty, out of range or of another form, and the removal of a mandatory setting; also
     * values that are right by themselves, but name a file that does not exist, a port in use, an address that others
     * can reach without TLS, or another database.
     */
    private static List<Wrong> wrongs(SettingsTable table, int takenPort) {
        List<Wrong> wrongs = new ArrayList<>();
        for (Setting setting : table.settings().values().stream()
                .sorted(java.util.Comparator.comparing(Setting::key))
                .toList()) {
            List<String> values = new ArrayList<>(List.of("", "abc", "a\\u0000b"));
            if (setting.type().equals("Integer") || setting.type().equals("Long")) {
                values.add(Long.toString(setting.min() - 1));
                values.add(Long.toString(setting.max() + 1));
                values.add("1.5");
            }
            values.stream()
                    .filter(value -> !setting.fits(List.of(value.replace("\\u0000", "\0"))))
                    .forEach(value -> wrongs.add(new Wrong(setting.key(), value)));
            if (setting.terms().fixed()) {
                wrongs.add(new Wrong(setting.key(), "jdbc:sqlite:/nowhere/new.db"));
            }
            if (!setting.terms().secure().isEmpty()) {
                wrongs.add(new Wrong(setting.key(), "0.0.0.0"));
            }
            switch (setting.terms().form()) {
                case EXISTING -> wrongs.add(new Wrong(setting.key(), "/nowhere/at/all"));
                case LISTEN_PORT -> wrongs.add(new Wrong(setting.key(), Integer.toString(takenPort)));
                case LISTEN_ADDRESS -> wrongs.add(new Wrong(setting.key(), "192.0.2.1"));
                default -> {}
            }
            if (setting.mustBeSet()) {
                wrongs.add(new Wrong(setting.key(), null));
            }
        }
        return wrongs;
    }

    @Test
    void noWrongValueOfAnySettingDisturbsAnything() throws Exception {
        Path work = Path.of("target", "survival", "settings").toAbsolutePath();
        PosternProcess.delete(work);
        Population population = new Population(7, 2);
        SimulatorPki pki = SimulatorPki.create(work.resolve("pki"), population, Clock.systemUTC());
        Ports ports = Ports.free();
        SimulatedDevice meter = population.devices(DeviceType.ESME).get(0);
        try (ServerSocket taken = new ServerSocket(0);
                SimulatorProcess dcc = new SimulatorProcess(Prerequisites.simulator(), pki, ports);
                PosternProcess postern =
                        PosternProcess.unpack(Prerequisites.distribution(), work.resolve("appliance"), pki, ports)) {
            postern.set("config.properties", Map.of("felix.fileinstall.poll", "200"));
            dcc.start();
            postern.start();
            postern.awaitReady();
            assertThat(remarks(postern))
                    .as("the settings as they are delivered")
                    .isEmpty();
            Map<String, Path> good = new LinkedHashMap<>();
            Path kept = Files.createDirectories(work.resolve("good"));
            Map<String, List<Wrong>> wrongs = new TreeMap<>();
            for (Map.Entry<String, SettingsTable> table : tables(postern.home()).entrySet()) {
                Path file = postern.home().resolve("etc").resolve(table.getKey());
                if (Files.exists(file)) {
                    good.put(table.getKey(), Files.copy(file, kept.resolve(table.getKey())));
                    wrongs.put(table.getKey(), new ArrayList<>(wrongs(table.getValue(), taken.getLocalPort())));
                }
            }
            assertThat(wrongs).hasSizeGreaterThan(18);
            int tried = 0;
            try (SupplierSystem supplier = new SupplierSystem(postern)) {
                Traffic traffic = new Traffic(postern, supplier, meter);
                try (traffic) {
                    while (wrongs.values().stream().anyMatch(left -> !left.isEmpty())) {
                        tried += round(postern, good, wrongs);
                    }
                    for (Map.Entry<String, Path> file : good.entrySet()) {
                        write(
                                postern.home().resolve("etc").resolve(file.getKey()),
                                Files.readString(file.getValue()) + "# as it was\n");
                    }
                    Await.until(
                            "no remarks with the files as they were",
                            TIMEOUT,
                            () -> remarks(postern).isEmpty());
                }
                assertThat(traffic.disturbed)
                        .as("what was not as it should be while %s wrong values were written", tried)
                        .isEmpty();
                for (String correlation : traffic.submitted) {
                    Await.until(
                            "the result of " + correlation,
                            TIMEOUT,
                            () -> !supplier.results(correlation).isEmpty());
                    assertThat(supplier.results(correlation))
                            .hasSize(1)
                            .allSatisfy(result -> assertThat(result.outcome()).isEqualTo("success"));
                }
                System.out.println("wrong values: " + tried + ", requests meanwhile: " + traffic.submitted.size());
            }
            assertThat(Path.of("/nowhere")).doesNotExist();
            aRightValueIsTaken(postern);
            theLastGoodOnesAreInForceAfterARestart(postern);
        }
    }

    /** Writes one wrong value into every file at once; each has to be reported. */
    private static int round(PosternProcess postern, Map<String, Path> good, Map<String, List<Wrong>> wrongs)
            throws Exception {
        Map<String, Wrong> now = new HashMap<>();
        for (Map.Entry<String, List<Wrong>> left : wrongs.entrySet()) {
            if (!left.getValue().isEmpty()) {
                now.put(left.getKey(), left.getValue().remove(0));
            }
        }
        for (Map.Entry<String, Wrong> each : now.entrySet()) {
            Path file = postern.home().resolve("etc").resolve(each.getKey());
            StringBuilder text = new StringBuilder();
            boolean ours = false;
            for (String line : Files.readAllLines(good.get(each.getKey()))) {
                ours = ours && !text.isEmpty() || line.matches(each.getValue().key() + "\\s*=.*");
                if (!ours) {
                    text.append(line).append('\n');
                }
                ours = ours && line.endsWith("\\");
            }
            if (each.getValue().value() != null) {
                text.append(each.getValue().key())
                        .append(" = ")
                        .append(each.getValue().value())
                        .append('\n');
            }
            write(file, text.toString());
        }
        Await.until(() -> "each of " + now + " is reported; reported are " + remarks(postern), TIMEOUT, () -> {
            List<String> remarks = remarks(postern);
            return now.entrySet().stream()
                    .allMatch(each -> remarks.stream()
                            .anyMatch(remark -> remark.startsWith("PST-7102 " + each.getKey() + ": "
                                    + each.getValue().key() + ": ")));
        });
        return now.size();
    }

    /** Writes as an editor does: the file appears completely or not at all. */
    private static void write(Path file, String text) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".draft");
        Files.writeString(draft, text);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void aRightValueIsTaken(PosternProcess postern) throws Exception {
        postern.set("org.postern.intake.cfg", Map.of("httpMaxBytes", "1024"));
        Await.until("the smaller limit is in force", TIMEOUT, () -> {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + postern.ports().http() + "/service-requests"))
                    .header("Authorization", "Bearer " + postern.secret("http-door.token"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(" ".repeat(2000)))
                    .build();
            try {
                return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 413;
            } catch (IOException e) {
                return false;
            }
        });
    }

    private static void theLastGoodOnesAreInForceAfterARestart(PosternProcess postern) throws Exception {
        postern.close();
        postern.set("org.postern.intake.cfg", Map.of("httpPort", "70000"));
        postern.set("org.postern.receiveresponse.cfg", Map.of("port", "-3"));
        postern.set("org.postern.gateway.cfg", Map.of("baseUrl", "http://dcc.example"));
        postern.start();
        postern.awaitReady();
        assertThat(remarks(postern))
                .hasSize(3)
                .anyMatch(remark -> remark.startsWith("PST-7102 org.postern.intake.cfg: httpPort: 70000"))
                .anyMatch(remark -> remark.startsWith("PST-7102 org.postern.receiveresponse.cfg: port: -3"))
                .anyMatch(remark -> remark.startsWith("PST-7102 org.postern.gateway.cfg: baseUrl: http://dcc.example"));
    }

    /** With standard values the embedded broker would run although an external one is configured. */
    @Test
    void aFirstStartWithAWrongValueKeepsThePartClosedUntilItIsRight() throws Exception {
        Path work = Path.of("target", "survival", "settings-first").toAbsolutePath();
        PosternProcess.delete(work);
        SimulatorPki pki = SimulatorPki.create(work.resolve("pki"), new Population(7, 2), Clock.systemUTC());
        Ports ports = Ports.free();
        String wrong = "PST-7104 org.postern.broker.cfg: mode: extrenal";
        try (SimulatorProcess dcc = new SimulatorProcess(Prerequisites.simulator(), pki, ports);
                PosternProcess postern =
                        PosternProcess.unpack(Prerequisites.distribution(), work.resolve("appliance"), pki, ports)) {
            dcc.start();
            postern.set("org.postern.broker.cfg", Map.of("mode", "extrenal"));
            postern.start();
            Await.until(
                    "not ready, and why",
                    TIMEOUT.multipliedBy(4),
                    () -> postern.log().lines().anyMatch(line -> line.contains("NOT READY") && line.contains(wrong)));
            Await.until("the modules have started", TIMEOUT, () -> postern.log().contains("Elliptic-curve provider"));
            assertThat(postern.home().resolve("state/artemis"))
                    .as("no broker that is not configured")
                    .doesNotExist();
            assertThat(postern.healthy()).isFalse();
            postern.set("org.postern.broker.cfg", Map.of("mode", "embedded"));
            postern.awaitReady();
            assertThat(remarks(postern)).isEmpty();
            postern.close();
            postern.set("org.postern.broker.cfg", Map.of("mode", "extrenal"));
            postern.start("clean");
            postern.awaitReady();
            assertThat(remarks(postern)).singleElement().asString().startsWith(wrong.replace("7104", "7102"));
        }
    }
}
