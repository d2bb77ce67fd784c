package org.postern.servicerequests.internal;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.stream.Collectors;
import org.postern.catalogue.ResponseCodes;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.UserRole;
import org.postern.duis.SchemaValidator;
import org.postern.ecprovider.EcProvider;
import org.postern.gatewayclient.CallbackHandler;
import org.postern.gatewayclient.DccGateway;
import org.postern.gatewayclient.OpenGateway;
import org.postern.gatewayclient.OpenReceiver;
import org.postern.gatewayclient.TlsFiles;
import org.postern.gatewayclient.standalone.Gateways;
import org.postern.hsm.KeyUse;
import org.postern.hsm.KeyUseListener;
import org.postern.hsm.KeyVault;
import org.postern.hsm.KeyVaultException;
import org.postern.hsm.ProofAuthority;
import org.postern.hsm.ProofMint;
import org.postern.hsmsoftware.standalone.SoftwareVaults;
import org.postern.inventory.standalone.InventoryFiles;
import org.postern.ledger.OpenLedger;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.standalone.LedgerFiles;
import org.postern.parsecorrelate.Correlator;
import org.postern.securitylogging.OpenSecurityLog;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.standalone.SecurityLogFiles;
import org.postern.servicerequests.KeyAliases;
import org.postern.servicerequests.LocalWorkQueue;
import org.postern.servicerequests.RoleBundle;
import org.postern.servicerequests.UserRoleProfile;
import org.postern.servicerequests.WorkQueue;
import org.postern.servicerequests.WorkStep;
import org.postern.servicerequests.internal.lifecycle.Backoff;
import org.postern.servicerequests.internal.lifecycle.CountingMetrics;
import org.postern.servicerequests.internal.lifecycle.TrustedClock;
import org.postern.servicerequests.internal.roles.RoleRegistry;
import org.postern.simulator.dcc.Simulator;
import org.postern.simulator.dcc.SimulatorSettings;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatorPki;

/**
 * The main line in one process: real vault, ledger, TLS and simulator; only the queues are an executor, where nothing
 * else is said.
 */
public final class FullLifeCycle implements AutoCloseable {

    /** Wrappers of a measurement around the components; by default the components themselves. */
    public interface Around {

        /** What posts to the DCC. */
        default DccGateway gateway(DccGateway given) {
            return given;
        }

        /** What takes the DCC's documents. */
        default CallbackHandler callbacks(CallbackHandler given) {
            return given;
        }

        /** The queues between the steps; empty for an executor. */
        default Optional<WorkQueue> queues(LocalWorkQueue.Worker worker) {
            return Optional.empty();
        }

        /** How long a device takes to answer. */
        default Duration answers() {
            return Duration.ofMillis(10);
        }
    }

    static final Duration GIVE_UP_AFTER = Duration.ofHours(48);
    private static final EcProvider EC = EcProvider.fastest();
    private static final Clock CLOCK = Clock.systemUTC();

    /** The appliance's clock, which a test may put forward; the DCC's keeps going as it does. */
    final ShiftedClock clock = new ShiftedClock();

    final Path folder;
    final SimulatorPki pki;
    final Simulator simulator;
    final RoleRegistry roles;
    private final List<RoleBundle> installed = new ArrayList<>();
    final CountingMetrics metrics = new CountingMetrics();
    final List<String> deliveredIds = new CopyOnWriteArrayList<>();
    final List<String> preCommandSignatures = new CopyOnWriteArrayList<>();
    private final OpenReceiver callbacks;
    OpenLedger ledger;
    OpenSecurityLog securityLog;
    LifeCycle line;
    private OpenGateway connections;
    private DccGateway gateway;
    private ProofMint mint;
    private ExecutorService workers;
    private final Around around;
    private Optional<WorkQueue> queues = Optional.empty();
    private volatile LifeCycle current;
    volatile boolean paused;

    /** The keys and meters that the lines of one test class share. */
    public static SimulatorPki pki(Path folder) {
        return SimulatorPki.create(folder, new Population(3, 4), CLOCK);
    }

    FullLifeCycle(Path folder, SimulatorPki pki) throws Exception {
        this(folder, pki, new Around() {});
    }

