package org.postern.intake.internal;

import jakarta.jms.ConnectionFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.apache.camel.RoutesBuilder;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.postern.appliance.AllowedFiles;
import org.postern.appliance.PeriodicTask;
import org.postern.appliance.Readiness;
import org.postern.appliance.SecretFile;
import org.postern.camelruntime.Metrics;
import org.postern.camelruntime.RunningRoutes;
import org.postern.catalogue.Channel;
import org.postern.catalogue.PartHealth;
import org.postern.catalogue.settings.SettingForm;
import org.postern.catalogue.settings.SettingsTable;
import org.postern.ledger.Ledger;
import org.postern.servicerequests.ServiceRequests;
import org.postern.servicerequests.TopUps;
import org.postern.unavailable.HttpPort;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the interfaces through which supplier systems submit requests: JMS, HTTP and files. */
@Component(
        service = {},
        immediate = true,
        configurationPid = SettingsTable.IN_FORCE + "org.postern.intake",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = IntakeConfig.class)
public final class IntakeRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(IntakeRoutes.class);
    private static final long MIB = 1 << 20;
    private static final long CHECK_SECONDS = 2;

    private final AtomicReference<ServiceRequests> requests = new AtomicReference<>();
    private final AtomicReference<TopUps> topUps = new AtomicReference<>();
    private final HttpPort httpPort;
    private final Opening opening;
    private final String address;
    private final ScheduledExecutorService tries = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "postern-intake-open");
        thread.setDaemon(true);
        return thread;
    });
    private RunningRoutes running;
    private HttpInterface http;
    private FileInterface files;
    private Runnable endWatch = () -> {};
    private boolean stopped;
    private int failures;

    /** Creates the routes and starts them. */
    private interface Opening {

        void open() throws Exception;
    }

    @Activate
    public IntakeRoutes(
            BundleContext bundle,
            @Reference(target = "(name=postern)") ConnectionFactory connections,
            @Reference Metrics metrics,
            @Reference Ledger ledger,
            @Reference Readiness readiness,
            @Reference org.postern.servicerequests.Metrics lifeCycle,
            @Reference HttpPort httpPort,
            IntakeConfig config) {
        this.httpPort = httpPort;
        address = config.httpPort() > 0 ? config.httpHost() + ":" + config.httpPort() : "no port";
        opening = () -> open(bundle, connections, metrics, ledger, readiness, lifeCycle, config);
        tryToOpen();
    }

    /**
     * Opens the interfaces and retries after any failure: another process may have the port for a while, or key files
     * may not exist yet.
     */
    private synchronized void tryToOpen() {
        if (stopped) {
            return;
        }
        try {
            opening.open();
        } catch (Exception | LinkageError e) {
            closeHttp();
            giveBack();
            if (files != null) {
                files.close();
            }
            // logged at failures 1, 2, 4, 8 and so on
            if (Integer.bitCount(++failures) == 1) {
                LOG.error(
                        "{} the interfaces for suppliers (HTTP at {}) cannot be opened; this is retried every {} s",
                        IntakeFault.ROUTES_NOT_THERE.code(),
                        address,
                        CHECK_SECONDS,
                        e);
            }
            var unused = tries.schedule(this::tryToOpen, CHECK_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void open(
            BundleContext bundle,
            ConnectionFactory connections,
            Metrics metrics,
            Ledger ledger,
            Readiness readiness,
            org.postern.servicerequests.Metrics lifeCycle,
            IntakeConfig config)
            throws Exception {
        files = null;
        List<String> places = new ArrayList<>();
        List<RoutesBuilder> interfaces = new ArrayList<>();
        if (config.jmsConsumers() > 0) {
            interfaces.add(new JmsInterface(
                    new IntakeChannel(Channel.JMS, requests::get, topUps::get, metrics),
                    new RepeatedRequests(ledger),
                    config.jmsConsumers(),
                    config.jmsMaxBytes()));
        }
        HttpKeys keys = null;
        HttpInterface opening = null;
        if (config.httpPort() > 0) {
            boolean tls = !config.httpKeyStore().isBlank();
            if (!tls && !SettingForm.loopback(config.httpHost())) {
                throw new IOException(
                        "org.postern.intake: httpHost " + config.httpHost() + " is reachable from other machines"
                                + " and has no httpKeyStore; the token would be sent over the network unencrypted");
            }
            if (tls) {
                keys = new HttpKeys(Path.of(config.httpKeyStore()), Path.of(config.httpKeyStorePasswordFile()));
            }
            Path token = Path.of(config.httpTokenFile());
            IntakeChannel channel = new IntakeChannel(Channel.HTTP, requests::get, topUps::get, metrics);
            opening = new HttpInterface(
                    new HttpInterface.Settings(
                            config.httpHost(),
                            config.httpPort(),
                            keys == null ? null : tls(keys),
                            config.httpMaxBytes(),
                            Duration.ofSeconds(config.httpRequestTimeoutSeconds())),
                    channel,
                    SecretFile.readOrCreate(token),
                    new HttpApi(channel, ledger, readiness, () -> scrape(metrics, lifeCycle, readiness)),
                    metrics);
            places.add("HTTP interface at " + (tls ? "https" : "http") + "://" + config.httpHost() + ":"
                    + config.httpPort() + ", its token is in " + token.toAbsolutePath());
        }
        if (!config.folder().isBlank()) {
            Path folder = Files.createDirectories(Path.of(config.folder())).toAbsolutePath();
            Spool spool = new Spool(
                    folder,
                    AllowedFiles.ofThisProcess(List.of(folder), List.of()),
                    Duration.ofMillis(config.fileSettleMillis()),
                    Clock.systemUTC(),
                    System::nanoTime,
                    new SecureRandom()::nextLong,
                    () -> timeTrusted(requests.get()));
            files = new FileInterface(
                    new IntakeChannel(Channel.FILE, requests::get, topUps::get, metrics),
                    spool,
                    config.fileMaxLineBytes(),
                    config.fileMaxMiB() * MIB);
            interfaces.add(files);
            places.add("File interface at " + folder);
        }
        httpPort.take();
        if (opening != null) {
            http = opening.start();
        }
        running = RunningRoutes.start(bundle, "intake", connections, metrics, getClass(), interfaces);
        places.forEach(LOG::info);
        if (keys != null) {
            endWatch = watch(bundle, keys);
        }
    }

    private static boolean timeTrusted(ServiceRequests requests) {
        return requests != null && requests.clockDoubt().isEmpty();
    }

    private void closeHttp() {
        if (http != null) {
            http.close();
            http = null;
        }
    }

    private void giveBack() {
        httpPort.giveBack(Refusals.problem(
                        503,
                        IntakeFault.ROUTES_NOT_THERE,
                        "request",
                        IntakeFault.ROUTES_NOT_THERE.entry().remedy())
                .toString());
    }

    /**
     * Without this service the interfaces are open as well: senders are asked to retry, and requests that need no key
     * are answered.
     */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindRequests(ServiceRequests given) {
        requests.set(given);
    }

    void unbindRequests(ServiceRequests gone) {
        requests.compareAndSet(gone, null);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindTopUps(TopUps given) {
        topUps.set(given);
    }

    void unbindTopUps(TopUps gone) {
        topUps.compareAndSet(gone, null);
    }

    /** A TLS context that uses the current keys in each handshake. */
    private static SSLContext tls(HttpKeys keys) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {keys}, null, null);
        return context;
    }

    /**
     * Checks the key files periodically and publishes their health.
     *
     * @return closes both
     */
    private static Runnable watch(BundleContext bundle, HttpKeys keys) {
        ScheduledExecutorService checks = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "postern-http-keys");
            thread.setDaemon(true);
            return thread;
        });
        PeriodicTask.start(
                checks, "the check of the key files", keys::poll, CHECK_SECONDS, CHECK_SECONDS, TimeUnit.SECONDS);
        ServiceRegistration<PartHealth> health =
                bundle == null ? null : bundle.registerService(PartHealth.class, keys, null);
        return () -> {
            checks.shutdownNow();
            if (health != null) {
                health.unregister();
            }
        };
    }

    private static String scrape(Metrics metrics, org.postern.servicerequests.Metrics lifeCycle, Readiness readiness) {
        StringBuilder text = new StringBuilder(metrics.scrape());
        lifeCycle
                .snapshot()
                .forEach((name, value) ->
                        text.append(name).append(' ').append(value).append('\n'));
        readiness
                .figures()
                .forEach((name, value) ->
                        text.append(name).append(' ').append(value).append('\n'));
        return text.toString();
    }

    @Deactivate
    void stop() {
        tries.shutdownNow();
        close();
    }

    private synchronized void close() {
        stopped = true;
        endWatch.run();
        try {
            if (running != null) {
                running.close();
            }
        } finally {
            // even if stopping the routes failed, the port must be answered
            closeHttp();
            giveBack();
            if (files != null) {
                files.close();
            }
        }
    }
}
