package org.postern.faultsimulation;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.postern.catalogue.ResponseCodes;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.UserRole;
import org.postern.duis.SchemaValidator;
import org.postern.faultsimulation.disk.SimulatedDisk;
import org.postern.hsm.KeyVault;
import org.postern.ledger.Ledger;
import org.postern.ledger.internal.JdbcLedger;
import org.postern.ledger.internal.LedgerOptions;
import org.postern.ledger.internal.Machine;
import org.postern.securitylogging.internal.FileSecurityLog;
import org.postern.servicerequests.KeyAliases;
import org.postern.servicerequests.RoleBundle;
import org.postern.servicerequests.UserRoleProfile;
import org.postern.servicerequests.internal.LifeCycle;
import org.postern.servicerequests.internal.credentials.CredentialChecker;
import org.postern.servicerequests.internal.lifecycle.Backoff;
import org.postern.servicerequests.internal.lifecycle.CountingMetrics;
import org.postern.servicerequests.internal.lifecycle.TrustedClock;
import org.postern.servicerequests.internal.roles.RoleRegistry;
import org.postern.simulator.pki.SimulatorPki;

/**
 * One run of the appliance's process, from a start to a kill or stop: the domain modules, constructed as the product
 * constructs them.
 */
final class Appliance {

    private static final Duration GIVE_UP_AFTER = Duration.ofHours(24);
    private static final Duration GRACE = Duration.ofMinutes(10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /**
     * The next record finds out whether the disk accepts writes again: nothing here may depend on the machine's clock.
     */
    private static final Duration NO_HEALING = Duration.ofDays(1);

    private static final long SEGMENT_BYTES = 1L << 30;
    private static final int LARGEST_GROUP = 64;
    /** One thread reads: a pool that may have more makes them on a thread of its own, by the machine's clock. */
    private static final int READERS = 1;
    /**
     * Writes that no caller waits for share a transaction with ones that a caller waits for; {@link AsyncWrites}
     * chooses when.
     */
    private static final Duration NEVER_ALONE = Duration.ofDays(30);
    /**
     * Reading the machine's list after every commit costs more than the commit, and no other program opens these files.
     */
    private static final Path NO_LOCKS = Path.of("/no/list/of/locks");

    private static final Path WATERMARK = Path.of("/ledger/counters.watermark");

    private final World world;
    final SimulatedDisk disk;
    final LedgerDatabase database;
    final JdbcLedger ledger;
    final FileSecurityLog securityLog;
    final LifeCycle line;
    final RoleRegistry roles;
    final List<RoleBundle> bundles = new ArrayList<>();
    private final List<SimulatedExecutor> executors = new ArrayList<>();
    private final WriterAtRest writer = new WriterAtRest();
    private volatile boolean alive = true;

    Appliance(World world, SimulatedDisk disk, Path ledgerFile) {
        this.world = world;
        this.disk = disk;
        disk.watch(this::beforeDisk);
        database = new LedgerDatabase(
                ledgerFile, new DatabaseWatch(), world.choices("torn").random());
        world.database(database);
        LedgerOptions options = new LedgerOptions(
                "jdbc:sqlite:" + ledgerFile,
                "",
                "",
                READERS,
                LARGEST_GROUP,
                50,
                Optional.of(disk.path(WATERMARK.toString())));
        JdbcLedger opened = null;
        FileSecurityLog log = null;
        try {
            log = new FileSecurityLog(
                    disk.path("/security-log"), SEGMENT_BYTES, PATIENCE, world.wallClock(), NO_HEALING);
            opened = new JdbcLedger(
                    options,
                    world.wallClock(),
                    new Machine(
                            world.choices("ids" + world.lives()).random(),
                            this::nanos,
                            name -> executor(Duration.ofSeconds(30)),
                            database::between,
                            NO_LOCKS,
                            NEVER_ALONE));
            securityLog = log;
            ledger = opened;
            ServiceCatalogue catalogue = new ServiceCatalogue();
            roles = new RoleRegistry(catalogue, world.timeline()::nanos, Duration.ZERO);
            for (UserRole role : List.of(UserRole.IS, UserRole.GS)) {
                bundles.add(bundle(role, catalogue));
            }
            bundles.forEach(roles::add);
            KeyVault vault = world.vault().forLife(this, log);
            roles.vault(vault);
            CountingMetrics metrics = new CountingMetrics();
            TrustedClock clock = new TrustedClock(world.wallClock(), world.timeline()::nanos, metrics);
            Ledger behind = AsyncWrites.of(world, this, world.plants().ledger(ledger), writer);
            LifeCycle.Collaborators with = new LifeCycle.Collaborators(
                    behind,
                    vault,
                    world.certificates(),
                    world.inventory(),
                    roles,
                    catalogue,
                    ResponseCodes.standard(),
                    new Network(world, this),
                    log,
                    world.vault().correlator(),
                    world.ec(),
                    metrics,
                    clock,
                    world.keys().mappings);
            line = new LifeCycle(
                    with,
                    settings(),
                    new CredentialChecker(new CredentialChecker.Collaborators(
                            behind,
                            world.certificates(),
                            world.inventory(),
                            roles,
                            CredentialChecker.reader(catalogue, roles),
                            vault,
                            clock)),
                    executor(Duration.ofSeconds(2)));
            line.offers().bind(new Workers(world, this));
            line.start();
        } catch (RuntimeException | Error e) {
            alive = false;
            executors.forEach(SimulatedExecutor::shutdownNow);
            world.bury(opened, log);
            throw e;
        }
    }

    private long nanos() {
        writer.asked();
        return world.timeline().nanos();
    }

    private SimulatedExecutor executor(Duration shortest) {
        SimulatedExecutor executor =
                new SimulatedExecutor(world.timeline(), shortest, Duration.ofMinutes(15), why -> {});
        executors.add(executor);
        return executor;
    }

    private LifeCycle.Settings settings() {
        SeededChoices jitter = world.choices("jitter" + world.lives());
        return new LifeCycle.Settings(
                SimulatorPki.ACCESS_CONTROL_BROKER,
                Set.of(SimulatorPki.TRANSFORM),
                Set.of(SimulatorPki.ACCESS_CONTROL_BROKER),
                16_000_000,
                SchemaValidator.none(),
                new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(15), jitter.random()::nextDouble),
                GIVE_UP_AFTER,
                5,
                GRACE,
                1000);
    }

