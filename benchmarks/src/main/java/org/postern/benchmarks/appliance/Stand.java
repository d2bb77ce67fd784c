package org.postern.benchmarks.appliance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.postern.catalogue.DeviceType;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatedDevice;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.testkitprocess.Ports;
import org.postern.testkitprocess.PosternProcess;
import org.postern.testkitprocess.SimulatorProcess;

/** One distribution set up for measuring: appliance, simulated DCC and driver, three processes. */
final class Stand implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int HOMES = 60;
    private static final long SEED = 1;
    private static final int CONNECTIONS = 32;
    private static final Duration READY = Duration.ofMinutes(10);
    private static final Duration DRAIN = Duration.ofMinutes(5);

    private final String name;
    private final Path folder;
    private final SimulatorPki pki;
    private final PosternProcess postern;
    private final SimulatorProcess simulator;
    private String channel;
    private Process driver;
    private BufferedReader answers;

    private Stand(String name, Path folder, SimulatorPki pki, PosternProcess postern, SimulatorProcess simulator) {
        this.name = name;
        this.folder = folder;
        this.pki = pki;
        this.postern = postern;
        this.simulator = simulator;
    }

    /**
     * Unpacks and configures.
     *
     * @param name to distinguish it from others
     * @param archive distribution
     * @param jar runnable simulator
     * @param folder to work in; what is there is deleted
     */
    static Stand setUp(String name, Path archive, Path jar, Path folder) throws Exception {
        PosternProcess.delete(folder);
        Files.createDirectories(folder);
        SimulatorPki pki = SimulatorPki.create(folder.resolve("pki"), new Population(SEED, HOMES), Clock.systemUTC());
        Ports ports = Ports.free();
        PosternProcess postern = PosternProcess.unpack(archive, folder.resolve("appliance"), pki, ports);
        postern.environment(PosternProcess.CLASS_ARCHIVE, "yes");
        return new Stand(name, folder, pki, postern, new SimulatorProcess(jar, pki, ports));
    }

    /**
     * Starts all three; returns the time from the appliance's start until it reported that it was ready.
     *
     * @param by interface by which the driver hands in: http, jms or file
     */
    Duration start(String by) throws Exception {
        channel = by;
        simulator.start();
        Duration took = startAppliance();
        startDriver(channel);
        return took;
    }

    /** Starts the appliance alone, which may have run before; returns the time until it reported that it was ready. */
    Duration startAppliance() throws Exception {
        postern.start();
        Duration took = ready();
        // for the script, which ends what a killed conductor left
        Files.write(
                folder.resolveSibling(name + ".pid"),
                List.of(Long.toString(simulator.pid()), Long.toString(postern.pid())));
        return took;
    }

    /** Ends driver and appliance as an operator would, so that they can be started again. */
    void stopAppliance() {
        if (driver != null) {
            driver.destroy();
        }
        postern.close();
    }

    /**
     * A driver for the appliance that runs.
     *
     * @param by interface by which it hands in: http, jms or file
     */
    void startDriver(String by) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                LoadDriver.class.getName(),
                Integer.toString(postern.ports().http()),
                Integer.toString(postern.ports().broker()),
                Integer.toString(CONNECTIONS),
                pki.folder().toString(),
                by,
                postern.home().resolve("state").toString());
        driver = new ProcessBuilder(command)
                .redirectError(pki.folder().resolve("driver.log").toFile())
                .start();
        answers = new BufferedReader(new InputStreamReader(driver.getInputStream(), StandardCharsets.UTF_8));
        send(postern.secret("http-door.token"));
        send(postern.secret("broker-supplier.password"));
        if (!"ready".equals(answers.readLine())) {
            throw new IOException(
                    "the driver did not start: " + Files.readString(pki.folder().resolve("driver.log")));
        }
    }

    /**
     * Ends the appliance, fills its ledger with copies of requests that it has done, and starts it again.
     *
     * @return the time that the filling took
     */
    Duration prefill(long requests) throws Exception {
        drain();
        stopAppliance();
        Duration took = Prefill.run(ledger(), requests);
        startAppliance();
        startDriver(channel);
        return took;
    }

    /** Other processes of the machine may hold it up for long. */
    private Duration ready() throws Exception {
        try {
            return postern.awaitReady(READY);
        } catch (AssertionError e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void send(String line) throws IOException {
        driver.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        driver.getOutputStream().flush();
    }

    /** Submits that load, so many requests at once, until another command. */
    void load(Load load, int inFlight) throws IOException {
        send("run " + load.name() + " " + inFlight);
        send("restart");
    }

    /** Submits top-ups, so many at once, until another command. */
    void topUps(int inFlight) throws IOException {
        send("top-ups " + inFlight);
        send("restart");
    }

    /** Stops handing in. */
    void stop() throws IOException {
        send("stop");
    }

    /** Devices of that type. */
    List<SimulatedDevice> devices(DeviceType type) {
        return pki.population().devices(type);
    }

    /** Stops handing in and waits until every request has its result. */
    void drain() throws IOException, InterruptedException {
        stop();
        long end = System.nanoTime() + DRAIN.toNanos();
        while (count().path("open").asLong() + countTopUps().path("open").asLong() > 0) {
            if (System.nanoTime() > end) {
                throw new IOException(name + ": " + count().path("open") + " requests have no result after "
                        + DRAIN.toMinutes() + " min");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** What the driver has counted. */
    JsonNode count() throws IOException {
        return ask("count");
    }

    /** What it has counted of top-ups. */
    JsonNode countTopUps() throws IOException {
        return ask("count-top-ups");
    }

    private JsonNode ask(String order) throws IOException {
        send(order);
        String line = answers.readLine();
        if (line == null) {
            throw new IOException(
                    "the driver ended: " + Files.readString(pki.folder().resolve("driver.log")));
        }
        return JSON.readTree(line);
    }

    /** Clock, CPU times and counts now. */
    Reading read() throws IOException {
        JsonNode count = count();
        if (!count.path("trouble").asText().isEmpty()) {
            throw new IOException(name + ": " + count.path("trouble").asText());
        }
        return new Reading(
                System.nanoTime(),
                count.path("finished").asLong(),
                CpuTime.of(postern.pid()),
                CpuTime.of(simulator.pid()),
                CpuTime.of(driver.pid()),
                MachineTime.now());
    }

    /** Bytes of the ledger on disk now. */
    long ledgerBytes() throws IOException {
        return LedgerSize.bytes(ledger());
    }

    private Path ledger() {
        return postern.home().resolve("state/ledger");
    }

    String name() {
        return name;
    }

    PosternProcess postern() {
        return postern;
    }

    SimulatorProcess simulator() {
        return simulator;
    }

    /** Deletes all that it had on disk. */
    void delete() throws IOException {
        PosternProcess.delete(folder);
    }

    @Override
    public void close() {
        if (driver != null) {
            driver.destroy();
        }
        postern.close();
        simulator.close();
    }
}
