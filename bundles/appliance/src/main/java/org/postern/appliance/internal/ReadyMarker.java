package org.postern.appliance.internal;

import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.util.tracker.ServiceTracker;
import org.postern.appliance.Readiness;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Watches for the services that make up a working appliance, and keeps one positive marker: a log line and a file.
 *
 * <p>A living process proves nothing (a failed boot leaves Karaf running), so tests, systemd and containers look for this
 * file. It is removed when a part goes away and written again when it is back.
 */
@Component(service = Readiness.class, immediate = true, configurationPid = "org.postern.appliance")
@Designate(ocd = ReadyMarker.Config.class)
public final class ReadyMarker implements Readiness {

    /** Which parts make the appliance ready. */
    @ObjectClassDefinition(name = "Postern appliance", description = "When the appliance as a whole counts as ready")
    public @interface Config {

        @AttributeDefinition(name = "Ready file", description = "Exists exactly while every part is up")
        String readyFile() default "data/ready";

        @AttributeDefinition(name = "Parts", description = "Separated by semicolons: name=filter of its OSGi service")
        String parts() default "";
    }

    private static final Logger LOG = LoggerFactory.getLogger(ReadyMarker.class);
    private static final long NAG_SECONDS = 15;
    private static final long SETTLE_MILLIS = 50;

    private final Path file;
    private final Map<String, ServiceTracker<Object, Object>> trackers = new LinkedHashMap<>();
    private final ScheduledExecutorService nag;
    private boolean ready;

    @Activate
    public ReadyMarker(BundleContext bundle, Config config) throws InvalidSyntaxException, IOException {
        this.file = Path.of(config.readyFile());
        Files.deleteIfExists(file);
        for (String part : config.parts().split(";")) {
            if (part.isBlank()) {
                continue;
            }
            int equals = part.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("org.postern.appliance: parts: expected name=filter, got " + part);
            }
            trackers.put(part.substring(0, equals).strip(), new Presence(bundle, part.substring(equals + 1).strip()));
        }
        trackers.values().forEach(tracker -> tracker.open(true));
        nag = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "postern-readiness");
            thread.setDaemon(true);
            return thread;
        });
        nag.scheduleWithFixedDelay(this::sayWhatIsMissing, NAG_SECONDS, NAG_SECONDS, TimeUnit.SECONDS);
        update();
    }

    @Override
    public synchronized boolean ready() {
        return ready;
    }

    @Override
    public Map<String, Boolean> parts() {
        Map<String, Boolean> parts = new LinkedHashMap<>();
        trackers.forEach((name, tracker) -> parts.put(name, tracker.size() > 0));
        return parts;
    }

    private synchronized void update() {
        boolean now = !trackers.isEmpty() && trackers.values().stream().allMatch(tracker -> tracker.size() > 0);
        if (now == ready) {
            return;
        }
        ready = now;
        try {
            if (now) {
                long boot = System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
                Files.createDirectories(file.toAbsolutePath().getParent());
                Files.writeString(file, "pid=" + ProcessHandle.current().pid() + "\nsince=" + Instant.now() + "\n");
                LOG.info("POSTERN READY after {} ms: {}", boot, String.join(", ", trackers.keySet()));
            } else {
                Files.deleteIfExists(file);
                LOG.warn("POSTERN NOT READY: missing {}", missing());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep the ready file " + file, e);
        }
    }

    private void sayWhatIsMissing() {
        update();
        if (!ready()) {
            LOG.warn("POSTERN NOT READY: missing {}", missing());
        }
    }

    private List<String> missing() {
        return parts().entrySet().stream().filter(part -> !part.getValue()).map(Map.Entry::getKey)
                .collect(Collectors.toList());
    }

    @Deactivate
    void stop() throws IOException {
        nag.shutdownNow();
        Files.deleteIfExists(file);
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
                nag.schedule(ReadyMarker.this::update, SETTLE_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
    }
}
