package org.postern.simulator.dcc;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.postern.simulator.pki.SimulatorPki;

/**
 * Settings of one simulator.
 *
 * @param pkiFolder folder made by {@link SimulatorPki#create}
 * @param eventFile file of all recorded events, as JSON lines
 * @param host address of the three services
 * @param port TCP port of the three services; 0 for any free one
 * @param basePath path before {@code serviceT}, {@code serviceS}, {@code serviceD}
 * @param callbackUrl the User's Receive Response service
 * @param controlPort TCP port of the control service on the loopback address; 0 for any free one, -1 for none
 * @param answerDelay how long a device takes to answer; each answer takes between half and one and a half times that
 * @param retryFirst wait before a callback that was not acknowledged is sent again; doubles each time
 * @param retryMax the longest wait
 * @param keepCallbacks time after which a callback that is not acknowledged is given up
 * @param maxBodyBytes larger requests are refused
 * @param bounds how much it holds in memory
 */
public record SimulatorSettings(
        Path pkiFolder,
        Path eventFile,
        String host,
        int port,
        String basePath,
        URI callbackUrl,
        int controlPort,
        Duration answerDelay,
        Duration retryFirst,
        Duration retryMax,
        Duration keepCallbacks,
        int maxBodyBytes,
        SimulatorBounds bounds) {

    public SimulatorSettings {
        Objects.requireNonNull(pkiFolder, "pkiFolder");
        Objects.requireNonNull(eventFile, "eventFile");
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(basePath, "basePath");
        Objects.requireNonNull(callbackUrl, "callbackUrl");
        Objects.requireNonNull(answerDelay, "answerDelay");
        Objects.requireNonNull(retryFirst, "retryFirst");
        Objects.requireNonNull(retryMax, "retryMax");
        Objects.requireNonNull(keepCallbacks, "keepCallbacks");
        Objects.requireNonNull(bounds, "bounds");
    }

    /**
     * Ports of the DCC's public test product, loopback only, answers after 40 ms, retries from 1 s to 300 s for two
     * days.
     */
    public static SimulatorSettings of(Path pkiFolder, URI callbackUrl) {
        return new SimulatorSettings(
                pkiFolder,
                pkiFolder.resolve("simulator/witness.jsonl"),
                "127.0.0.1",
                8079,
                "/api/v1/",
                callbackUrl,
                -1,
                Duration.ofMillis(40),
                Duration.ofSeconds(1),
                Duration.ofSeconds(300),
                Duration.ofDays(2),
                16 * 1024 * 1024,
                SimulatorBounds.DEFAULT);
    }

    /** The same with other ports. */
    public SimulatorSettings withPorts(int services, int control) {
        return new SimulatorSettings(
                pkiFolder,
                eventFile,
                host,
                services,
                basePath,
                callbackUrl,
                control,
                answerDelay,
                retryFirst,
                retryMax,
                keepCallbacks,
                maxBodyBytes,
                bounds);
    }

    /** The same with another pace. */
    public SimulatorSettings withPace(Duration answer, Duration first, Duration max) {
        return new SimulatorSettings(
                pkiFolder,
                eventFile,
                host,
                port,
                basePath,
                callbackUrl,
                controlPort,
                answer,
                first,
                max,
                keepCallbacks,
                maxBodyBytes,
                bounds);
    }

    /** The same with another event file. */
    public SimulatorSettings withEventFile(Path file) {
        return new SimulatorSettings(
                pkiFolder,
                file,
                host,
                port,
                basePath,
                callbackUrl,
                controlPort,
                answerDelay,
                retryFirst,
                retryMax,
                keepCallbacks,
                maxBodyBytes,
                bounds);
    }

    /** The same with other bounds. */
    public SimulatorSettings withBounds(SimulatorBounds other) {
        return new SimulatorSettings(
                pkiFolder,
                eventFile,
                host,
                port,
                basePath,
                callbackUrl,
                controlPort,
                answerDelay,
                retryFirst,
                retryMax,
                keepCallbacks,
                maxBodyBytes,
                other);
    }
}
