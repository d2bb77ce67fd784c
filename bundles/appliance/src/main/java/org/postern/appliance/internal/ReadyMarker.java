package org.postern.appliance.internal;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.util.tracker.ServiceTracker;
import org.postern.appliance.PeriodicTask;
import org.postern.appliance.Readiness;
import org.postern.catalogue.PartHealth;
import org.postern.catalogue.settings.Form;
import org.postern.catalogue.settings.SettingForm;
import org.postern.catalogue.settings.SettingsTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether the appliance is ready: it tracks the services of its parts and polls those that report their health
 * ({@link PartHealth}). While all are up there is a marker file, and each change is logged.
 *
 * <p>That the process runs proves nothing (after a failed start Karaf still runs), so tests, systemd and containers
 * check for this file. It is deleted when a part goes down and written again when it is up. The file {@code alive}
 * beside it has the time of the last poll, ready or not: where that is old the process hangs.
 */
@Component(
        service = Readiness.class,
        immediate = true,
        configurationPid = SettingsTable.IN_FORCE + "org.postern.appliance")
@Designate(ocd = ReadyMarker.Config.class)
public final class ReadyMarker implements Readiness {

    /** Which parts make the appliance ready. */
    @ObjectClassDefinition(name = "Postern appliance", description = "When the appliance as a whole counts as ready")
    public @interface Config {

        @AttributeDefinition(name = "Ready file", description = "Exists exactly while every part is up")
        @Form(form = SettingForm.PATH)
        String readyFile() default "data/ready";

        @AttributeDefinition(name = "Parts", description = "Separated by semicolons: name=filter of its OSGi service")
        String parts() default "";
    }

    private static final Logger LOG = LoggerFactory.getLogger(ReadyMarker.class);
    /** The service by which Karaf reports that all boot features are installed. */
    private static final String STARTED = "org.apache.karaf.features.BootFinished";
    /** A hint for parts that a new installation has not configured yet, by the name of the part. */
    private static final Map<String, String> MISSING = Map.of(
            "key vault",
            ": where none is configured, copy"
                    + " etc/org.postern.hsm.pkcs11.cfg.example or etc/org.postern.hsm.software.cfg.example to a name without .example");

    private static final long ALIVE_SECONDS = 15;
    private static final long REMIND_SECONDS = 15;
    private static final long SETTLE_MILLIS = 50;
    private static final long POLL_MILLIS = 1000;
    private static final String NOT_READY = "POSTERN NOT READY: missing {}";

    private final BundleContext bundle;
    private final Path file;
    private final Path alive;
    private final Map<String, ServiceTracker<Object, Object>> trackers = new LinkedHashMap<>();
    private final PartChecks checks = new PartChecks(System::nanoTime);
    private final ScheduledExecutorService updates;
    private final ScheduledExecutorService poller;
    /** The state that the marker shows. */
    private boolean ready;

    private volatile boolean wasReady;
    /** When the start was first found complete, by the monotonic clock; 0 before. */
    private volatile long settledAt;

    private boolean unwritable;
    private Map<String, String> logged = Map.of();

    @Activate
    public ReadyMarker(BundleContext bundle, Config config) throws InvalidSyntaxException, IOException {
        this.bundle = bundle;
        this.file = Path.of(config.readyFile());
        this.alive = file.resolveSibling("alive");
        Files.deleteIfExists(file);
        for (Map.Entry<String, String> part :
                PartsSettingCheck.parts(config.parts()).entrySet()) {
            trackers.put(part.getKey(), new Presence(bundle, part.getValue()));
        }
        trackers.values().forEach(tracker -> tracker.open(true));
        updates = daemon("postern-readiness");
        poller = daemon("postern-part-checks");
        PeriodicTask.start(
                updates,
                "the list of missing parts",
                this::logMissing,
                REMIND_SECONDS,
                REMIND_SECONDS,
                TimeUnit.SECONDS);
        PeriodicTask.start(
                updates,
                "the update of the ready marker",
                this::update,
                POLL_MILLIS,
                POLL_MILLIS,
                TimeUnit.MILLISECONDS);
        PeriodicTask.start(updates, "the sign of life", this::showLife, 0, ALIVE_SECONDS, TimeUnit.SECONDS);
        PeriodicTask.start(poller, "the check of the parts", checks::poll, 0, POLL_MILLIS, TimeUnit.MILLISECONDS);
        update();
    }

