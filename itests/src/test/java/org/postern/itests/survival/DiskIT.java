package org.postern.itests.survival;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.simulator.examples.SupplierRequest;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.testkit.Await;
import org.postern.testkit.Missing;
import org.postern.testkitprocess.LedgerFile;
import org.postern.testkitprocess.Ports;
import org.postern.testkitprocess.PosternProcess;
import org.postern.testkitprocess.SimulatorProcess;
import org.postern.testkitprocess.SupplierSystem;

/**
 * A disk that fails to write or to sync, for the broker's journal and for the ledger, in one run of the appliance. A
 * preloaded library simulates the failures by replacing functions of the C library.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DiskIT {

    private static final Duration NOTICED = Duration.ofSeconds(30);
    private static final Duration HEALED = Duration.ofSeconds(90);
    private static final Duration ENDED = Duration.ofSeconds(120);
    /** An interface answers as soon as the ledger has confirmed the request. */
    private static final Duration ANSWERED = Duration.ofSeconds(5);

    private static final int SENDERS = 8;

    private final Random random = new Random(815);
    /** The accepted requests, recorded by the supplier. */
    private final Map<SupplierRequest, String> accepted = new LinkedHashMap<>();

    /**
     * How many more requests were confirmed to other senders, whose results these took and which were checked there.
     */
    private int confirmedToOthers;

    private Path control;
    private Population population;
    private SimulatorProcess dcc;
    private PosternProcess postern;
    private SupplierSystem supplier;
    private LedgerFile ledger;

    @BeforeAll
    void start() throws Exception {
        if (!Prerequisites.met()) {
            return;
        }
        Path work = Path.of("target", "survival", "disk").toAbsolutePath();
        PosternProcess.delete(work);
        Files.createDirectories(work);
        control = work.resolve("control");
        Path shim = compile(work);
        population = new Population(9, 20);
        SimulatorPki pki = SimulatorPki.create(work.resolve("pki"), population, Clock.systemUTC());
        Ports ports = Ports.free();
        dcc = new SimulatorProcess(
                Prerequisites.simulator(),
                pki,
                ports,
                "--answer-delay",
                "100",
                "--retry-first",
                "300",
                "--retry-most",
                "2000");
        dcc.start();
        postern = PosternProcess.unpack(Prerequisites.distribution(), work.resolve("appliance"), pki, ports);
        postern.set("org.postern.servicerequests.cfg", Map.of("firstRetryMillis", "500", "longestRetrySeconds", "3"));
        postern.environment("LD_PRELOAD", shim.toString());
        postern.start();
        postern.awaitReady();
        supplier = new SupplierSystem(postern);
        ledger = new LedgerFile(postern);
    }

    private Path compile(Path work) throws InterruptedException {
        Path shim = work.resolve("disk.so");
        try {
            int ended = new ProcessBuilder(
                            "cc",
                            "-shared",
                            "-fPIC",
                            "-o",
                            shim.toString(),
                            "-DCONTROL=\"" + control + "\"",
                            Path.of("src/test/c/disk.c").toAbsolutePath().toString(),
                            "-ldl")
                    .inheritIO()
                    .start()
                    .waitFor();
            Assertions.assertEquals(0, ended, "library compiled");
        } catch (IOException e) {
            Missing.tool("no C compiler (install package gcc): a failing disk cannot be simulated");
        }
        return shim;
    }

    /** Not in BeforeAll, so that every skipped test is counted. */
    @BeforeEach
    void prerequisites() {
        Prerequisites.distribution();
        Prerequisites.simulator();
    }

    @AfterEach
    void theDiskIsWell() throws IOException {
        if (control != null) {
            Files.deleteIfExists(control);
        }
    }

    @AfterAll
    void stop() {
        for (AutoCloseable one : new AutoCloseable[] {supplier, postern, dcc}) {
            if (one != null) {
                try {
                    one.close();
                } catch (Exception e) {
                    System.out.println("[disk] " + e);
                }
            }
        }
    }

    private void fails(String operation, int number, String part) throws IOException {
        Path next = control.resolveSibling("control.new");
        Files.writeString(next, operation + " " + number + " " + part + "\n");
        Files.move(next, control, StandardCopyOption.ATOMIC_MOVE);
    }

    /** EIO is 5, ENOSPC is 28. */
    @ParameterizedTest(name = "{0} ends with {1}")
    @CsvSource({"sync, 5", "write, 28"})
    void theBrokersDiskFailsAndRequestsAreStillProcessed(String operation, int number) throws Exception {
        postern.awaitReady();
        fails(operation, number, "/state/artemis/");
        long slowest = 0;
        long begun = System.nanoTime();
        for (SupplierRequest request : SupplierRequest.mix("broker-" + operation, 40, population, random)) {
            long asked = System.nanoTime();
            HttpResponse<String> answer = supplier.post("application/json", request.json(), request.correlation());
            slowest = Math.max(slowest, System.nanoTime() - asked);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            accepted.put(request, SupplierSystem.id(answer));
        }
        Await.until(
                "the broker's disk is noticed",
                NOTICED,
                () -> postern.trouble("broker").startsWith("PST-7200"));
        long noticed = System.nanoTime() - begun;
        assertThat(postern.healthy()).isFalse();
        assertThat(Duration.ofNanos(slowest)).isLessThan(ANSWERED);
        // answers that the DCC sends meanwhile wait in the outbox
        Await.until(
                "answers wait", ENDED, () -> ledger.number("SELECT count(*) FROM outbox WHERE state = 'PENDING'") > 0);
        Files.delete(control);
        long healing = System.nanoTime();
        Await.until(() -> "it heals; its last log lines:\n" + postern.lastLogLines(), HEALED, postern::healthy);
        System.out.printf(
                "[disk] broker, %s %d: slowest POST %d ms, not ready after %d ms, healed after %d ms%n",
                operation, number, slowest / 1_000_000, noticed / 1_000_000, (System.nanoTime() - healing) / 1_000_000);
        nothingAcceptedIsLost();
    }

    @ParameterizedTest(name = "{0} ends with {1}")
    @CsvSource({"sync, 5", "write, 28"})
    void theLedgersDiskFailsAndNothingIsAcceptedUntilItWorksAgain(String operation, int number) throws Exception {
        postern.awaitReady();
        List<SupplierRequest> requests = SupplierRequest.mix("ledger-" + operation, 40, population, random);
        for (SupplierRequest request : requests.subList(0, 20)) {
            accepted.put(request, supplier.http(request));
        }
        // under load: some of these are still being processed
        fails(operation, number, "/state/ledger/ledger.db");
        long begun = System.nanoTime();
        for (SupplierRequest request : requests.subList(20, 30)) {
            HttpResponse<String> answer = supplier.post("application/json", request.json(), request.correlation());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
            assertThat(answer.body()).contains("PST-6001");
        }
        long refused = System.nanoTime() - begun;
        Await.until(
                "the ledger's disk is noticed",
                NOTICED,
                () -> postern.trouble("ledger").startsWith("PST-6001"));
        assertThat(postern.trouble("ledger")).contains("accepts no writes");
        assertThat(postern.healthy()).isFalse();
        Files.delete(control);
        long healing = System.nanoTime();
        Await.until(() -> "it heals; its last log lines:\n" + postern.lastLogLines(), HEALED, postern::healthy);
        System.out.printf(
                "[disk] ledger, %s %d: ten refusals in %d ms, healed after %d ms%n",
                operation, number, refused / 1_000_000, (System.nanoTime() - healing) / 1_000_000);
        for (SupplierRequest request : requests.subList(20, 40)) {
            accepted.put(request, supplier.http(request));
        }
        nothingAcceptedIsLost();
    }

    /**
     * Artemis confirms a write of its journal to its senders even where the write failed (its NIO file reports the
     * error and returns as after a success), before it shuts down. Several senders at once, so that some wait at that
     * moment.
     */
    @ParameterizedTest(name = "{0} ends with {1}")
    @CsvSource({"sync, 5", "write, 28"})
    void confirmedMessagesAreThereAfterTheBrokersDiskFailed(String operation, int number) throws Exception {
        postern.awaitReady();
        List<SupplierSystem> senders = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(SENDERS);
        try {
            CountDownLatch underWay = new CountDownLatch(SENDERS * 5);
            List<Future<?>> ends = new ArrayList<>();
            List<SupplierRequest> sent = new ArrayList<>();
            for (int i = 0; i < SENDERS; i++) {
                SupplierSystem one = new SupplierSystem(postern);
                senders.add(one);
                List<SupplierRequest> requests =
                        SupplierRequest.mix("confirmed-" + operation + "-" + i, 25, population, random);
                sent.addAll(requests);
                ends.add(threads.submit(() -> {
                    for (SupplierRequest request : requests) {
                        one.jms(request);
                        underWay.countDown();
                    }
                    return null;
                }));
            }
            assertThat(underWay.await(ENDED.toSeconds(), TimeUnit.SECONDS)).isTrue();
            fails(operation, number, "/state/artemis/");
            Await.until(
                    "the broker's disk is noticed",
                    NOTICED,
                    () -> postern.trouble("broker").startsWith("PST-7200"));
            Files.delete(control);
            for (Future<?> end : ends) {
                end.get(ENDED.toSeconds(), TimeUnit.SECONDS);
            }
            senders.add(supplier);
            for (SupplierRequest request : sent) {
                Await.until(
                        () -> "the result of " + request + ", whose sending was confirmed",
                        ENDED,
                        () -> senders.stream()
                                .anyMatch(one ->
                                        !one.results(request.correlation()).isEmpty()));
                confirmedToOthers++;
            }
        } finally {
            threads.shutdownNow();
            senders.remove(supplier);
            senders.forEach(SupplierSystem::close);
        }
    }

    /** Every accepted request has succeeded, the supplier has its result, and the DCC received it once. */
    private void nothingAcceptedIsLost() throws Exception {
        Map<String, String> others = new LinkedHashMap<>();
        Await.until(() -> "all are delivered, but " + others, ENDED, () -> {
            others.clear();
            for (String id : accepted.values()) {
                String state = ledger.state(id);
                if (!"DELIVERED".equals(state)) {
                    others.put(id, state);
                }
            }
            return others.isEmpty();
        });
        for (SupplierRequest request : accepted.keySet()) {
            Await.until(
                    () -> "the result of " + request + "; " + supplier.collecting(),
                    ENDED,
                    () -> !supplier.results(request.correlation()).isEmpty());
            assertThat(supplier.results(request.correlation()))
                    .as(request.toString())
                    .allSatisfy(result -> assertThat(result)
                            .isEqualTo(supplier.results(request.correlation()).get(0)));
        }
        assertThat(ledger.number("SELECT count(*) FROM requests")).isEqualTo(accepted.size() + confirmedToOthers);
        assertThat(dcc.count("other-bytes-same-id") + dcc.count("counter-reused"))
                .isZero();
    }
}