    /**
     * Starts it.
     *
     * @param folder for the ledger and the security log
     * @param around what is put around its parts
     */
    public FullLifeCycle(Path folder, SimulatorPki pki, Around around) throws Exception {
        this.around = around;
        this.folder = folder;
        this.pki = pki;
        CallbackHandler handler = around.callbacks((document, peer) -> {
            LifeCycle now = current;
            return now == null
                    ? CallbackHandler.Receipt.BUSY
                    : now.receive(document, peer)
                            .fold(
                                    s -> CallbackHandler.Receipt.TAKEN,
                                    d -> CallbackHandler.Receipt.TAKEN,
                                    q -> CallbackHandler.Receipt.TAKEN,
                                    r -> CallbackHandler.Receipt.BAD,
                                    b -> CallbackHandler.Receipt.BUSY);
        });
        callbacks = Gateways.receive(0, tls("server"), handler);
        simulator = new Simulator(
                SimulatorSettings.of(
                                pki.folder(), URI.create("https://localhost:" + callbacks.port() + "/smartdcc/duis"))
                        .withPorts(0, -1)
                        .withEventFile(folder.resolve("witness.jsonl"))
                        .withPace(around.answers(), Duration.ofMillis(100), Duration.ofMillis(500)),
                EC,
                CLOCK);
        ServiceCatalogue catalogue = new ServiceCatalogue();
        roles = new RoleRegistry(catalogue, System::nanoTime, java.time.Duration.ZERO);
        for (UserRole role : List.of(UserRole.IS, UserRole.GS)) {
            String prefix = role.name().toLowerCase(java.util.Locale.ROOT);
            Set<String> services = catalogue.rows().stream()
                    .filter(row -> row.roles().contains(role))
                    .map(row -> row.variant())
                    .collect(Collectors.toSet());
            installed.add(new Role(new UserRoleProfile(
                    role,
                    SimulatorPki.user(role),
                    services,
                    new KeyAliases(
                            prefix + "-xml",
                            Optional.of(prefix + "-sign"),
                            Optional.of(prefix + "-agree"),
                            Optional.of(prefix + "-prepay")),
                    "postern.alerts." + prefix)));
        }
        installed.forEach(roles::add);
        start(catalogue);
    }

    void removeRoles() {
        installed.forEach(roles::remove);
    }

    /** The present time plus the offset that the test has set. */
    static final class ShiftedClock extends Clock {

        private volatile Duration shift = Duration.ZERO;
        private volatile Duration jump = Duration.ZERO;

        void forward(Duration by) {
            shift = shift.plus(by);
        }

        /** The wall clock alone is set to another time. */
        void jump(Duration by) {
            jump = jump.plus(by);
        }

        /** The monotonic clock, as much later: a test lets time pass, it does not step the clock. */
        long nanos() {
            return System.nanoTime() + shift.toNanos();
        }

        @Override
        public java.time.ZoneId getZone() {
            return java.time.ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return Clock.offset(CLOCK, shift.plus(jump)).withZone(zone);
        }

        @Override
        public java.time.Instant instant() {
            return CLOCK.instant().plus(shift).plus(jump);
        }
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

