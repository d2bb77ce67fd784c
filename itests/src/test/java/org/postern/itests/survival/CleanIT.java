package org.postern.itests.survival;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.UserRole;
import org.postern.securitylogging.SecurityLogVerifier;
import org.postern.simulator.examples.SupplierRequest;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatedDevice;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.testkitprocess.Ports;
import org.postern.testkitprocess.PosternProcess;
import org.postern.testkitprocess.SimulatorProcess;
import org.postern.testkitprocess.SupplierSystem;

/**
 * Every way in which an administrator can remove the cache, and a restore in another folder: accepted requests are
 * still there, and counters continue.
 */
class CleanIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static String submit(PosternProcess postern, String correlation, SimulatedDevice meter) throws Exception {
        try (SupplierSystem supplier = new SupplierSystem(postern)) {
            HttpResponse<String> answer = supplier.post(
                    "application/json",
                    new SupplierRequest(correlation, "4.1.1", UserRole.IS, meter).json(),
                    correlation);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            return JSON.readTree(answer.body()).path("requestId").asText();
        }
    }

    /** Submits the same request again: it is the same one if the ledger still has it, otherwise a new one. */
    private static void remembers(PosternProcess postern, String requestId, SimulatedDevice meter) throws Exception {
        assertThat(submit(postern, "first", meter)).isEqualTo(requestId);
        assertThat(SecurityLogVerifier.verify(postern.home().resolve("state/security-log"))
                        .findings())
                .isEmpty();
    }

    /** Files that the process has mapped into its memory. */
    private static String mapped(PosternProcess postern) throws Exception {
        return Files.readString(Path.of("/proc", Long.toString(postern.pid()), "maps"));
    }

    private static long counter(String requestId) {
        return Long.parseLong(requestId.substring(requestId.lastIndexOf(':') + 1));
    }

    @Test
    void onlyTheCacheIsRemovedAndABackupContinues() throws Exception {
        Path work = Path.of("target", "survival", "clean").toAbsolutePath();
        PosternProcess.delete(work);
        Population population = new Population(5, 2);
        SimulatorPki pki = SimulatorPki.create(work.resolve("pki"), population, Clock.systemUTC());
        Ports ports = Ports.free();
        SimulatedDevice meter = population.devices(DeviceType.ESME).get(0);
        try (SimulatorProcess dcc = new SimulatorProcess(Prerequisites.simulator(), pki, ports);
                PosternProcess postern =
                        PosternProcess.unpack(Prerequisites.distribution(), work.resolve("appliance"), pki, ports)) {
            dcc.start();
            postern.environment(PosternProcess.CLASS_ARCHIVE, "yes");
            postern.start();
            postern.awaitReady();
            String first = submit(postern, "first", meter);
            String token = postern.secret("http-door.token");
            Path cache = postern.home().resolve("data/cache");
            Files.createFile(cache.resolve("broken"));
            postern.close();

            postern.start("clean");
            postern.awaitReady();
            assertThat(cache.resolve("broken")).as("the cache was removed").doesNotExist();
            assertThat(postern.secret("http-door.token")).isEqualTo(token);
            remembers(postern, first, meter);
            assertThat(mapped(postern))
                    .as("the class archive was removed with the cache")
                    .doesNotContain("/data/classes/");
            postern.close();

            // and with Karaf's own property, which removes all of data/
            postern.set("system.properties", Map.of("karaf.clean.all", "true"));
            postern.environment("POSTERN_HEAP", "900m");
            postern.start();
            postern.awaitReady();
            remembers(postern, first, meter);
            assertThat(mapped(postern))
                    .as("the class archive of the last orderly stop")
                    .contains("/data/classes/");
            assertThat(Files.readString(Path.of("/proc", Long.toString(postern.pid()), "cmdline")))
                    .contains("-Xmx900m");
            postern.close();
            postern.set("system.properties", Map.of("karaf.clean.all", "false"));

            Path backup = work.resolve("backup.tar.gz");
            postern.run("bin/postern-backup", backup.toString());
            try (PosternProcess restored =
                    PosternProcess.unpack(Prerequisites.distribution(), work.resolve("elsewhere"), pki, ports)) {
                restored.run("bin/postern-restore", backup.toString());
                restored.start();
                restored.awaitReady();
                remembers(restored, first, meter);
                assertThat(counter(submit(restored, "second", meter))).isGreaterThan(counter(first));
            }
        }
    }
}