    private static ScheduledExecutorService daemon(String name) {
        return Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Adds a part that reports its health. */
    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addPart(PartHealth part) {
        checks.add(part);
    }

    void removePart(PartHealth part) {
        checks.remove(part);
    }

    @Override
    public boolean ready() {
        return !trackers.isEmpty() && troubles().isEmpty();
    }

    @Override
    public Map<String, Boolean> parts() {
        Map<String, Boolean> parts = new LinkedHashMap<>();
        trackers.forEach((name, tracker) -> parts.put(name, tracker.size() > 0));
        if (parts.containsValue(false) && !modulesDown().isEmpty()) {
            parts.put("modules", false);
        }
        checks.troubles().forEach((name, trouble) -> parts.merge(name, trouble.isEmpty(), Boolean::logicalAnd));
        return parts;
    }

    @Override
    public Map<String, String> troubles() {
        Map<String, String> troubles = new LinkedHashMap<>();
        trackers.forEach((name, tracker) -> {
            if (tracker.size() == 0) {
                troubles.put(name, "its service is missing" + MISSING.getOrDefault(name, ""));
            }
        });
        String down = troubles.isEmpty() ? "" : modulesDown();
        if (!down.isEmpty()) {
            troubles.put("modules", down);
        }
        // what a part reports is more specific than that its service is missing
        checks.troubles().forEach((name, trouble) -> trouble.ifPresent(reason -> troubles.put(name, reason)));
        return troubles;
    }

    @Override
    public Map<String, List<String>> remarks() {
        return checks.remarks();
    }

    @Override
    public Map<String, Long> figures() {
        Map<String, Long> figures = checks.figures();
        parts().forEach((name, up) -> figures.put("postern_part_up{part=\"" + name + "\"}", up ? 1L : 0L));
        return figures;
    }

    /**
     * Postern's modules that do not run, or that run with replaced code, and the command that helps; empty during the
     * start and the stop.
     */
    private String modulesDown() {
        if (!settled()) {
            return "";
        }
        List<String> down = new ArrayList<>();
        for (Bundle module : bundle.getBundles()) {
            String name = String.valueOf(module.getSymbolicName());
            if (ours(module) && (module.getState() & (Bundle.ACTIVE | Bundle.STARTING)) == 0) {
                down.add(name + " does not run (bundle:start " + name + " starts it, or reports what it lacks)");
            }
        }
        for (Bundle module : UpdatedModules.pending(bundle)) {
            String name = module.getSymbolicName();
            down.add(name + " was updated (bundle:refresh " + name + " restarts what uses it)");
        }
        return String.join("; ", down);
    }

    /** True from when every module has reached its start level, until the process ends. */
    private boolean settled() {
        Bundle framework = bundle.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
        FrameworkStartLevel level = framework.adapt(FrameworkStartLevel.class);
        return framework.getState() == Bundle.ACTIVE
                && bundle.getServiceReference(STARTED) != null
                && Stream.of(bundle.getBundles())
                        .filter(ReadyMarker::ours)
                        .allMatch(module ->
                                module.adapt(BundleStartLevel.class).getStartLevel() <= level.getStartLevel());
    }

    private static boolean ours(Bundle module) {
        return String.valueOf(module.getSymbolicName()).startsWith("org.postern.");
    }

    /** Never throws: an exception would cancel the periodic call. */
    synchronized void update() {
        Map<String, String> troubles = troubles();
        boolean now = !trackers.isEmpty() && troubles.isEmpty();
        if (now == ready) {
            logOtherParts(troubles);
            return;
        }
        try {
            if (now) {
                Files.createDirectories(file.toAbsolutePath().getParent());
                Files.writeString(file, "pid=" + ProcessHandle.current().pid() + "\nsince=" + Instant.now() + "\n");
            } else {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // tried again at the next poll: the disk may be full only for a time
            if (!unwritable) {
                LOG.error("the ready file {} cannot be written or deleted: {}", file, e.toString());
            }
            unwritable = true;
            return;
        }
        unwritable = false;
        ready = now;
        wasReady |= now;
        logged = troubles;
        if (now) {
            long boot = System.currentTimeMillis()
                    - ManagementFactory.getRuntimeMXBean().getStartTime();
            LOG.info("POSTERN READY after {} ms: {}", boot, String.join(", ", trackers.keySet()));
        } else {
            log(troubles);
        }
    }

    /** During the start, and for some seconds after it, missing parts are normal: logged as INFO, later as WARN. */
    private void log(Map<String, String> troubles) {
        if (unexpected()) {
            LOG.warn(NOT_READY, troubles);
        } else {
            LOG.info(NOT_READY, troubles);
        }
    }

    /**
     * True where a missing part is not normal: the appliance was ready before, or its start was complete some seconds
     * ago.
     */
    boolean unexpected() {
        if (!settled()) {
            return false;
        }
        if (settledAt == 0) {
            settledAt = System.nanoTime();
        }
        return wasReady || System.nanoTime() - settledAt >= TimeUnit.SECONDS.toNanos(REMIND_SECONDS);
    }

    /** Runs on the same thread as the updates and does one first, so that the file grows old when the updates hang. */
    private void showLife() {
        try {
            update();
            Files.createDirectories(alive.toAbsolutePath().getParent());
            // without content, which needs no space on a full disk
            if (Files.notExists(alive)) {
                Files.createFile(alive);
            }
            Files.setLastModifiedTime(alive, FileTime.from(Instant.now()));
        } catch (IOException | RuntimeException e) {
            LOG.debug("the file {} cannot be updated: {}", alive, e.toString());
        }
    }

    private void logMissing() {
        update();
        Map<String, String> troubles = troubles();
        if (!troubles.isEmpty()) {
            log(troubles);
        }
    }

    /** Logs once that other parts are down than before, while the appliance stays unready. */
    private void logOtherParts(Map<String, String> troubles) {
        if (!ready && !troubles.keySet().equals(logged.keySet())) {
            logged = troubles;
            log(troubles);
        }
    }

    @Deactivate
    void stop() throws IOException {
        updates.shutdownNow();
        poller.shutdownNow();
        Files.deleteIfExists(file);
        Files.deleteIfExists(alive);
        trackers.values().forEach(ServiceTracker::close);
    }

    /** Counts services without getting them: the check must neither start a lazy component nor keep one alive. */
    private final class Presence extends ServiceTracker<Object, Object> {

        Presence(BundleContext bundle, String filter) throws InvalidSyntaxException {
            super(bundle, FrameworkUtil.createFilter(filter), null);
        }

        @Override
        public Object addingService(ServiceReference<Object> reference) {
            recheckSoon();
            return reference;
        }

        @Override
        public void removedService(ServiceReference<Object> reference, Object service) {
            recheckSoon();
        }

        /** Rechecks after a delay, since the tracker's count changes only after this call has returned. */
        private void recheckSoon() {
            if (updates != null && !updates.isShutdown()) {
                ScheduledFuture<?> unused =
                        updates.schedule(ReadyMarker.this::update, SETTLE_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
    }
}
