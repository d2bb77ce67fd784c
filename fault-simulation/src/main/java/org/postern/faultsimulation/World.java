package org.postern.faultsimulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.catalogue.Sha256;
import org.postern.ecprovider.EcProvider;
import org.postern.faultsimulation.disk.SimulatedDisk;
import org.postern.inventory.CertificateDirectory;
import org.postern.inventory.DeviceInventory;
import org.postern.inventory.internal.CsvDeviceInventory;
import org.postern.inventory.internal.FolderCertificateDirectory;
import org.postern.ledger.internal.JdbcLedger;
import org.postern.securitylogging.internal.FileSecurityLog;
import org.postern.simulator.dcc.FaultRule;
import org.postern.simulator.dcc.InProcess;
import org.postern.simulator.dcc.Simulator;
import org.postern.simulator.dcc.SimulatorSettings;

/** Everything of one run: the appliance's processes, the DCC, the machine, and the faults in force. One thread. */
final class World {

    /** Closes what a killed process left open, on other threads: this affects nothing of the simulation any more. */
    private static final ExecutorService GRAVES = Executors.newFixedThreadPool(2, task -> {
        Thread thread = new Thread(task, "simulation-graves");
        thread.setDaemon(true);
        return thread;
    });

    private final long seed;
    private final Keys keys;
    private final Path folder;
    private final Plants plants;
    private final Timeline timeline = new Timeline(Keys.START);
    private final Trace trace;
    private final Faults faults = new Faults();
    private final Map<String, SeededChoices> choices = new HashMap<>();
    private final Plan plan;
    private final EcProvider ec;
    private final SimulatedVault vault;
    private final CertificateDirectory certificates;
    private final DeviceInventory inventory;
    private final Oracle oracle;
    private final Simulator dcc;
    private SimulatedDisk disk = new SimulatedDisk();
    private Path ledgerFile;
    private LedgerDatabase database;
    private final List<Runnable> graves = new ArrayList<>();
    private Appliance appliance;
    private int lives;
    private int kills;
    private boolean quiet;
    private long killAfter = -1;
    private long killWithin = -1;
    private Duration clockOff = Duration.ZERO;
    private final Map<Faults.Kind, Integer> away = new EnumMap<>(Faults.Kind.class);

