package org.postern.itests.survival;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postern.simulator.examples.SupplierRequest;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.testkit.Await;
import org.postern.testkit.SilentProxy;
import org.postern.testkit.TemporaryPostgres;
import org.postern.testkitprocess.Ports;
import org.postern.testkitprocess.PosternProcess;
import org.postern.testkitprocess.SimulatorProcess;
import org.postern.testkitprocess.SupplierSystem;

/** The assembled appliance with its ledger in a real PostgreSQL that crashes, and whose network drops all packets. */
class PostgresIT {

    private static final Duration NOTICED = Duration.ofSeconds(30);
    /** Maximum time of a request while the database is known to be unreachable: it must not wait for it. */
    private static final Duration AT_ONCE = Duration.ofSeconds(3);

    private static final Duration HEALED = Duration.ofSeconds(60);
    private static final Duration ENDED = Duration.ofSeconds(120);
    private static final String ANSWER_SECONDS = "3";

    private final Random random = new Random(1789);
    private final Map<SupplierRequest, String> accepted = new LinkedHashMap<>();
    private TemporaryPostgres server;
    private SilentProxy proxy;
    private SimulatorProcess dcc;
    private PosternProcess postern;
    private SupplierSystem supplier;

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : new AutoCloseable[] {supplier, postern, dcc, proxy, server}) {
            if (one != null) {
                one.close();
            }
        }
    }

    @Test
    void aDatabaseThatCrashesOrIsUnreachableIsReportedOverHttpAndNothingAcceptedIsLost() throws Exception {
        Path archive = Prerequisites.distribution();
        Path jar = Prerequisites.simulator();
        server = TemporaryPostgres.required();
        proxy = new SilentProxy(server.port());
        Path work = Path.of("target", "survival", "postgres").toAbsolutePath();
        PosternProcess.delete(work);
        Population population = new Population(9, 20);
        SimulatorPki pki = SimulatorPki.create(work.resolve("pki"), population, Clock.systemUTC());
        Ports ports = Ports.free();
        dcc = new SimulatorProcess(
                jar, pki, ports, "--answer-delay", "100", "--retry-first", "300", "--retry-most", "2000");
        dcc.start();
        postern = PosternProcess.unpack(archive, work.resolve("appliance"), pki, ports);
        postern.set("org.postern.servicerequests.cfg", Map.of("firstRetryMillis", "500", "longestRetrySeconds", "3"));
        postern.set(
                "org.postern.ledger.cfg",
                Map.of(
                        "url",
                        "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/postgres",
                        "userName",
                        "postgres",
                        "answerSeconds",
                        ANSWER_SECONDS));
        postern.start();
        postern.awaitReady();
        supplier = new SupplierSystem(postern);

        round("dead", population, server::stop, server::start);
        round("silent", population, proxy::fallSilent, proxy::speak);

        for (Map.Entry<SupplierRequest, String> one : accepted.entrySet()) {
            Await.until(
                    () -> "the result of " + one,
                    ENDED,
                    () -> !supplier.results(one.getKey().correlation()).isEmpty());
            // the result is sent first and marked as delivered afterwards
            Await.until(
                    () -> one + " is recorded as delivered",
                    ENDED,
                    () -> "DELIVERED"
                            .equals(supplier.get(one.getValue()).path("state").asText()));
            assertThat(supplier.results(one.getKey().correlation()))
                    .allSatisfy(result -> assertThat(result.digest())
                            .isEqualTo(supplier.results(one.getKey().correlation())
                                    .get(0)
                                    .digest()));
        }
        assertThat(dcc.count("other-bytes-same-id") + dcc.count("counter-reused"))
                .isZero();
    }

    private interface Step {
        void run() throws Exception;
    }

    private void round(String name, Population population, Step fail, Step heal) throws Exception {
        List<SupplierRequest> requests = SupplierRequest.mix(name, 45, population, random);
        for (SupplierRequest request : requests.subList(0, 30)) {
            accepted.put(request, supplier.http(request));
        }
        // some of these are still being processed
        fail.run();
        long begun = System.nanoTime();
        Await.until(
                name + " is said over HTTP",
                NOTICED,
                () -> postern.trouble("ledger").startsWith("PST-6001"));
        long noticed = System.nanoTime() - begun;
        assertThat(postern.healthy()).isFalse();
        long asked = System.nanoTime();
        try {
            HttpResponse<String> answer = supplier.post(
                    "application/json",
                    requests.get(30).json(),
                    requests.get(30).correlation());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
            assertThat(answer.body()).contains("PST-6001");
        } catch (IOException slow) {
            throw new AssertionError("a request is answered in time", slow);
        }
        long refused = System.nanoTime() - asked;
        assertThat(Duration.ofNanos(refused)).isLessThan(AT_ONCE);
        heal.run();
        long healing = System.nanoTime();
        Await.until(() -> name + " is over; last log lines:\n" + postern.lastLogLines(), HEALED, postern::healthy);
        System.out.printf(
                "[postgres] %s: not ready after %d ms, a POST refused in %d ms, ready again after %d ms%n",
                name, noticed / 1_000_000, refused / 1_000_000, (System.nanoTime() - healing) / 1_000_000);
        for (SupplierRequest request : requests.subList(30, 45)) {
            accepted.put(request, supplier.http(request));
        }
    }
}
