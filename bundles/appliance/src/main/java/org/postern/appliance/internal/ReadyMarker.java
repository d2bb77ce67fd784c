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
 * Watches for the services that make up a working appliance and asks those parts that report on themselves
 * ({@link PartHealth}); keeps one positive marker: a log line and a file.
 *
 * <p>A living process proves nothing (a failed boot leaves Karaf running), so tests, systemd and containers look for
 * this file. It is removed when a part goes away and written again when it is back. The file {@code alive} beside it
 * has the time of the last look, ready or not: where it grows old the process is stuck.
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
    /** Karaf's word that the features of the start are all installed. */
    private static final String STARTED = "org.apache.karaf.features.BootFinished";
    /** What a fresh installation lacks, by the name of its part. */
    private static final Map<String, String> MISSING = Map.of(
            "key vault",
            ": where none is configured, copy"
                    + " etc/org.postern.hsm.pkcs11.cfg.example or etc/org.postern.hsm.software.cfg.example to a name without .example");

    private static final long ALIVE_SECONDS = 15;
    private static final long NAG_SECONDS = 15;
    private static final long SETTLE_MILLIS = 50;
    private static final long LOOK_MILLIS = 1000;
    private static final String NOT_READY = "POSTERN NOT READY: missing {}";

    private final BundleContext bundle;
    private final Path file;
    private final Path alive;
    private final Map<String, ServiceTracker<Object, Object>> trackers = new LinkedHashMap<>();
    private final PartChecks checks = new PartChecks(System::nanoTime);
    private final ScheduledExecutorService nag;
    private final ScheduledExecutorService looks;
    /** What the marker says. */
    private boolean ready;

    private volatile boolean wasReady;
    /** When a look first found the start settled, by the monotonic clock; 0 before. */
    private volatile long settledAt;

    private boolean unwritable;
    private Map<String, String> told = Map.of();

    @Activate
    public ReadyMarker(BundleContext bundle, Config config) throws InvalidSyntaxException, IOException {
        this.bundle = bundle;
        this.file = Path.of(config.readyFile());
        this.alive = file.resolveSibling("alive");
        Files.deleteIfExists(file);
        for (Map.Entry<String, String> part : PartsCheck.parts(config.parts()).entrySet()) {
            trackers.put(part.getKey(), new Presence(bundle, part.getValue()));
        }
        trackers.values().forEach(tracker -> tracker.open(true));
        nag = daemon("postern-readiness");
        looks = daemon("postern-part-checks");
        PeriodicTask.start(
                nag, "the list of missing parts", this::sayWhatIsMissing, NAG_SECONDS, NAG_SECONDS, TimeUnit.SECONDS);
        PeriodicTask.start(
                nag, "the update of the ready marker", this::update, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        PeriodicTask.start(nag, "the sign of life", this::showLife, 0, ALIVE_SECONDS, TimeUnit.SECONDS);
        PeriodicTask.start(looks, "the check of the parts", checks::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        update();
    }

    private static ScheduledExecutorService daemon(String name) {
        return Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** A part that reports on itself came. */
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
                troubles.put(name, "its service is not there" + MISSING.getOrDefault(name, ""));
            }
        });
        String down = troubles.isEmpty() ? "" : modulesDown();
        if (!down.isEmpty()) {
            troubles.put("modules", down);
        }
        // what a part says of itself tells more than that its service is missing
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
     * The modules of ours that do not run, or that run with code which was replaced, and what to type; none while they
     * come or go.
     */
    private String modulesDown() {
        if (!settled()) {
            return "";
        }
        List<String> down = new ArrayList<>();
        for (Bundle module : bundle.getBundles()) {
            String name = String.valueOf(module.getSymbolicName());
            if (ours(module) && (module.getState() & (Bundle.ACTIVE | Bundle.STARTING)) == 0) {
                down.add(name + " does not run (bundle:start " + name + " starts it, or names what it lacks)");
            }
        }
        for (Bundle module : UpdatedModules.pending(bundle)) {
            String name = module.getSymbolicName();
            down.add(name + " was updated (bundle:refresh " + name + " restarts what uses it)");
        }
        return String.join("; ", down);
    }

    /** True once every module that is to run has been told to start, and until the process ends. */
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

    /** Never throws: its thread would look no more. */
    synchronized void update() {
        Map<String, String> troubles = troubles();
        boolean now = !trackers.isEmpty() && troubles.isEmpty();
        if (now == ready) {
            tellOfOthers(troubles);
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
            // tried again at the next look: a full disk does not stay full
            if (!unwritable) {
                LOG.error("the ready file {} cannot be kept: {}", file, e.toString());
            }
            unwritable = true;
            return;
        }
        unwritable = false;
        ready = now;
        wasReady |= now;
        told = troubles;
        if (now) {
            long boot = System.currentTimeMillis()
                    - ManagementFactory.getRuntimeMXBean().getStartTime();
            LOG.info("POSTERN READY after {} ms: {}", boot, String.join(", ", trackers.keySet()));
        } else {
            tell(troubles);
        }
    }

    /** During the start, and a moment after its last module, parts are missing as a matter of course. */
    private void tell(Map<String, String> troubles) {
        if (amiss()) {
            LOG.warn(NOT_READY, troubles);
        } else {
            LOG.info(NOT_READY, troubles);
        }
    }

    /**
     * True where a missing part is no matter of course: it was there before, or the settled start is some seconds old.
     */
    boolean amiss() {
        if (!settled()) {
            return false;
        }
        if (settledAt == 0) {
            settledAt = System.nanoTime();
        }
        return wasReady || System.nanoTime() - settledAt >= TimeUnit.SECONDS.toNanos(NAG_SECONDS);
    }

    /** On the thread of the looks, after one of them: neither it nor what they wait for hangs. */
    private void showLife() {
        try {
            update();
            Files.createDirectories(alive.toAbsolutePath().getParent());
            // no content: that needs no room on a full disk
            if (Files.notExists(alive)) {
                Files.createFile(alive);
            }
            Files.setLastModifiedTime(alive, FileTime.from(Instant.now()));
        } catch (IOException | RuntimeException e) {
            LOG.debug("the file {} cannot be kept: {}", alive, e.toString());
        }
    }

    private void sayWhatIsMissing() {
        update();
        Map<String, String> troubles = troubles();
        if (!troubles.isEmpty()) {
            tell(troubles);
        }
    }

    /** Another part fell or rose while the appliance was unready anyway: said once. */
    private void tellOfOthers(Map<String, String> troubles) {
        if (!ready && !troubles.keySet().equals(told.keySet())) {
            told = troubles;
            tell(troubles);
        }
    }

    @Deactivate
    void stop() throws IOException {
        nag.shutdownNow();
        looks.shutdownNow();
        Files.deleteIfExists(file);
        Files.deleteIfExists(alive);
        trackers.values().forEach(ServiceTracker::close);
    }

    /** Counts services without taking them: readiness must not start a lazy component, nor keep one alive. */
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

        /** The tracker's own count changes only after this call returns. */
        private void recheckSoon() {
            if (nag != null && !nag.isShutdown()) {
                ScheduledFuture<?> unused =
                        nag.schedule(ReadyMarker.this::update, SETTLE_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
    }
}