    private void start(ServiceCatalogue catalogue) throws Exception {
        Path postern = pki.folder().resolve("postern");
        connections = Gateways.open(
                URI.create("https://localhost:" + simulator.servicesPort()),
                tls("client"),
                Duration.ofSeconds(10),
                CLOCK);
        gateway = around.gateway(connections);
        ProofAuthority authority = new ProofAuthority();
        List<String> keys = Files.readAllLines(postern.resolve("vault/keys.txt")).stream()
                .filter(l -> l.contains("="))
                .toList();
        KeyUseListener listener = new KeyUseListener() {
            @Override
            public void beforeRelease(KeyUse use) {
                if (use.toString().toLowerCase(java.util.Locale.ROOT).contains("precommand")) {
                    preCommandSignatures.add(use.toString());
                }
                securityLog.append(new SecurityEvent.KeyUsed(
                        use.eui().dashed(), use.operation().name(), use.alias(), use.object(), use.inputSha256()));
            }

            @Override
            public void refused(KeyUse use, KeyVaultException why) {}
        };
        KeyVault vault = SoftwareVaults.open(
                postern.resolve("vault/keys.p12"),
                postern.resolve("vault/keys.password"),
                keys,
                authority,
                listener,
                EC);
        roles.vault(vault);
        mint = authority.claim();
        Correlator correlator = Correlator.withProof(Correlator.DEFAULT_TOLERANCE, mint);
        ledger = LedgerFiles.open(folder.resolve("ledger.db"), clock);
        securityLog = SecurityLogFiles.open(folder.resolve("security-log"), 1_000_000, Duration.ofSeconds(10), CLOCK);
        workers = Executors.newFixedThreadPool(8);
        line = new LifeCycle(
                new LifeCycle.Collaborators(
                        ledger,
                        vault,
                        InventoryFiles.certificates(
                                pki.certificates(), postern.resolve("signers"), Duration.ofMinutes(1), 1000, CLOCK),
                        InventoryFiles.devices(
                                postern.resolve("inventory.csv"), Optional.empty(), Duration.ofMinutes(1), CLOCK),
                        roles,
                        catalogue,
                        ResponseCodes.standard(),
                        gateway,
                        securityLog,
                        correlator,
                        EC,
                        metrics,
                        new TrustedClock(clock, clock::nanos, metrics)),
                new LifeCycle.Settings(
                        SimulatorPki.ACCESS_CONTROL_BROKER,
                        Set.of(SimulatorPki.TRANSFORM),
                        Set.of(SimulatorPki.ACCESS_CONTROL_BROKER),
                        16_000_000,
                        SchemaValidator.none(),
                        new Backoff(Duration.ofMillis(200), Duration.ofSeconds(1)),
                        GIVE_UP_AFTER,
                        5,
                        Duration.ofMinutes(10),
                        1000));
        LifeCycle here = line;
        queues = around.queues((step, lane, id) -> work(here, step, id));
        line.offers().bind(queues.orElseGet(() -> executor(here, workers)));
        current = line;
        line.start();
    }

    private WorkQueue executor(LifeCycle here, ExecutorService mine) {
        return (step, lane, id) -> {
            if (paused) {
                throw new IllegalStateException("the broker is away");
            }
            try {
                mine.execute(() -> work(here, step, id));
            } catch (RejectedExecutionException e) {
                throw new IllegalStateException("closing", e);
            }
        };
    }

    /** The service for supplier-facing interfaces, routes and Receive Response. */
    public LifeCycle line() {
        return line;
    }

    /** The ledger of the line. */
    public OpenLedger ledger() {
        return ledger;
    }

    /** The DCC. */
    public Simulator simulator() {
        return simulator;
    }

    private void work(LifeCycle here, WorkStep step, String id) {
        switch (step) {
            case DISPATCH -> here.step(id);
            case PROCESS -> here.process(id);
            default ->
                here.take(id).ifPresent(entry -> {
                    deliveredIds.add(id);
                    here.delivered(id);
                });
        }
    }

    /** Stops without waiting for work in progress, and starts again with the same ledger. */
    void restart() throws Exception {
        stop();
        start(new ServiceCatalogue());
    }

    private void stop() throws Exception {
        current = null;
        line.close();
        if (queues.orElse(null) instanceof AutoCloseable threads) {
            threads.close();
        }
        workers.shutdownNow();
        workers.awaitTermination(20, java.util.concurrent.TimeUnit.SECONDS);
        ledger.close();
        securityLog.close();
        connections.close();
        mint.close();
    }

    @Override
    public void close() throws IOException {
        try {
            stop();
            simulator.close();
            callbacks.close();
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    RequestRecord await(String id, RequestState... wanted) throws InterruptedException {
        List<RequestState> states = List.of(wanted);
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        RequestRecord record = ledger.find(id).orElseThrow();
        while (!states.contains(record.state()) && System.nanoTime() < end) {
            Thread.onSpinWait();
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
            record = ledger.find(id).orElseThrow();
        }
        return record;
    }

    /** Waits until no worker is at anything. */
    void awaitIdle() {
        ThreadPoolExecutor pool = (ThreadPoolExecutor) workers;
        while (pool.getActiveCount() > 0 || !pool.getQueue().isEmpty()) {
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
    }

    List<OutboxEntry> deliveries(String id) {
        return new ArrayList<>(ledger.deliveriesOf(id));
    }

    /** One side's TLS key and trust, as the simulator made them. */
    private TlsFiles tls(String side) {
        Path tls = pki.folder().resolve("postern/tls");
        return new TlsFiles(
                tls.resolve(side + ".p12"),
                tls.resolve("password"),
                tls.resolve("trust.p12"),
                tls.resolve("password"),
                List.of("TLSv1.3", "TLSv1.2"),
                List.of());
    }
}
