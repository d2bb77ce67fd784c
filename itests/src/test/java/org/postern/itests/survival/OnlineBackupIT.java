package org.postern.itests.survival;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postern.securitylogging.SecurityLogVerifier;
import org.postern.simulator.examples.SupplierRequest;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.testkit.Await;
import org.postern.testkitprocess.LedgerFile;
import org.postern.testkitprocess.Ports;
import org.postern.testkitprocess.PosternProcess;
import org.postern.testkitprocess.SimulatorProcess;
import org.postern.testkitprocess.SupplierSystem;

/** A backup of the running appliance under load, restored elsewhere after the machine was lost. */
class OnlineBackupIT {

    private static final Duration ENDED = Duration.ofSeconds(180);
    private static final int SENDERS = 3;

    private final AtomicBoolean stop = new AtomicBoolean();
    private final List<Thread> senders = new ArrayList<>();
    private SimulatorProcess dcc;
    private PosternProcess postern;
    private PosternProcess restored;
    private SupplierSystem supplier;

    @AfterEach
    void close() throws Exception {
        stop.set(true);
        for (Thread sender : senders) {
            sender.join(30_000);
        }
        for (AutoCloseable one : new AutoCloseable[] {supplier, restored, postern, dcc}) {
            if (one != null) {
                one.close();
            }
        }
    }

    /**
     * Submits requests until it is interrupted, or the appliance is gone; records each accepted one before it submits
     * the next.
     */
    private Thread sender(String name, Population population, Map<String, SupplierRequest> accepted) {
        Thread thread = new Thread(
                () -> {
                    Random random = new Random(name.hashCode());
                    int number = 0;
                    while (!stop.get()) {
                        SupplierRequest request = SupplierRequest.mix(name + "-" + number++, 1, population, random)
                                .get(0);
                        try {
                            var answer = supplier.post("application/json", request.json(), request.correlation());
                            if (answer.statusCode() == 202) {
                                accepted.put(SupplierSystem.id(answer), request);
                            }
                        } catch (java.io.IOException e) {
                            return;
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                            return;
                        }
                    }
                },
                name);
        senders.add(thread);
        thread.start();
        return thread;
    }

