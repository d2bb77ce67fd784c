package org.postern.itests.survival;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.UserRole;
import org.postern.simulator.examples.SupplierRequest;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatedDevice;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.testkit.Await;
import org.postern.testkit.Missing;
import org.postern.testkitprocess.Ports;
import org.postern.testkitprocess.PosternProcess;
import org.postern.testkitprocess.SimulatorProcess;

/**
 * An appliance with its keys in a token that hangs, at its start and later: work that needs no key continues, the rest
 * waits.
 */
class HangingTokenIT {

    private static final String PIN = "4711";
    /** Many more requests at once than Netty has threads for reading. */
    private static final int TILLS = 24;

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    /** How long a call may wait for the token. */
    private static final Duration TOKEN = Duration.ofSeconds(6);
    /** Less than one wait for the token: work that needs no key must not wait for it. */
    private static final Duration AT_ONCE = Duration.ofSeconds(4);
    /** At most one wait for a free call to the token and one wait for its answer. */
    private static final Duration MAX_WAIT = TOKEN.multipliedBy(2).plusSeconds(2);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Path work = Path.of("target", "survival", "hanging-token").toAbsolutePath();
    private PosternProcess postern;

    @Test
    void aTokenThatHangsBlocksNeitherHealthNorInterfaces() throws Exception {
        PosternProcess.delete(work);
        Population population = new Population(5, 2);
        SimulatorPki pki = SimulatorPki.create(work.resolve("pki"), population, Clock.systemUTC());
        Path gate = work.resolve("hang");
        Ports ports = Ports.free();
        SimulatedDevice meter = population.devices(DeviceType.ESME).get(0);
        String plain = new SupplierRequest("", "4.1.1", UserRole.IS, meter).json();
        String topUp = "{\"service\":\"2.2\",\"device\":\"" + meter.deviceId().dashed()
                + "\",\"role\":\"IS\",\"topUp\":{\"pence\":1250}}";
        try (SimulatorProcess dcc = new SimulatorProcess(Prerequisites.simulator(), pki, ports);
                PosternProcess made =
                        PosternProcess.unpack(Prerequisites.distribution(), work.resolve("appliance"), pki, ports)) {
            postern = made;
            token(pki, gate);
            dcc.start();

            // the token hangs from the start: there is no vault at all
            Files.createFile(gate);
            postern.start();
            Await.until(
                    () -> "the interface answers, and names the token; " + postern.lastLogLines(),
                    Duration.ofSeconds(150),
                    () -> postern.trouble("key vault").startsWith("PST-5001")
                            && status("GET", "/metrics", "", "") == 200);
            comeAgain("/service-requests", plain, "none-1");
            comeAgain("/top-ups", topUp, "none-2");
            drop("early.jsonl", plain);
            assertThat(status("GET", "/metrics", "", "")).isEqualTo(200);
            assertThat(status("GET", "/service-requests/none", "", "")).isEqualTo(404);
            Files.delete(gate);
            postern.awaitReady();
            Await.until("the waiting file is processed", TIMEOUT, () -> Files.exists(intake("done/early.jsonl")));
            assertThat(eventually("/service-requests", plain, "none-1")).isEqualTo(202);
            assertThat(eventually("/top-ups", topUp, "none-2")).isEqualTo(201);

            // the token hangs later: there is a vault, whose calls hang
            Files.createFile(gate);
            CountDownLatch over = new CountDownLatch(1);
            ExecutorService pool = Executors.newCachedThreadPool();
            Future<Long> health = pool.submit(() -> slowest(over, "GET", "/health", ""));
            Future<Long> plainly = pool.submit(() -> slowest(over, "POST", "/service-requests", plain));
            drop("paid.jsonl", topUp);
            List<Future<Long>> tills = new ArrayList<>();
            for (int i = 0; i < TILLS; i++) {
                String key = "hung-" + i;
                tills.add(pool.submit(() -> {
                    long begun = System.nanoTime();
                    comeAgain("/top-ups", topUp, key);
                    return System.nanoTime() - begun;
                }));
            }
            long slowestTill = 0;
            for (Future<Long> till : tills) {
                slowestTill = Math.max(slowestTill, till.get());
            }
            Await.until(
                    "health says so",
                    TIMEOUT,
                    () -> postern.trouble("key vault").startsWith("PST-5001"));
            long begun = System.nanoTime();
            drop("reads.jsonl", plain);
            Await.until(
                    "a file that needs no key is processed", MAX_WAIT, () -> Files.exists(intake("done/reads.jsonl")));
            long file = System.nanoTime() - begun;
            assertThat(intake("done/paid.jsonl")).doesNotExist();
            assertThat(intake("rejected/paid.jsonl")).doesNotExist();
            over.countDown();
            System.out.printf(
                    "a token that hangs: slowest health %d ms, request %d ms, top-up (503) %d ms; file of requests taken after %d ms%n",
                    health.get() / 1_000_000, plainly.get() / 1_000_000, slowestTill / 1_000_000, file / 1_000_000);
            assertThat(Duration.ofNanos(health.get())).isLessThan(AT_ONCE);
            assertThat(Duration.ofNanos(plainly.get())).isLessThan(AT_ONCE);
            assertThat(Duration.ofNanos(slowestTill)).isLessThan(MAX_WAIT);
            Files.delete(gate);
            postern.awaitReady();
            for (int i = 0; i < TILLS; i++) {
                assertThat(eventually("/top-ups", topUp, "hung-" + i)).isEqualTo(201);
            }
            Await.until("the file of top-ups is processed", TIMEOUT, () -> Files.exists(intake("done/paid.jsonl")));
            pool.shutdownNow();
        } finally {
            Files.deleteIfExists(gate);
        }
    }

