package org.postern.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.postern.catalogue.UserRole;
import org.postern.simulator.pki.SimulatorPki;

/** One appliance: unpacked, configured for a throwaway PKI, and run as a process of its own. */
final class Appliance implements AutoCloseable {

    private final Path home;
    private final Ports ports;
    private Process process;

    private Appliance(Path home, Ports ports) {
        this.home = home;
        this.ports = ports;
    }

    /** Unpacks the distribution into an empty folder. */
    static Appliance unpack(Path archive, Path work, Ports ports)
            throws IOException, InterruptedException, DemoFailure {
        delete(work.resolve("appliance"));
        Path folder = Files.createDirectories(work.resolve("appliance"));
        Process tar = new ProcessBuilder("tar", "-xzf", archive.toString(), "-C", folder.toString())
                .inheritIO()
                .start();
        if (tar.waitFor() != 0) {
            throw new DemoFailure("cannot unpack " + archive.getFileName());
        }
        try (Stream<Path> inside = Files.list(folder)) {
            Path home = inside.filter(Files::isDirectory)
                    .findFirst()
                    .orElseThrow(() -> new DemoFailure("the archive " + archive.getFileName() + " is empty"));
            // creates the settings files that are changed below
            Process setup = new ProcessBuilder(home.resolve("bin/postern-setup").toString())
                    .inheritIO()
                    .start();
            if (setup.waitFor() != 0) {
                throw new DemoFailure("bin/postern-setup failed");
            }
            return new Appliance(home, ports);
        }
    }

    /** Configures every interface and key for the throwaway PKI, and adds the simulator. */
    void configure(SimulatorPki pki) throws IOException {
        Path postern = pki.folder().resolve("postern");
        copy(postern.resolve("tls"), home.resolve("state/tls"));
        copy(postern.resolve("vault"), home.resolve("etc/keys"));
        cfg("org.postern.hsm.software")
                .set("production", false)
                .set("keyStore", home.resolve("etc/keys/keys.p12"))
                .set("passwordFile", home.resolve("etc/keys/keys.password"))
                .set("keys", String.join(", ", Files.readAllLines(postern.resolve("vault/keys.txt"))))
                .save();
        cfg("org.postern.inventory")
                .set("devicesFile", postern.resolve("inventory.csv"))
                .set("certificatesFolder", postern.resolve("certificates"))
                .set("signersFolder", postern.resolve("signers"))
                .save();
        cfg("org.postern.role.electricityimportsupplier")
                .set("userId", SimulatorPki.user(UserRole.IS).dashed())
                .save();
        cfg("org.postern.role.gasimportsupplier")
                .set("userId", SimulatorPki.user(UserRole.GS).dashed())
                .save();
        cfg("org.postern.role.electricitynetworkoperator")
                .set("userId", SimulatorPki.user(UserRole.ED).dashed())
                .save();
        cfg("org.postern.servicerequests")
                .set("accessControlBroker", SimulatorPki.ACCESS_CONTROL_BROKER.dashed())
                .set("acbSigners", SimulatorPki.ACCESS_CONTROL_BROKER.dashed())
                .set("transformSigners", SimulatorPki.TRANSFORM.dashed())
                .save();
        cfg("org.postern.gateway")
                .set("baseUrl", "https://127.0.0.1:" + ports.dcc())
                .save();
        cfg("org.postern.receiveresponse").set("port", ports.callback()).save();
        cfg("org.postern.intake").set("httpPort", ports.http()).save();
        cfg("org.postern.broker").set("acceptorPort", ports.broker()).save();
        cfg("org.postern.simulator")
                .set("pkiFolder", pki.folder())
                .set("port", ports.dcc())
                .set("controlPort", ports.control())
                .set("callbackUrl", "https://127.0.0.1:" + ports.callback() + "/smartdcc/duis")
                .save();
        cfg("org.apache.karaf.shell").set("sshPort", ports.ssh()).save();
        CfgFile features = cfg("org.apache.karaf.features");
        features.set("featuresBoot", features.get("featuresBoot") + ", postern-simulator")
                .save();
    }

    private CfgFile cfg(String pid) throws IOException {
        return new CfgFile(home.resolve("etc/" + pid + ".cfg"));
    }

    /** Starts it and returns at once. */
    void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(home.resolve("bin/karaf").toString(), "server");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.redirectErrorStream(true)
                .redirectOutput(home.resolve("data/console.log").toFile());
        Files.createDirectories(home.resolve("data"));
        process = builder.start();
    }

    /** Waits for the ready marker; returns the time it took. */
    Duration awaitReady(Duration max) throws IOException, InterruptedException, DemoFailure {
        Instant start = Instant.now();
        while (!Files.exists(home.resolve("data/ready"))) {
            if (!process.isAlive()) {
                throw new DemoFailure("the appliance ended while it started; its last log lines:\n" + lastLogLines());
            }
            if (Duration.between(start, Instant.now()).compareTo(max) > 0) {
                throw new DemoFailure("the appliance is not ready after " + max.toSeconds()
                        + " s; its last log lines:\n" + lastLogLines());
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return Duration.between(start, Instant.now());
    }

    /** A secret that the appliance created at its first start. */
    String secret(String name) throws IOException {
        return Files.readString(home.resolve("state/secrets/" + name))
                .lines()
                .findFirst()
                .orElse("")
                .strip();
    }

    /** The last lines of its log. */
    String lastLogLines() throws IOException {
        Path log = Files.exists(home.resolve("data/log/postern.log"))
                ? home.resolve("data/log/postern.log")
                : home.resolve("data/console.log");
        if (!Files.exists(log)) {
            return "(no log)";
        }
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 25), lines.size())) + "\n(the whole log: "
                + log + ")";
    }

    Path home() {
        return home;
    }

    Ports ports() {
        return ports;
    }

    /** Ends the process and its child processes. */
    @Override
    public void close() {
        if (process == null) {
            return;
        }
        List<ProcessHandle> children = process.descendants().toList();
        children.forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            for (ProcessHandle child : children) {
                if (child.isAlive()) {
                    child.destroyForcibly();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            children.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                Files.setPosixFilePermissions(
                        to.resolve(file.getFileName()), PosixFilePermissions.fromString("rw-------"));
            }
        }
    }

    static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