    @Test
    void requestsAcceptedBeforeTheBackupAreInItAndContinueElsewhere() throws Exception {
        Path archive = Prerequisites.distribution();
        Path jar = Prerequisites.simulator();
        Path work = Path.of("target", "survival", "online-backup").toAbsolutePath();
        PosternProcess.delete(work);
        Files.createDirectories(work);
        Population population = new Population(9, 20);
        SimulatorPki pki = SimulatorPki.create(work.resolve("pki"), population, Clock.systemUTC());
        Ports ports = Ports.free();
        dcc = new SimulatorProcess(
                jar, pki, ports, "--answer-delay", "100", "--retry-first", "300", "--retry-most", "2000");
        dcc.start();
        postern = PosternProcess.unpack(archive, work.resolve("appliance"), pki, ports);
        Path backup = work.resolve("backup.tar.gz");
        assertThatThrownBy(() -> postern.run("bin/postern-backup", "--online", backup.toString()))
                .hasMessageContaining("Postern is not running");
        postern.start();
        postern.awaitReady();
        supplier = new SupplierSystem(postern);
        assertThatThrownBy(() -> postern.run("bin/postern-backup", backup.toString()))
                .hasMessageContaining("use --online");

        Map<String, SupplierRequest> accepted = new ConcurrentHashMap<>();
        for (int i = 0; i < SENDERS; i++) {
            sender("sender" + i, population, accepted);
        }
        Await.until("load", ENDED, () -> accepted.size() >= 150);
        Map<String, SupplierRequest> before = Map.copyOf(accepted);
        long begun = System.nanoTime();
        postern.run("bin/postern-backup", "--online", backup.toString());
        long took = System.nanoTime() - begun;
        int during = accepted.size() - before.size();
        Await.until("load goes on", ENDED, () -> accepted.size() >= before.size() + during + 20);
        stop.set(true);
        for (Thread sender : senders) {
            sender.join(30_000);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)))
                .isEqualTo("rw-------");
        assertThat(postern.home().resolve("state/ledger/backup"))
                .as("nothing is left behind")
                .doesNotExist();
        assertThat(during).as("accepted while the backup was made").isPositive();
        supplier.close();
        // stopped in order, so that the journal left behind records how far the ledger had come
        postern.close();

        restored = PosternProcess.unpack(archive, work.resolve("elsewhere"), pki, ports);
        restored.run("bin/postern-restore", backup.toString());
        assertThat(SecurityLogVerifier.verify(restored.home().resolve("state/security-log"))
                        .findings())
                .isEmpty();
        LedgerFile ledger = new LedgerFile(restored);
        assertThat(ledger.rows("SELECT id FROM requests"))
                .extracting(row -> row.get("id"))
                .as("accepted before the backup")
                .containsAll(before.keySet());

        // with the newer journal of the lost machine it is refused and reported, until an operator accepts it
        Process copy = new ProcessBuilder(
                        "cp",
                        "-Rp",
                        postern.home().resolve("state/artemis").toString(),
                        restored.home().resolve("state/artemis").toString())
                .inheritIO()
                .start();
        assertThat(copy.waitFor()).isZero();
        restored.start();
        Await.until(
                () -> "it is refused; its last log lines:\n" + restored.lastLogLines(),
                ENDED,
                () -> restored.log().contains("PST-6011"));
        assertThat(restored.log()).contains("(according to artemis/ledger.mark)");
        assertThat(restored.healthy()).isFalse();
        restored.close();
        PosternProcess.delete(restored.home().resolve("state/artemis"));

        restored.start();
        restored.awaitReady();
        supplier = new SupplierSystem(restored);
        // requests in progress at the time of the backup continued on the lost machine: the DCC reports that it already
        // had them, or their answers were received there
        Await.until(
                () -> "none is on its way",
                ENDED,
                () -> ledger.number("SELECT count(*) FROM requests WHERE state IN"
                                + " ('ADMITTED','TRANSFORM_SENT','CORRELATED','COMMAND_SIGNED','SENT','IN_DOUBT')")
                        == 0);
        int elsewhere = 0;
        for (String id : before.keySet()) {
            Map<String, Object> row = ledger.rows("SELECT state, cause, request_id FROM requests WHERE id = ?", id)
                    .get(0);
            List<String> seen = dcc.events(String.valueOf(row.get("request_id"))).stream()
                    .map(e -> e.path("what").asText())
                    .toList();
            assertThat(seen.stream().filter(what -> what.startsWith("accepted.")))
                    .as("done once: " + seen)
                    .hasSizeLessThanOrEqualTo(1);
            if (!"DELIVERED".equals(row.get("state"))) {
                assertThat(row.get("state")).as(id + " " + row).isIn("UNKNOWN", "ACKNOWLEDGED");
                assertThat(seen).as(id + " " + row).anyMatch(what -> what.startsWith("accepted."));
                elsewhere++;
            }
        }
        // a request whose outcome the supplier does not know is submitted again, and is the same request
        for (Map.Entry<String, SupplierRequest> one :
                before.entrySet().stream().limit(20).toList()) {
            assertThat(supplier.http(one.getValue())).isEqualTo(one.getKey());
        }
        String next = supplier.http(new SupplierRequest(
                "after",
                "11.2",
                before.values().iterator().next().role(),
                before.values().iterator().next().device()));
        Await.until("a new request", ENDED, () -> "DELIVERED".equals(ledger.state(next)));
        assertThat(dcc.count("counter-reused")).isZero();
        System.out.printf(
                "[online backup] %d accepted before it, %d while it was made in %d ms, %d KiB; %d in the copy, %d ended at the machine that was lost%n",
                before.size(),
                during,
                took / 1_000_000,
                Files.size(backup) / 1024,
                ledger.number("SELECT count(*) FROM requests"),
                elsewhere);
    }
}
