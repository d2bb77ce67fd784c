package org.postern.itests.survival;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postern.itests.BareArtemis;
import org.postern.simulator.examples.SupplierRequest;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.testkit.Await;
import org.postern.testkitprocess.LedgerFile;
import org.postern.testkitprocess.Ports;
import org.postern.testkitprocess.PosternProcess;
import org.postern.testkitprocess.SimulatorProcess;
import org.postern.testkitprocess.SupplierSystem;

/** An external broker, a process of its own, is killed under load and started again with the same journal. */
class BrokerAwayIT {

    private static final Duration NOTICED = Duration.ofSeconds(30);
    private static final Duration ENDED = Duration.ofSeconds(180);
    /** A request that is durable in the ledger does not wait for the broker. */
    private static final Duration ANSWERED = Duration.ofSeconds(5);

    private static final int KILLS = 3;

    private final Random random = new Random(1848);
    private final Map<SupplierRequest, String> accepted = new LinkedHashMap<>();
    private Path work;
    private Ports ports;
    private Process broker;
    private SimulatorProcess dcc;
    private PosternProcess postern;
    private SupplierSystem supplier;

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : new AutoCloseable[] {supplier, postern, dcc}) {
            if (one != null) {
                one.close();
            }
        }
        if (broker != null) {
            broker.destroyForcibly();
        }
    }

    private void startBroker() throws Exception {
        broker = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BareArtemis.class.getName(),
                        Integer.toString(ports.broker()),
                        work.resolve("broker").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        work.resolve("broker.log").toFile()))
                .start();
    }

    @Test
    void resultsWaitInTheOutboxWhileTheBrokerIsDownAndArriveWithTheSameContent() throws Exception {
        Path archive = Prerequisites.distribution();
        Path jar = Prerequisites.simulator();
        work = Path.of("target", "survival", "broker").toAbsolutePath();
        PosternProcess.delete(work);
        Files.createDirectories(work);
        Population population = new Population(9, 20);
        SimulatorPki pki = SimulatorPki.create(work.resolve("pki"), population, Clock.systemUTC());
        ports = Ports.free();
        startBroker();
        dcc = new SimulatorProcess(
                jar, pki, ports, "--answer-delay", "100", "--retry-first", "300", "--retry-most", "2000");
        dcc.start();
        postern = PosternProcess.unpack(archive, work.resolve("appliance"), pki, ports);
        postern.set("org.postern.servicerequests.cfg", Map.of("firstRetryMillis", "500", "longestRetrySeconds", "3"));
        postern.set("org.postern.broker.cfg", Map.of("mode", "external", "url", "tcp://127.0.0.1:" + ports.broker()));
        Files.createDirectories(postern.home().resolve("state/secrets"));
        // this broker checks no passwords
        Files.writeString(postern.home().resolve("state/secrets/broker-supplier.password"), "any\n");
        postern.start();
        postern.awaitReady();
        supplier = new SupplierSystem(postern);
        LedgerFile ledger = new LedgerFile(postern);

        long slowestBefore = 0;
        long slowestAway = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            List<SupplierRequest> requests = SupplierRequest.mix("kill" + kill, 60, population, random);
            for (SupplierRequest request : requests.subList(0, 15)) {
                supplier.jms(request);
                accepted.put(request, "");
            }
            for (SupplierRequest request : requests.subList(15, 35)) {
                slowestBefore = Math.max(slowestBefore, post(request));
            }
            // while results are being delivered
            broker.destroyForcibly().waitFor();
            for (SupplierRequest request : requests.subList(35, 60)) {
                slowestAway = Math.max(slowestAway, post(request));
            }
            Await.until(
                    "it is noticed", NOTICED, () -> postern.trouble("broker").startsWith("PST-7202"));
            Await.until(
                    "results wait in the outbox",
                    ENDED,
                    () -> ledger.number("SELECT count(*) FROM outbox WHERE state = 'PENDING'") >= 25);
            startBroker();
            Await.until(() -> "ready again; its last log lines:\n" + postern.lastLogLines(), ENDED, postern::healthy);
        }
        assertThat(Duration.ofNanos(slowestAway)).isLessThan(ANSWERED);
        int twice = 0;
        for (SupplierRequest request : accepted.keySet()) {
            Await.until(
                    () -> "the result of " + request,
                    ENDED,
                    () -> !supplier.results(request.correlation()).isEmpty());
            List<SupplierSystem.Result> results = supplier.results(request.correlation());
            assertThat(results).as(request.toString()).allSatisfy(result -> {
                assertThat(result.outcome()).isEqualTo("success");
                assertThat(result.deliveryId()).isEqualTo(results.get(0).deliveryId());
                assertThat(result.digest()).isEqualTo(results.get(0).digest());
            });
            twice += results.size() - 1;
        }
        assertThat(ledger.number("SELECT count(*) FROM requests")).isEqualTo(accepted.size());
        Await.until(
                "the outbox is empty",
                ENDED,
                () -> ledger.number("SELECT count(*) FROM outbox WHERE state = 'PENDING'") == 0);
        assertThat(dcc.count("other-bytes-same-id") + dcc.count("counter-reused"))
                .isZero();
        System.out.printf(
                "[broker] %d requests, %d kills; slowest POST %d ms with the broker, %d ms without; %d results delivered twice%n",
                accepted.size(), KILLS, slowestBefore / 1_000_000, slowestAway / 1_000_000, twice);
    }

    /** Submits one by HTTP; returns the time in nanoseconds. */
    private long post(SupplierRequest request) throws Exception {
        long asked = System.nanoTime();
        HttpResponse<String> answer = supplier.post("application/json", request.json(), request.correlation());
        long took = System.nanoTime() - asked;
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        accepted.put(request, SupplierSystem.id(answer));
        return took;
    }
}