    /** Creates a SoftHSM token with the PKI's keys, behind a module that hangs while the file exists. */
    private void token(SimulatorPki pki, Path gate) throws Exception {
        Path vault = pki.folder().toAbsolutePath().resolve("postern/vault");
        Path tokens = Files.createDirectories(work.resolve("tokens"));
        Path conf = Files.writeString(
                work.resolve("softhsm2.conf"),
                "directories.tokendir = " + tokens
                        + "\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n");
        Path softHsm = Path.of("/usr/lib/softhsm/libsofthsm2.so");
        Path module = work.resolve("hanging.so");
        boolean there = Files.exists(softHsm)
                && run(
                        conf,
                        "cc",
                        "-shared",
                        "-fPIC",
                        "-o",
                        module.toString(),
                        "-DSOFTHSM=\"" + softHsm + "\"",
                        "-DGATE=\"" + gate + "\"",
                        Path.of("../hsm-adapter/pkcs11/src/test/c/hanging.c")
                                .toAbsolutePath()
                                .toString(),
                        "-ldl");
        if (!there) {
            Missing.tool("no SoftHSM, or no C compiler (install packages softhsm2 and gcc):"
                    + " a hanging token cannot be simulated");
        }
        assertThat(run(
                        conf,
                        "softhsm2-util",
                        "--init-token",
                        "--free",
                        "--label",
                        "it",
                        "--pin",
                        PIN,
                        "--so-pin",
                        "0815"))
                .isTrue();
        Path provider = Files.writeString(
                work.resolve("provider.cfg"),
                "name = it\nlibrary = " + softHsm + "\nslotListIndex = 0\n"
                        + "attributes(*,CKO_PRIVATE_KEY,CKK_EC) = {\n CKA_SIGN = true\n CKA_DERIVE = true\n CKA_SENSITIVE = true\n CKA_EXTRACTABLE = false\n}\n");
        assertThat(run(
                        conf,
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-importkeystore",
                        "-noprompt",
                        "-srckeystore",
                        vault.resolve("keys.p12").toString(),
                        "-srcstorepass:file",
                        vault.resolve("keys.password").toString(),
                        "-destkeystore",
                        "NONE",
                        "-deststoretype",
                        "PKCS11",
                        "-deststorepass",
                        PIN,
                        "-providerClass",
                        "sun.security.pkcs11.SunPKCS11",
                        "-providerArg",
                        provider.toString()))
                .isTrue();
        Files.delete(postern.home().resolve("etc/org.postern.hsm.software.cfg"));
        Path pin = Files.writeString(work.resolve("pin"), PIN);
        postern.set(
                "org.postern.hsm.pkcs11.cfg",
                Map.of(
                        "production",
                        "false",
                        "library",
                        "hanging",
                        "tokenLabel",
                        "it",
                        "pinFile",
                        pin.toString(),
                        "timeoutSeconds",
                        String.valueOf(TOKEN.toSeconds()),
                        "keys",
                        Files.readAllLines(vault.resolve("keys.txt")).stream()
                                .filter(line -> line.contains("="))
                                .collect(Collectors.joining(", "))));
        Path table = Files.writeString(work.resolve("libraries.tsv"), "hanging\t" + module + "\n");
        postern.environment("SOFTHSM2_CONF", conf.toString());
        postern.environment("EXTRA_JAVA_OPTS", "-Dpostern.pkcs11.libraries=" + table);
    }

    private static boolean run(Path conf, String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("SOFTHSM2_CONF", conf.toString());
        try {
            Process process = builder.start();
            String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            boolean well = process.waitFor() == 0;
            if (!well) {
                System.out.println(Arrays.toString(command) + ": " + said);
            }
            return well;
        } catch (IOException e) {
            return false;
        }
    }

    private Path intake(String name) {
        return postern.home().resolve("state/intake/" + name);
    }

    private void drop(String name, String line) throws IOException {
        Files.move(Files.writeString(intake(name + ".part"), line + "\n"), intake(name));
    }

    private HttpResponse<String> send(String method, String path, String body, String key)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + postern.ports().http() + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + postern.secret("http-door.token"))
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!key.isEmpty()) {
            request.header("Idempotency-Key", key);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private int status(String method, String path, String body, String key) throws InterruptedException {
        try {
            return send(method, path, body, key).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    private void comeAgain(String path, String body, String key) throws IOException, InterruptedException {
        HttpResponse<String> answer = send("POST", path, body, key);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(answer.body()).contains("\"code\":\"PST-");
    }

    /** The first status that is not 503. */
    private int eventually(String path, String body, String key) throws Exception {
        int[] last = {503};
        Await.until(
                () -> path + " is taken; " + postern.lastLogLines(),
                TIMEOUT,
                () -> (last[0] = status("POST", path, body, key)) != 503);
        return last[0];
    }

    /** Sends the request repeatedly; returns the time of the slowest answer in nanoseconds. */
    private long slowest(CountDownLatch over, String method, String path, String body) throws Exception {
        long slowest = 0;
        do {
            long begun = System.nanoTime();
            HttpResponse<String> answer = send(method, path, body, "");
            slowest = Math.max(slowest, System.nanoTime() - begun);
            assertThat(answer.statusCode()).as(answer.body()).isIn(200, 202, 503);
        } while (!over.await(100, TimeUnit.MILLISECONDS));
        return slowest;
    }
}
