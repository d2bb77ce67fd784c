package org.postern.testkitprocess;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.testkit.Await;

/** Runs the assembled distribution as a process that can be killed and started again. */
public final class PosternProcess implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration READY = Duration.ofSeconds(150);
    private static final Duration GONE = Duration.ofSeconds(30);
    /** Time for an orderly stop: the first one of an installation also writes the class archive for later starts. */
    private static final Duration END = Duration.ofSeconds(60);

    /**
     * Environment variable: with "yes" the class archive is written and used, as in an installation that does not set
     * it.
     */
    public static final String CLASS_ARCHIVE = "POSTERN_CLASS_ARCHIVE";

    private final Path home;
    private final Ports ports;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Map<String, String> environment = new TreeMap<>();
    private Process process;

    private PosternProcess(Path home, Ports ports) {
        this.home = home;
        this.ports = ports;
        // tests start most installations once, and to write the class archive at the first stop takes some seconds
        environment.put(CLASS_ARCHIVE, "no");
    }

    /** Unpacks the archive into an empty folder and configures it for the PKI and the ports. */
    public static PosternProcess unpack(Path archive, Path folder, SimulatorPki pki, Ports ports) throws Exception {
        delete(folder);
        Files.createDirectories(folder);
        Process tar = new ProcessBuilder("tar", "-xzf", archive.toString(), "-C", folder.toString())
                .inheritIO()
                .start();
        if (tar.waitFor() != 0) {
            throw new IOException("cannot unpack " + archive.getFileName());
        }
        try (Stream<Path> inside = Files.list(folder)) {
            PosternProcess postern = new PosternProcess(
                    inside.filter(Files::isDirectory).findFirst().orElseThrow(), ports);
            postern.run("bin/postern-setup");
            for (Map.Entry<String, Map<String, String>> file :
                    Settings.of(pki, ports).entrySet()) {
                postern.set(file.getKey(), file.getValue());
            }
            return postern;
        }
    }

    /** Replaces settings in a file of etc/, or adds them. */
    public void set(String name, Map<String, String> values) throws IOException {
        Path file = home.resolve("etc").resolve(name);
        List<String> lines = Files.exists(file) ? new ArrayList<>(Files.readAllLines(file)) : new ArrayList<>();
        for (Map.Entry<String, String> value : values.entrySet()) {
            Pattern setting = Pattern.compile("\\s*" + Pattern.quote(value.getKey()) + "\\s*[=:].*");
            boolean continued = false;
            for (int i = 0; i < lines.size(); ) {
                boolean ours = continued || setting.matcher(lines.get(i)).matches();
                continued = ours && lines.get(i).endsWith("\\");
                if (ours) {
                    lines.remove(i);
                } else {
                    i++;
                }
            }
            lines.add(value.getKey() + " = " + value.getValue());
        }
        Files.write(file, lines);
    }

    /** An installation that exists already. */
    public static PosternProcess at(Path home, Ports ports) {
        return new PosternProcess(home, ports);
    }

    /** Runs a script of the distribution; returns its output. */
    public String run(String script, String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(home.resolve(script).toString()));
        line.addAll(List.of(arguments));
        Process run = new ProcessBuilder(line).redirectErrorStream(true).start();
        String printed = new String(run.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (run.waitFor() != 0) {
            throw new IOException(script + " ended with " + run.exitValue() + ": " + printed);
        }
        return printed;
    }

    /** Starts it, with further arguments of {@code bin/karaf}, and returns at once. */
    public void start(String... arguments) throws IOException {
        Files.createDirectories(home.resolve("data"));
        List<String> line = new ArrayList<>(List.of(home.resolve("bin/karaf").toString(), "server"));
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        home.resolve("data/console.log").toFile()));
        process = builder.start();
    }

    /** Waits until the health check reports that every part is up; returns the time it took. */
    public Duration awaitReady() throws Exception {
        return awaitReady(READY);
    }

    /** As above, with a limit of time. */
    public Duration awaitReady(Duration max) throws Exception {
        long start = System.nanoTime();
        Await.until(() -> "ready; its last log lines:\n" + lastLogLines(), max, () -> {
            if (!process.isAlive()) {
                throw new AssertionError(
                        "the appliance ended while it started; its last log lines:\n" + lastLogLines());
            }
            return healthy();
        });
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Sets an environment variable for all further starts. */
    public void environment(String name, String value) {
        environment.put(name, value);
    }

    /** Why a part is not up, by {@code GET /health}; empty where it is up, or there is no answer. */
    public String trouble(String part) throws InterruptedException {
        try {
            return JSON.readTree(http.send(healthRequest(), HttpResponse.BodyHandlers.ofString())
                            .body())
                    .path("troubles")
                    .path(part)
                    .asText();
        } catch (IOException e) {
            return "";
        }
    }

    private HttpRequest healthRequest() {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports.http() + "/health"))
                .timeout(Duration.ofSeconds(10))
                .build();
    }

    /** True where {@code GET /health} answers 200. */
    public boolean healthy() throws InterruptedException {
        try {
            return http.send(healthRequest(), HttpResponse.BodyHandlers.ofString())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** Sends SIGKILL to the process and its child processes; returns when they have ended. */
    public void kill() throws Exception {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(0, process.toHandle());
        // the script first, so that it cannot start another
        all.forEach(ProcessHandle::destroyForcibly);
        Await.until(
                "every process of the appliance is gone",
                GONE,
                () -> all.stream().noneMatch(ProcessHandle::isAlive));
    }

    /**
     * The process id of the Java virtual machine, which is the start script's child or has replaced it.
     *
     * @throws IllegalStateException if it does not run
     */
    public long pid() {
        if (process == null || !process.isAlive()) {
            throw new IllegalStateException("the appliance does not run");
        }
        return Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .filter(one -> one.info()
                        .command()
                        .filter(command -> command.endsWith("/java"))
                        .isPresent())
                .mapToLong(ProcessHandle::pid)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no virtual machine runs"));
    }

    /** A secret that the appliance created at its first start. */
    public String secret(String name) throws IOException {
        return Files.readString(home.resolve("state/secrets/" + name))
                .lines()
                .findFirst()
                .orElse("")
                .strip();
    }

    public Path home() {
        return home;
    }

    public Ports ports() {
        return ports;
    }

    /** The content of its log file. */
    public String log() throws IOException {
        Path log = home.resolve("data/log/postern.log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    public String lastLogLines() {
        try {
            List<String> lines = log().lines().toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 25), lines.size()));
        } catch (IOException e) {
            return "(no log)";
        }
    }

    @Override
    public void close() {
        if (process == null) {
            return;
        }
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroy);
        try {
            for (ProcessHandle one : all) {
                if (!gone(one)) {
                    one.destroyForcibly();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            all.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static boolean gone(ProcessHandle one) throws InterruptedException {
        try {
            one.onExit().get(END.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            return false;
        }
    }

    public static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
