package org.postern.testkitprocess;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.testkit.Await;

/**
 * Runs the simulated DCC as a process of its own: it survives the appliance, and its event record shows what the
 * appliance sent.
 */
public final class SimulatorProcess implements AutoCloseable {

    private static final Duration READY = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path jar;
    private final SimulatorPki pki;
    private final Ports ports;
    private final List<String> options;
    private final HttpClient http = HttpClient.newHttpClient();
    private Process process;

    public SimulatorProcess(Path jar, SimulatorPki pki, Ports ports, String... options) {
        this.jar = jar;
        this.pki = pki;
        this.ports = ports;
        this.options = List.of(options);
    }

    public void start() throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-jar",
                jar.toString(),
                "run",
                "--folder",
                pki.folder().toString(),
                "--port",
                Integer.toString(ports.dcc()),
                "--control-port",
                Integer.toString(ports.control()),
                "--callback",
                "https://127.0.0.1:" + ports.callback() + "/smartdcc/duis"));
        command.addAll(options);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        pki.folder().resolve("simulator/console.log").toFile()))
                .start();
        Await.until("the simulator answers", READY, () -> {
            if (!process.isAlive()) {
                throw new AssertionError(
                        "the simulator ended: " + Files.readString(pki.folder().resolve("simulator/console.log")));
            }
            try {
                get("/counts");
                return true;
            } catch (IOException e) {
                return false;
            }
        });
    }

    /** The process id. */
    public long pid() {
        return process.pid();
    }

    public JsonNode get(String path) throws IOException, InterruptedException {
        return call(path, HttpRequest.newBuilder().GET());
    }

    public JsonNode post(String path, String body) throws IOException, InterruptedException {
        return call(path, HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** Replaces all faults in force by these lines of the fault language. */
    public void faults(String... lines) throws IOException, InterruptedException {
        call("/faults", HttpRequest.newBuilder().DELETE());
        if (lines.length > 0) {
            post("/faults", String.join("\n", lines));
        }
    }

    public long count(String what) throws IOException, InterruptedException {
        return get("/counts").path(what).asLong();
    }

    /** The recorded events of one request. */
    public List<JsonNode> events(String requestId) throws IOException, InterruptedException {
        List<JsonNode> events = new ArrayList<>();
        get("/requests/" + requestId).forEach(events::add);
        return events;
    }

    /** All recorded events, over all runs of the process. */
    public List<JsonNode> record() throws IOException {
        List<JsonNode> events = new ArrayList<>();
        for (String line :
                Files.readAllLines(pki.folder().resolve("simulator/witness.jsonl"), StandardCharsets.UTF_8)) {
            events.add(JSON.readTree(line));
        }
        return events;
    }

    private JsonNode call(String path, HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                request.uri(URI.create("http://127.0.0.1:" + ports.control() + path))
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new AssertionError(
                    "the simulator answered " + response.statusCode() + " to " + path + ": " + response.body());
        }
        return JSON.readTree(response.body());
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroy();
            try {
                if (!process.waitFor(10, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                process.destroyForcibly();
            }
        }
    }
}
