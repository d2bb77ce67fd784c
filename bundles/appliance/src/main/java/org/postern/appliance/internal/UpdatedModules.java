package org.postern.appliance.internal;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleRevisions;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.postern.appliance.PeriodicTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refreshes bundles after an update. After {@code bundle:update} the other modules stay wired to the replaced code,
 * whose services are gone: the appliance would be down, without any message, until somebody types
 * {@code bundle:refresh}.
 */
@Component(service = UpdatedModules.class, immediate = true)
public final class UpdatedModules {

    private static final Logger LOG = LoggerFactory.getLogger(UpdatedModules.class);
    private static final String OURS = "org.postern.";
    private static final long POLL_MILLIS = 1000;

    private final BundleContext framework;
    private final ScheduledExecutorService poller;
    private Set<String> before = Set.of();
    /** The modules refreshed the last time: a refresh that did not help is not repeated. */
    private Set<String> refreshed = Set.of();

    private volatile boolean refreshing;

    @Activate
    public UpdatedModules(BundleContext bundle) {
        this.framework = bundle.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getBundleContext();
        this.poller = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "postern-updated-modules");
            thread.setDaemon(true);
            return thread;
        });
        PeriodicTask.start(
                poller, "the check for updated modules", this::poll, POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
        PeriodicTask.start(
                poller,
                "the release of replaced code",
                new FormerCode(framework)::release,
                POLL_MILLIS,
                POLL_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    /** Postern's modules that were updated and whose replaced code is still in use. Takes no lock of the framework. */
    static List<Bundle> pending(BundleContext framework) {
        return Stream.of(framework.getBundles())
                .filter(bundle -> String.valueOf(bundle.getSymbolicName()).startsWith(OURS))
                .filter(bundle -> bundle.getState() != Bundle.UNINSTALLED)
                .filter(bundle ->
                        bundle.adapt(BundleRevisions.class).getRevisions().size() > 1)
                .toList();
    }

    /** Refreshes once two polls find the same updated modules: the operator has then finished updating. */
    synchronized void poll() {
        // the framework refreshes asynchronously
        if (refreshing) {
            return;
        }
        try {
            List<Bundle> pending = pending(framework);
            Set<String> now = pending.stream()
                    .map(bundle -> bundle.getSymbolicName() + " " + bundle.getLastModified())
                    .collect(Collectors.toSet());
            if (!now.isEmpty() && now.equals(before) && !now.equals(refreshed)) {
                LOG.warn(
                        "Updated: {}; bundles that still use the replaced code are restarted, as by bundle:refresh",
                        pending.stream().map(Bundle::getSymbolicName).toList());
                refreshing = true;
                refreshed = now;
                framework.getBundle().adapt(FrameworkWiring.class).refreshBundles(pending, event -> refreshing = false);
                now = Set.of();
            }
            before = now;
        } catch (RuntimeException | Error e) {
            refreshing = false;
            LOG.warn("modules that were updated cannot be refreshed", e);
        }
    }

    @Deactivate
    void stop() {
        poller.shutdownNow();
    }
}