    private static RoleBundle bundle(UserRole role, ServiceCatalogue catalogue) {
        String prefix = role.name().toLowerCase(java.util.Locale.ROOT);
        Set<String> services = catalogue.rows().stream()
                .filter(row -> row.roles().contains(role))
                .map(row -> row.variant())
                .collect(Collectors.toSet());
        return new Role(new UserRoleProfile(
                role,
                SimulatorPki.user(role),
                services,
                new KeyAliases(
                        prefix + "-xml",
                        Optional.of(prefix + "-sign"),
                        Optional.of(prefix + "-agree"),
                        Optional.of(prefix + "-prepay")),
                "postern.alerts." + prefix));
    }

    private record Role(UserRoleProfile is) implements RoleBundle {

        @Override
        public UserRole role() {
            return is.role();
        }

        @Override
        public String name() {
            return is.role().name();
        }

        @Override
        public Optional<UserRoleProfile> profile() {
            return Optional.of(is);
        }

        @Override
        public Optional<String> inactiveReason() {
            return Optional.empty();
        }
    }

    /** True until it is killed or stopped. */
    boolean alive() {
        return alive;
    }

    /** An effect outside the process's memory is about to happen, or has just happened. */
    void effect(String what) {
        effect(what, "");
    }

    private void effect(String what, String which) {
        if (!alive) {
            throw new Killed();
        }
        if (world.killsNow()) {
            throw kill(what, which);
        }
    }

    private Killed kill(String where, String which) {
        alive = false;
        database.processGone();
        world.killed(where, which);
        return new Killed();
    }

    /** Ends the process at once, as a kill does. */
    void end() {
        alive = false;
        executors.forEach(SimulatedExecutor::shutdownNow);
        line.close();
        world.bury(ledger, securityLog);
    }

    /** Stops the process in an orderly way. */
    void stop() {
        line.close();
        executors.forEach(SimulatedExecutor::shutdownNow);
        ledger.close();
        securityLog.close();
        alive = false;
    }

    private void beforeDisk(String what, String path) throws IOException {
        if (!alive) {
            // not Killed: code that closes what a killed process had open must be able to finish
            throw new IOException("the simulated process is gone");
        }
        if (what.equals("force") || what.equals("move")) {
            effect("at a file: " + what, path);
        }
        if (world.diskFull()) {
            throw new IOException("no space left on the simulated disk");
        }
    }

    private final class DatabaseWatch implements LedgerDatabase.Watch {

        @Override
        public boolean beforeCommit(Connection connection) throws SQLException {
            writer.used();
            if (!alive) {
                throw new Killed();
            }
            if (world.diskFull()) {
                throw new SQLException("[SQLITE_FULL] the simulated disk is full");
            }
            if (world.databaseAway()) {
                throw new SQLException("[SQLITE_IOERR_WRITE] the simulated disk does not answer");
            }
            world.plants().beforeCommit(connection);
            if (world.killsNow()) {
                if (world.choices("commit").chance(0.7)) {
                    return true;
                }
                throw kill("before a commit", "");
            }
            return false;
        }

        @Override
        public void afterCommit() {
            effect("after a commit");
        }

        @Override
        public void beforeStatement(String sql) throws SQLException {
            writer.used();
            if (world.databaseAway()) {
                throw new SQLException("[SQLITE_IOERR_READ] the simulated disk does not answer");
            }
            if (!sql.startsWith("SELECT") && alive && world.killsWithin()) {
                throw kill("within a group of writes", "");
            }
        }

        @Override
        public Killed powerGone(String what) {
            return kill("within a commit: " + what, "");
        }
    }
}
