package org.postern.faultsimulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.dccsimulator.FaultRule;
import org.postern.dccsimulator.InProcess;
import org.postern.dccsimulator.Simulator;
import org.postern.dccsimulator.SimulatorSettings;
import org.postern.faultsimulation.disk.SimulatedDisk;
import org.postern.inventory.CertificateDirectory;
import org.postern.inventory.DeviceInventory;
import org.postern.inventory.internal.CsvDeviceInventory;
import org.postern.inventory.internal.FolderCertificateDirectory;
import org.postern.ledger.internal.JdbcLedger;
import org.postern.securitylogging.internal.FileSecurityLog;

/** Everything of one run: the appliance's lives, the DCC, the machine, and what is wrong with them now. One thread. */
final class World {

    /** Closes what a killed process would have left open, beside the simulation: it touches nothing of it any more. */
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
    private final Map<String, Dice> dice = new HashMap<>();
    private final Plan plan;
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
    private boolean quiet;
    private long killAfter = -1;
    private long killWithin = -1;
    private Duration clockOff = Duration.ZERO;
    private final Map<String, Integer> away = new HashMap<>();

    World(long seed, Keys keys, Path folder, Plants plants, Consumer<String> lines) {
        this.seed = seed;
        this.keys = keys;
        this.folder = folder;
        this.plants = plants;
        trace = new Trace(timeline, lines);
        plan = Plan.of(dice("plan"));
        Clock trueTime = timeline.clock(() -> Duration.ZERO);
        certificates = new FolderCertificateDirectory(keys.pki.certificates(), keys.pki.folder().resolve("postern/signers"),
                Duration.ofDays(365), 1000, trueTime);
        inventory = new CsvDeviceInventory(keys.pki.folder().resolve("postern/inventory.csv"), Duration.ofDays(365), trueTime);
        vault = new SimulatedVault(this, keys);
        SimulatedDisk dccDisk = new SimulatedDisk();
        dcc = new Simulator(SimulatorSettings.of(keys.pki.folder(), java.net.URI.create("https://localhost/")).withPorts(-1, -1)
                .withWitness(dccDisk.path("/witness.jsonl")).withPace(Duration.ofSeconds(20), Duration.ofSeconds(2), Duration.ofMinutes(10)),
                keys.ec, trueTime, new InProcess(new SimulatedExecutor(timeline, Duration.ZERO, Duration.ofDays(1), why -> {
                    throw new IllegalStateException("the simulated DCC failed", why);
                }), this::callback, seed));
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

    /** What goes wrong now. */
    Plan plan() {
        return quiet ? Plan.NONE : plan;
    }

    /** The chances of one kind. */
    Dice dice(String name) {
        return dice.computeIfAbsent(name, n -> new Dice(seed, n));
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
    void away(String what, Duration howLong) {
        faults.injected(what);
        trace.add("begins: " + what);
        away.merge(what, 1, Integer::sum);
        timeline.after(howLong, () -> {
            away.merge(what, -1, Integer::sum);
            trace.add("ends: " + what);
        });
    }

    private boolean is(String what) {
        return away.getOrDefault(what, 0) > 0;
    }

    boolean dccAway() {
        return is("DCC away");
    }

    boolean brokerAway() {
        return is("broker away");
    }

    boolean vaultAway() {
        return is("vault away");
    }

    boolean diskFull() {
        return is("disk full");
    }

    boolean databaseAway() {
        return is("database away");
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
        faults.injected("kill " + where);
        trace.add("killed " + where + " " + which);
    }

    /** The appliance, where its process runs. */
    Appliance appliance() {
        return appliance != null && appliance.alive() ? appliance : null;
    }

    /** From now on nothing goes wrong. */
    void quiet() {
        quiet = true;
        killAfter = -1;
        killWithin = -1;
        clockOff = Duration.ZERO;
        dcc.faults().clear();
        trace.add("quiet");
    }

    /** Starts the process; tries again where it does not start. */
    void start() {
        lives++;
        try {
            appliance = new Appliance(this, disk, ledgerFile);
            trace.add("started " + lives);
        } catch (PosternException e) {
            trace.add("did not start: " + e.fault().code() + " " + e.fault().cause());
            found();
        } catch (RuntimeException | Killed e) {
            trace.add("did not start: " + e.getClass().getSimpleName() + " " + e.getMessage());
            found();
        }
    }

    /** The database of the life that begins. */
    void database(LedgerDatabase opened) {
        database = opened;
    }

    private void restart(Duration pause) {
        timeline.after(pause, this::start);
    }

    /** Ends the run. */
    void close() {
        if (appliance() != null) {
            appliance().end();
        }
        graves.forEach(GRAVES::execute);
        graves.clear();
    }

    /** After each event: a killed process leaves what it leaves, and is started again. */
    void lookAfterAppliance() {
        if (appliance != null && !appliance.alive()) {
            Appliance dead = appliance;
            appliance = null;
            dead.end();
            found();
        }
    }

    private void found() {
        SimulatedDisk.Found found = disk.cut(dice("power").random());
        faults.injected("unsynced write lost", found.lost());
        disk = found.disk();
        Path next = folder.resolve(lives + "/ledger.db");
        database.copyTo(next);
        ledgerFile = next;
        // a database that is closed in good order is tidied up: not before it was copied as it stood
        graves.forEach(GRAVES::execute);
        graves.clear();
        restart(dice("downtime").between(Duration.ofSeconds(2), Duration.ofMinutes(30)));
    }

    /** Stops in good order, and starts again. */
    void stopAndStart() {
        if (appliance() != null) {
            faults.injected("stop and start");
            trace.add("stopped");
            appliance.stop();
            appliance = null;
            restart(dice("downtime").between(Duration.ofSeconds(2), Duration.ofMinutes(5)));
        }
    }

    /** What a process had open that is gone. */
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

    /** The DCC gets a document. */
    Simulator.Answer dcc(ServiceEndpoint endpoint, byte[] document) {
        byte[] sent = plants.sent(document);
        oracle.dccGot(sent);
        return dcc.post(endpoint, sent);
    }

    private int callback(byte[] document) {
        Appliance now = appliance();
        if (now == null || dice("callbacks").chance(plan().unreachable())) {
            return 0;
        }
        int status;
        try {
            status = now.line.receive(document, "the simulated DCC").fold(s -> 204, d -> 204, q -> 204, r -> 400, b -> 503);
        } catch (RuntimeException | Killed e) {
            status = 503;
        }
        if (!now.alive()) {
            return 0;
        }
        trace.add("callback " + status + " " + Oracle.about(document));
        if (status == 204) {
            if (dice("callbacks").chance(plan().lostReceipts())) {
                faults.injected("204 lost");
                return 0;
            }
            oracle.acknowledged(document);
        }
        return status;
    }

}
