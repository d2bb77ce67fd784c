package org.postern.benchmarks.appliance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.postern.catalogue.DeviceType;
import org.postern.simulator.pki.SimulatedDevice;
import org.postern.testkitprocess.LedgerFile;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Documents of the DCC as fast as the appliance takes them: the simulated DCC signs them beforehand and sends them all
 * at once. Measured are the appliance's CPU for each, to its delivery, and the time to the acknowledgement at 70 % of
 * the highest rate.
 */
@Command(
        name = "storm",
        mixinStandardHelpOptions = true,
        description = "Responses or Device Alerts, as fast as they are taken. The last line is JSON.")
public final class StormBenchmark implements Callable<Integer> {

    /** What comes: answers to requests that are open, or Device Alerts that are signed by the device. */
    enum Kind {
        CALLBACKS,
        ALERTS
    }

    /**
     * One release of all that was held.
     *
     * @param documents how many
     * @param seconds until the last was acknowledged
     * @param applianceMillis CPU of the appliance for each, until the last was delivered
     * @param senderMillis CPU of the simulated DCC for each
     * @param p99Millis to the acknowledgement
     */
    record Release(int documents, double seconds, double applianceMillis, double senderMillis, double p99Millis) {}

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Load ASKED = Load.only("4.1.1");
    private static final int ALERTS_A_CALL = 100;
    private static final int POLL_MILLIS = 100;
    private static final double PART_OF_HIGHEST = 0.7;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @Mixin
    private final StandOptions options = new StandOptions();

    @Parameters(index = "0", description = "callbacks or alerts")
    private Kind kind;

    @Option(
            names = "--minutes",
            defaultValue = "1",
            description = "Of sending, all releases together (default ${DEFAULT-VALUE}).")
    private double minutes;

    @Option(
            names = "--documents",
            defaultValue = "10000",
            description = "Held and sent at once (default ${DEFAULT-VALUE}).")
    private int documents;

    @Option(
            names = "--senders",
            defaultValue = "16",
            description = "On their way at the same time (default ${DEFAULT-VALUE}).")
    private int senders;

    private boolean storedFirst = true;

    /** Exit codes: 0 measured, 1 not, 2 wrong usage. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new StormBenchmark())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        try (options) {
            Stand stand = options.start("http");
            release(stand, 0);
            double sent = 0;
            double highest = 0;
            Release last = null;
            double appliance = 0;
            double sender = 0;
            int releases = 0;
            while (sent < minutes * 60) {
                last = release(stand, 0);
                sent += last.seconds();
                highest = Math.max(highest, last.documents() / last.seconds());
                appliance += last.applianceMillis();
                sender += last.senderMillis();
                releases++;
            }
            Release paced = release(stand, highest * PART_OF_HIGHEST);
            int processors = Runtime.getRuntime().availableProcessors();
            ObjectNode json = JSON.createObjectNode()
                    .put("storm", kind.name().toLowerCase(Locale.ROOT))
                    .put("documents", (long) documents * releases)
                    .put("applianceCpuMillis", appliance / releases)
                    .put("senderCpuMillis", sender / releases)
                    .put("documentsPerSecond", Math.round(processors * 1000 / (appliance / releases)))
                    .put("highestMeasuredPerSecond", Math.round(highest))
                    .put("acknowledgedWithinMillis", last.p99Millis())
                    .put("acknowledgedWithinMillisAt70", paced.p99Millis())
                    .put("storedBeforeAcknowledged", storedFirst)
                    .put("lost", 0);
            options.close();
            options.delete();
            System.out.println(json);
        }
        return 0;
    }

    /** Fills, sends all, and waits until every one is delivered; fails where one is not. */
    private Release release(Stand stand, double perSecond) throws Exception {
        stand.simulator().post("/keep", "");
        long delivered = delivered(stand);
        fill(stand);
        LedgerFile ledger = new LedgerFile(stand.postern());
        long stored = stored(ledger);
        Reading before = stand.read();
        stand.simulator().post("/release?senders=" + senders + "&rate=" + perSecond, "");
        double seconds = 0;
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (delivered(stand) < delivered + documents) {
            JsonNode state = stand.simulator().get("/release");
            storedFirst &= stored < 0
                    || stored(ledger) - stored >= state.path("acknowledged").asLong();
            if (seconds == 0 && state.path("acknowledged").asInt() >= documents) {
                seconds = (System.nanoTime() - before.nanos()) / 1e9;
            }
            if (System.nanoTime() > end) {
                throw new IOException((delivered + documents - delivered(stand))
                        + " documents are not delivered; the sender reports " + state);
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        Reading after = stand.read();
        seconds = seconds == 0 ? (after.nanos() - before.nanos()) / 1e9 : seconds;
        JsonNode state = stand.simulator().get("/release");
        Release release = new Release(
                documents,
                seconds,
                after.appliance().since(before.appliance()).millis() / (double) documents,
                after.simulator().since(before.simulator()).millis() / (double) documents,
                state.path("p99").asDouble() / 1000);
        System.out.printf(
                Locale.ROOT,
                "%d %s in %.1f s (%.0f/s%s): appliance %.3f ms, sender %.3f ms CPU each; acknowledged 50 %% within %.0f, 99 %% within %.0f ms;"
                        + " %d refused and sent again%n",
                documents,
                kind.name().toLowerCase(Locale.ROOT),
                seconds,
                documents / seconds,
                perSecond > 0 ? " of " + Math.round(perSecond) : "",
                release.applianceMillis(),
                release.senderMillis(),
                state.path("p50").asDouble() / 1000,
                release.p99Millis(),
                state.path("failures").asInt());
        return release;
    }

    private long delivered(Stand stand) throws IOException {
        return stand.count().path(kind == Kind.ALERTS ? "alerts" : "finished").asLong();
    }

    /** Documents of the DCC that the ledger has; -1 where they are not in that table. */
    private static long stored(LedgerFile ledger) {
        try {
            return ledger.number("SELECT count(*) FROM inbound");
        } catch (SQLException e) {
            return -1;
        }
    }

    private void fill(Stand stand) throws Exception {
        if (kind == Kind.CALLBACKS) {
            stand.load(ASKED, documents);
        } else {
            List<SimulatedDevice> devices = stand.devices(DeviceType.ESME);
            for (int made = 0; made < documents; made += ALERTS_A_CALL) {
                stand.simulator()
                        .post(
                                "/alerts?critical=true&user=IS&code=8F30&count="
                                        + Math.min(ALERTS_A_CALL, documents - made) + "&device="
                                        + devices.get(made / ALERTS_A_CALL % devices.size())
                                                .deviceId()
                                                .dashed(),
                                "");
            }
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (stand.simulator().get("/release").path("held").asInt() < documents) {
            if (System.nanoTime() > end) {
                throw new IOException("only " + stand.simulator().get("/release") + " are withheld");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        stand.stop();
    }
}