    World(long seed, Keys keys, Path folder, Plants plants, Consumer<String> lines) {
        this.seed = seed;
        this.keys = keys;
        this.folder = folder;
        this.plants = plants;
        trace = new Trace(timeline, lines);
        plan = Plan.of(choices("plan"));
        ec = new RepeatableEc(keys.ec);
        Clock trueTime = timeline.clock(() -> Duration.ZERO);
        certificates = new FolderCertificateDirectory(
                keys.pki.certificates(),
                keys.pki.folder().resolve("postern/signers"),
                Duration.ofDays(365),
                1000,
                trueTime);
        inventory = new CsvDeviceInventory(
                keys.pki.folder().resolve("postern/inventory.csv"), Duration.ofDays(365), trueTime);
        vault = new SimulatedVault(this, keys);
        SimulatedDisk dccDisk = new SimulatedDisk();
        dcc = new Simulator(
                SimulatorSettings.of(keys.pki.folder(), java.net.URI.create("https://localhost/"))
                        .withPorts(-1, -1)
                        .withEventFile(dccDisk.path("/witness.jsonl"))
                        .withPace(Duration.ofSeconds(20), Duration.ofSeconds(2), Duration.ofMinutes(10)),
                ec,
                trueTime,
                new InProcess(
                        new SimulatedExecutor(timeline, Duration.ZERO, Duration.ofDays(1), why -> {
                            throw new IllegalStateException("the simulated DCC failed", why);
                        }),
                        this::callback,
                        seed,
                        new SeededKeys("devices " + seed)));
        plants.dccFaults().forEach(line -> dcc.faults().add(FaultRule.parse(line)));
        oracle = new Oracle(this);
        ledgerFile = folder.resolve("0/ledger.db");
        try {
            Files.createDirectories(ledgerFile.getParent());
            Files.copy(keys.emptyLedger, ledgerFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Timeline timeline() {
        return timeline;
    }

    Trace trace() {
        return trace;
    }

    Faults faults() {
        return faults;
    }

    Keys keys() {
        return keys;
    }

    /** What signs in this run. */
    EcProvider ec() {
        return ec;
    }

    Plants plants() {
        return plants;
    }

    SimulatedVault vault() {
        return vault;
    }

    CertificateDirectory certificates() {
        return certificates;
    }

    DeviceInventory inventory() {
        return inventory;
    }

    Oracle oracle() {
        return oracle;
    }

    Simulator dcc() {
        return dcc;
    }

    int lives() {
        return lives;
    }

    /** The faults that are in force. */
    Plan plan() {
        return quiet ? Plan.NONE : plan;
    }

    /** The chances of one kind. */
    SeededChoices choices(String name) {
        return choices.computeIfAbsent(name, n -> new SeededChoices(seed, n));
    }

    /** The appliance's wall clock. */
    Clock wallClock() {
        return timeline.clock(() -> clockOff);
    }

    Duration clockOff() {
        return clockOff;
    }

    void stepClock(Duration by) {
        clockOff = clockOff.plus(by);
        trace.add("clock stepped " + by);
    }

    /** Something goes away, and comes back. It may be away for two reasons at once. */
    void away(Faults.Kind what, Duration howLong) {
        faults.injected(what);
        trace.add("begins: " + what.words());
        away.merge(what, 1, Integer::sum);
        timeline.after(howLong, () -> {
            away.merge(what, -1, Integer::sum);
            trace.add("ends: " + what.words());
        });
    }

    private boolean is(Faults.Kind what) {
        return away.getOrDefault(what, 0) > 0;
    }

    boolean dccAway() {
        return is(Faults.Kind.DCC_AWAY);
    }

    boolean brokerAway() {
        return is(Faults.Kind.BROKER_AWAY);
    }

    boolean vaultAway() {
        return is(Faults.Kind.VAULT_AWAY);
    }

    boolean diskFull() {
        return is(Faults.Kind.DISK_FULL);
    }

    boolean databaseAway() {
        return is(Faults.Kind.DATABASE_AWAY);
    }

    /** The process is killed after so many further effects. */
    void killAfter(int effects) {
        killAfter = effects;
    }

    boolean killsNow() {
        return killAfter >= 0 && killAfter-- == 0;
    }

    /** The process is killed before one of its next writes within a transaction. */
    void killWithin(int writes) {
        killWithin = writes;
    }

    boolean killsWithin() {
        return killWithin >= 0 && killWithin-- == 0;
    }

    void killed(String where, String which) {
        faults.injected(Faults.Kind.KILL, where);
        kills++;
        trace.add("killed " + where + " " + which);
    }

    /** The appliance, where its process runs. */
    Appliance appliance() {
        return appliance != null && appliance.alive() ? appliance : null;
    }

    /** Ends all faults. */
    void quiet() {
        quiet = true;
        killAfter = -1;
        killWithin = -1;
        clockOff = Duration.ZERO;
        dcc.faults().clear();
        trace.add("quiet");
    }

    /** Starts the process; tries again where it does not start, which needs a reason. */
    void start() {
        lives++;
        int killsBefore = kills;
        boolean hindered = diskFull() || databaseAway();
        try {
            appliance = new Appliance(this, disk, ledgerFile);
            trace.add("started " + lives);
        } catch (PosternException e) {
            notStarted(e.fault().code() + " " + e.fault().cause(), hindered || kills > killsBefore);
        } catch (RuntimeException | Killed e) {
            notStarted(e.getClass().getSimpleName() + " " + e.getMessage(), hindered || kills > killsBefore);
        }
    }

    /** Where disk and database answer and it is not killed, it has to start, whatever state a kill has left. */
    private void notStarted(String why, boolean excused) {
        trace.add("did not start: " + why);
        if (!excused) {
            oracle.violation("it starts again", "start " + lives + ": " + why);
        }
        found();
    }

    /** The database of the life that begins. */
    void database(LedgerDatabase opened) {
        database = opened;
    }

    private void restart(Duration pause) {
        timeline.after(pause, this::start);
    }

    /** Puts all that the ledger holds into the trace. */
    void traceLedger() {
        database.digests().forEach((table, digest) -> trace.add("ledger " + table + " " + digest));
    }

    /** Ends the run. */
    void close() {
        if (appliance() != null) {
            appliance().end();
        }
        graves.forEach(GRAVES::execute);
        graves.clear();
    }

    /** After each event: a killed process is cleared away, and started again. */
    void lookAfterAppliance() {
        if (appliance != null && !appliance.alive()) {
            Appliance dead = appliance;
            appliance = null;
            dead.end();
            found();
        }
    }

    private void found() {
        SimulatedDisk.Found found = disk.cut(choices("power").random());
        faults.injected(Faults.Kind.UNSYNCED, found.lost());
        disk = found.disk();
        Path next = folder.resolve(lives + "/ledger.db");
        database.copyTo(next);
        ledgerFile = next;
        // a database that is closed in an orderly way is tidied up: not before it was copied as it stood
        graves.forEach(GRAVES::execute);
        graves.clear();
        restart(choices("downtime").between(Duration.ofSeconds(2), Duration.ofMinutes(30)));
    }

    /** Stops the process in an orderly way, and starts it again. */
    void stopAndStart() {
        if (appliance() != null) {
            faults.injected(Faults.Kind.STOP);
            trace.add("stopped");
            appliance.stop();
            appliance = null;
            restart(choices("downtime").between(Duration.ofSeconds(2), Duration.ofMinutes(5)));
        }
    }

    /** Resources that a killed process left open. */
    void bury(JdbcLedger ledger, FileSecurityLog log) {
        graves.add(() -> {
            if (ledger != null) {
                ledger.close();
            }
            if (log != null) {
                log.close();
            }
        });
    }

    /** The DCC receives a document. */
    Simulator.Answer dcc(ServiceEndpoint endpoint, byte[] document) {
        byte[] sent = plants.sent(document);
        trace.add("to the DCC " + Oracle.about(sent) + " " + Sha256.hex(sent));
        oracle.dccGot(sent);
        Simulator.Answer answer = dcc.post(endpoint, sent);
        trace.add("the DCC answers " + answer.status() + " " + Sha256.hex(answer.body()));
        return answer;
    }

    private int callback(byte[] document) {
        Appliance now = appliance();
        if (now == null || choices("callbacks").chance(plan().unreachable())) {
            return 0;
        }
        int status;
        try {
            status = now.line
                    .receive(document, "the simulated DCC")
                    .fold(s -> 204, d -> 204, q -> 204, r -> 400, b -> 503);
        } catch (RuntimeException | Killed e) {
            status = 503;
        }
        if (!now.alive()) {
            return 0;
        }
        trace.add("callback " + status + " " + Oracle.about(document) + " " + Sha256.hex(document));
        if (status == 204) {
            if (choices("callbacks").chance(plan().lostReceipts())) {
                faults.injected(Faults.Kind.RECEIPT_LOST);
                return 0;
            }
            oracle.acknowledged(document);
        }
        return status;
    }
}
